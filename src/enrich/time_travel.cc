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
  const std::size_t views = std::max(kFewestViews, kMostViewBytes / BytesOf(*timeline.latest()));
  // What is next is that of another point, or where series change by turns of none.
  return timeline.has_several_series() ? views / 2 : views - 1;
}

std::size_t TimeTravel::PointOf(const FlowRecord& record) const {
  const auto time = TimeOf(record);
  return time ? timeline_->PointAt(*time) : timeline_->last();
}

Result<InventoryView*> TimeTravel::Enter(const FlowRecord& record) {
  const auto time = TimeOf(record);
  has_time_ = time.has_value();
  time_ = time.value_or(timeline_->CapturedAt(timeline_->last()));
  const std::size_t point = timeline_->PointAt(time_);
  if (point != point_) {
    point_.reset();
    if (auto gone = GoTo(point); !gone) return std::unexpected(std::move(gone.error()));
    point_ = point;
  }
  ChooseSeries(record);
  return view_;
}

Result<void> TimeTravel::GoTo(std::size_t point) {
  auto here = StopAt(timeline_->At(point));
  if (!here) return std::unexpected(std::move(here.error()));
  here_ = *here;
  ahead_ = nullptr;
  const bool has_next = point != Timeline::kBeforeFirst && point != timeline_->last();
  if (has_next && (compares_ || timeline_->BeginsLater(point))) {
    auto next = StopAt(timeline_->After(point));
    if (!next) return std::unexpected(std::move(next.error()));
    // Captures that are alike share their state.
    if (*next != here_) ahead_ = *next;
  }
  Forget();
  return {};
}

// The captures that count are those of its interface's series.
void TimeTravel::ChooseSeries(const FlowRecord& record) {
  view_ = &here_->view;
  next_ = compares_ && ahead_ != nullptr ? &ahead_->view : nullptr;
  Timeline::Series series = timeline_->only_series();
  if (timeline_->has_several_series()) {
    if (const NetworkInterface* known = view_->FindInterface(record)) {
      series = here_->state->SeriesOf(*known);
    } else if (ahead_ != nullptr) {
      const NetworkInterface* later = ahead_->view.FindInterface(record);
      if (later != nullptr) series = ahead_->state->SeriesOf(*later);
      // Of a series that begins later its first capture is the next one.
      if (timeline_->AroundOf(series, time_).is_before_first) {
        view_ = &ahead_->view;
        next_ = nullptr;
      }
    }
  }
  around_ = timeline_->AroundOf(series, time_);
  if (next_ != nullptr && WasStillSo(series)) next_ = nullptr;
  if (around_.captured_at != as_of_moment_) {
    as_of_ = TextOf(around_.captured_at);
    as_of_moment_ = around_.captured_at;
  }
}

// Whether the capture that holds was seen unchanged after the record's time, as the next one tells.
bool TimeTravel::WasStillSo(Timeline::Series series) const {
  const auto before = ahead_->state->before.find(series);
  return before != ahead_->state->before.end() &&
         before->second.captured_at == around_.captured_at && time_ <= before->second.seen_at;
}

Result<TimeTravel::Stop*> TimeTravel::StopAt(Result<Timeline::StatePtr> state) {
  if (!state) return std::unexpected(std::move(state.error()));
  auto found =
      std::ranges::find_if(stops_, [&](const auto& stop) { return stop->state == *state; });
  if (found == stops_.end()) {
    stops_.push_back(std::make_unique<Stop>(std::move(*state), format_, fields_));
    found = stops_.end() - 1;
  }
  std::rotate(stops_.begin(), found, found + 1);
  return stops_.front().get();
}

void TimeTravel::Forget() {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < stops_.size(); ++i) {
    bytes += BytesOf(*stops_[i]->state->inventory);
    if (i >= kFewestViews && bytes > kMostViewBytes) {
      stops_.resize(i);
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
  } else if (around_.is_before_first) {
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

// Where its own series has none any more, what its answer hangs on is of another one.
std::string TimeTravel::NextAsOf() const {
  return TextOf(around_.next.value_or(timeline_->CapturedAt(*point_ + 1)));
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
                            NextAsOf());
      break;
    case Doubt::kOnlyNextHasIt:
      reason_ = fmt::format("{}; the next one, of {}, has it.", reason, NextAsOf());
      break;
    case Doubt::kNone:
      break;
  }
  return reason_;
}

}  // namespace sgflow
