#include "enrich/time_travel.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "verdict/packet.h"

namespace sgflow {
namespace {

constexpr std::size_t kFewestViews = 3;
constexpr std::size_t kMostViewBytes = std::size_t{128} << 20;

// Measured: an inventory of 710,000 elements is 330 MB; what judging makes of it is as much again.
// What a judge and its explainer remember of earlier questions comes to some megabytes.
std::size_t BytesOf(const Inventory& inventory) {
  constexpr std::size_t kBytesOfElement = 1000;
  constexpr std::size_t kBytesOfMemory = std::size_t{4} << 20;
  return kBytesOfMemory + kBytesOfElement * (inventory.interfaces().size() +
                                             inventory.groups().size() + inventory.rules().size() +
                                             inventory.acls().size() + inventory.subnets().size());
}

std::string TextOf(Timeline::Moment moment) {
  return fmt::format("{:%FT%TZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(moment)));
}

std::optional<Timeline::Moment> TimeOf(const FlowRecord& record) {
  auto seconds = record.GetNumber(Field::kEnd);
  if (!seconds) seconds = record.GetNumber(Field::kStart);
  if (!seconds) return std::nullopt;
  // Some tools make milliseconds of them.
  constexpr std::uint64_t kYear3000 = 32'503'680'000;
  if (*seconds > kYear3000) *seconds /= 1000;
  if (*seconds > kYear3000) return std::nullopt;
  return Timeline::Moment(std::chrono::seconds(static_cast<std::int64_t>(*seconds)));
}

// A rule without an id of its own is named by its place, which the next capture may have another
// one at.
bool SameRule(const Rule& one, const SecurityGroup& its_group, const Rule& other,
              const SecurityGroup& others_group) {
  constexpr std::string_view kOwnId = "sgr-";
  if (one.id.starts_with(kOwnId) && other.id.starts_with(kOwnId)) return one.id == other.id;
  return its_group.id == others_group.id && one.direction == other.direction &&
         one.protocol == other.protocol && one.from_port == other.from_port &&
         one.to_port == other.to_port && one.source == other.source;
}

bool SameRules(const Inventory& inventory, std::span<const RuleIndex> rules,
               const Inventory& other_inventory, std::span<const RuleIndex> others) {
  return std::ranges::is_permutation(rules, others, [&](RuleIndex one, RuleIndex other) {
    const Rule& rule = inventory.rules()[one];
    const Rule& other_rule = other_inventory.rules()[other];
    return SameRule(rule, inventory.groups()[rule.group], other_rule,
                    other_inventory.groups()[other_rule.group]);
  });
}

bool SameEntry(const Inventory& inventory, const Verdict& verdict, const Inventory& other_inventory,
               const Verdict& other) {
  if (verdict.acl.has_value() != other.acl.has_value()) return false;
  if (!verdict.acl) return true;
  return verdict.acl_rule == other.acl_rule &&
         inventory.acls()[*verdict.acl].id == other_inventory.acls()[*other.acl].id;
}

// What no inventory has a say in.
bool HangsOnInventory(const Verdict& verdict) {
  switch (verdict.obstacle) {
    case Obstacle::kNoData:
    case Obstacle::kSkippedData:
    case Obstacle::kTransitGateway:
    case Obstacle::kRegionalNatGateway:
      return false;
    default:
      return true;
  }
}

}  // namespace

TimeTravel::TimeTravel(std::shared_ptr<Timeline> timeline, OutputFormat format,
                       const FieldSelection& fields, bool compares)
    : timeline_(std::move(timeline)), format_(format), fields_(fields), compares_(compares) {}

TimeTravel::~TimeTravel() = default;

std::size_t TimeTravel::RoomFor(const Timeline& timeline) {
  // One of them is the next one of another.
  return std::max(kFewestViews, kMostViewBytes / BytesOf(*timeline.latest())) - 1;
}

std::size_t TimeTravel::PointOf(const FlowRecord& record) const {
  const auto time = TimeOf(record);
  return time ? timeline_->PointAt(*time) : timeline_->last();
}

Result<InventoryView*> TimeTravel::Enter(const FlowRecord& record) {
  const auto time = TimeOf(record);
  has_time_ = time.has_value();
  const std::size_t point = time ? timeline_->PointAt(*time) : timeline_->last();
  if (point != point_) {
    point_.reset();
    if (auto gone = GoTo(point); !gone) return std::unexpected(std::move(gone.error()));
    point_ = point;
  }
  return view_;
}

Result<void> TimeTravel::GoTo(std::size_t point) {
  auto view = ViewOf(point);
  if (!view) return std::unexpected(std::move(view.error()));
  view_ = *view;
  next_ = nullptr;
  if (compares_ && point != Timeline::kBeforeFirst && point != timeline_->last()) {
    auto next = ViewOf(point + 1);
    if (!next) return std::unexpected(std::move(next.error()));
    // Captures that are alike share their inventory.
    if (*next != view_) next_ = *next;
    next_as_of_ = TextOf(timeline_->CapturedAt(point + 1));
  }
  as_of_ = TextOf(timeline_->CapturedAt(point));
  Forget();
  return {};
}

Result<InventoryView*> TimeTravel::ViewOf(std::size_t point) {
  auto inventory = timeline_->At(point);
  if (!inventory) return std::unexpected(std::move(inventory.error()));
  auto found = std::ranges::find_if(
      views_, [&](const auto& view) { return &view->inventory() == inventory->get(); });
  if (found == views_.end()) {
    views_.push_back(std::make_unique<InventoryView>(std::move(*inventory), format_, fields_));
    found = views_.end() - 1;
  }
  std::rotate(views_.begin(), found, found + 1);
  return views_.front().get();
}

void TimeTravel::Forget() {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < views_.size(); ++i) {
    bytes += BytesOf(views_[i]->inventory());
    if (i >= kFewestViews && bytes > kMostViewBytes) {
      views_.resize(i);
      return;
    }
  }
}

Verdict TimeTravel::Decide(const FlowRecord& record, Conversations& conversations) {
  const Packet packet = ReadPacket(record, view_->judge().index());
  std::optional<bool> sender_remembered;
  if (packet.has_conversation()) {
    const std::uint32_t number = numbers_.FindOrAdd(packet.recorded->id, count_);
    if (number == count_) ++count_;
    sender_remembered = Converse(
        packet, conversations.PlaceOf(number, packet.sender(), packet.receiver()), conversations);
  }
  Verdict verdict = view_->judge().Decide(packet, sender_remembered);
  doubt_ = Doubt::kNone;
  if (!HangsOnInventory(verdict)) return verdict;
  if (!has_time_) {
    doubt_ = Doubt::kNoTime;
  } else if (point_ == Timeline::kBeforeFirst) {
    doubt_ = Doubt::kBeforeFirst;
  } else if (next_ != nullptr && NextDiffers(record, verdict, sender_remembered)) {
    const bool unknown = verdict.kind == VerdictKind::kUnknownInterface;
    doubt_ = unknown ? Doubt::kOnlyNextHasIt : Doubt::kNextDiffers;
  }
  if (doubt_ != Doubt::kNone && verdict.confidence) {
    verdict.confidence = Weakest(*verdict.confidence, Confidence::kPossible);
  }
  return verdict;
}

bool TimeTravel::NextDiffers(const FlowRecord& record, const Verdict& verdict,
                             std::optional<bool> sender_remembered) {
  const Packet packet = ReadPacket(record, next_->judge().index());
  const Verdict other = next_->judge().Decide(packet, sender_remembered);
  return verdict.kind != other.kind ||
         !SameRules(view_->inventory(), verdict.matched, next_->inventory(), other.matched) ||
         !SameEntry(view_->inventory(), verdict, next_->inventory(), other);
}

std::string_view TimeTravel::Reason(std::string_view reason) {
  if (doubt_ == Doubt::kNone) return reason;
  if (reason.ends_with('.')) reason.remove_suffix(1);
  switch (doubt_) {
    case Doubt::kNoTime:
      reason_ = fmt::format(
          "{}; the record does not say when it was, and the latest inventory is "
          "of {}.",
          reason, as_of_);
      break;
    case Doubt::kBeforeFirst:
      reason_ = fmt::format("{}; the record is from before the earliest inventory, of {}.", reason,
                            as_of_);
      break;
    case Doubt::kNextDiffers:
      reason_ = fmt::format("{}; by the next inventory, of {}, the answer is another one.", reason,
                            next_as_of_);
      break;
    case Doubt::kOnlyNextHasIt:
      reason_ = fmt::format("{}; the next one, of {}, has it.", reason, next_as_of_);
      break;
    case Doubt::kNone:
      break;
  }
  return reason_;
}

}  // namespace sgflow
