#include "enrich/enricher.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "verdict/packet.h"

namespace sgflow {
namespace {

std::optional<Direction> DirectionOf(const FlowRecord& record, const NetworkInterface* interface) {
  const std::string_view logged = record.Get(Field::kFlowDirection);
  if (logged == "ingress") return Direction::kIngress;
  if (logged == "egress") return Direction::kEgress;
  if (interface == nullptr) return std::nullopt;
  // Formats without the field: what the interface sends has its address as the source. Traffic
  // between two addresses of one interface stays untold.
  const auto source = record.GetAddress(Field::kSrcaddr);
  const auto destination = record.GetAddress(Field::kDstaddr);
  const bool sent = source && interface->Owns(*source);
  const bool received = destination && interface->Owns(*destination);
  if (sent == received) return std::nullopt;
  return sent ? Direction::kEgress : Direction::kIngress;
}

// Whether the local address is another's than the interface's.
bool HasStrangeAddress(const EnrichedRecord& enriched) {
  if (!enriched.direction) return false;
  const bool inbound = *enriched.direction == Direction::kIngress;
  std::string_view text = enriched.record.Get(inbound ? Field::kPktDstaddr : Field::kPktSrcaddr);
  if (text.empty()) text = enriched.record.Get(inbound ? Field::kDstaddr : Field::kSrcaddr);
  const auto address = IpAddress::Parse(text);
  return address && !enriched.interface->Owns(*address);
}

bool HasUnknownRules(const Verdict& verdict, const Inventory& inventory) {
  if (!verdict.groups_incomplete) return false;
  const std::vector<GroupIndex>& groups = verdict.local->groups;
  return std::ranges::any_of(
      groups, [&](GroupIndex group) { return !inventory.groups()[group].rules_known; });
}

constexpr std::size_t kMostReasons = 8;
constexpr std::string_view kOtherReasons = "other reasons";

bool HasNoTraffic(const FlowRecord& record) {
  const std::string_view status = record.Get(Field::kLogStatus);
  return status == "NODATA" || status == "SKIPDATA";
}

}  // namespace

EnrichCounters& EnrichCounters::operator+=(const EnrichCounters& other) {
  records += other.records;
  enriched += other.enriched;
  unknown_interface += other.unknown_interface;
  for (const auto& [reason, count] : other.unlearned) unlearned[reason] += count;
  nothing_to_enrich += other.nothing_to_enrich;
  for (std::size_t i = 0; i < verdicts.size(); ++i) verdicts[i] += other.verdicts[i];
  refused_with_unknown_acl += other.refused_with_unknown_acl;
  allowed_with_unknown_rules += other.allowed_with_unknown_rules;
  latest_end = std::max(latest_end, other.latest_end);
  return *this;
}

EnrichCounters EnrichCounters::Since(const EnrichCounters& earlier) const {
  EnrichCounters since = *this;
  since.records -= earlier.records;
  since.enriched -= earlier.enriched;
  since.unknown_interface -= earlier.unknown_interface;
  for (const auto& [reason, count] : earlier.unlearned) {
    if ((since.unlearned[reason] -= count) == 0) since.unlearned.erase(reason);
  }
  since.nothing_to_enrich -= earlier.nothing_to_enrich;
  for (std::size_t i = 0; i < verdicts.size(); ++i) since.verdicts[i] -= earlier.verdicts[i];
  since.refused_with_unknown_acl -= earlier.refused_with_unknown_acl;
  since.allowed_with_unknown_rules -= earlier.allowed_with_unknown_rules;
  return since;
}

Enricher::Enricher(const EnricherOptions& options) : format_(options.format) {
  writes_verdicts_ = options.format == OutputFormat::kJson && options.fields.needs_verdict();
  judges_ = writes_verdicts_ || options.count_verdicts;
  explains_ = writes_verdicts_ && options.fields.needs_words();
  if (options.fields.Includes(Column::kSgflowRecordId)) record_ids_.emplace();
}

Enricher::Enricher(std::shared_ptr<const Inventory> inventory, const EnricherOptions& options)
    : Enricher(options) {
  view_.emplace(std::move(inventory), options.format, options.fields);
  if (!options.note_lacking) return;
  lacking_.emplace(view_->judge().index());
  used_.resize(view_->inventory().interfaces().size());
}

Enricher::Enricher(std::shared_ptr<Timeline> timeline, const EnricherOptions& options)
    : Enricher(options) {
  travel_.emplace(std::move(timeline), options.format, options.fields, writes_verdicts_);
}

void Enricher::StartStretch() {
  conversations_.Clear();
  failure_.reset();
  if (travel_) travel_->StartStretch();
}

void Enricher::StartBatch(bool may_survey) {
  may_survey_ = may_survey && lacking_;
  surveys_ = may_survey_ && view_->inventory().interfaces().empty();
  seen_ = seen_lacking_ = 0;
}

void Enricher::Survey(const FlowRecord& record) {
  if (HasNoTraffic(record) || record.layout().of_transit_gateway()) return;
  const std::string_view id = record.Get(Field::kInterfaceId);
  if (!id.empty() && view_->inventory().FindLocal(id) == nullptr)
    lacking_->AddInterface(record, id);
}

void Enricher::Enrich(const FlowRecord& record, OutputBuffer& to,
                      std::optional<std::uint64_t> number) {
  if (surveys_) return Survey(record);
  if (travel_) return EnrichAtItsTime(record, to, number);
  if (!judges_) return Write(record, *view_, nullptr, to, number);
  const Verdict verdict = view_->judge().Decide(record, conversations_);
  Write(record, *view_, &verdict, to, number);
}

void Enricher::EnrichAtItsTime(const FlowRecord& record, OutputBuffer& to,
                               std::optional<std::uint64_t> number) {
  if (failure_) return;
  auto view = travel_->Enter(record);
  if (!view) {
    failure_ = std::move(view.error());
    return;
  }
  if (!judges_) return Write(record, **view, nullptr, to, number);
  const Verdict verdict = travel_->Decide(record, conversations_);
  Write(record, **view, &verdict, to, number);
}

void Enricher::Write(const FlowRecord& record, InventoryView& view, const Verdict* verdict,
                     OutputBuffer& to, std::optional<std::uint64_t> number) {
  EnrichedRecord enriched(record);
  if (format_ == OutputFormat::kClassic) {
    // The judge has looked it up by the same id, but for records of gateways and without traffic.
    const bool found =
        verdict != nullptr && verdict->recorded != nullptr && !record.layout().of_transit_gateway();
    enriched.interface = found ? verdict->recorded : view.FindInterface(record);
    enriched.direction = DirectionOf(record, enriched.interface);
  } else if (verdict != nullptr) {
    enriched.interface = verdict->local;
    enriched.direction = DirectionOf(record, verdict->recorded);
    enriched.verdict = verdict;
    if (explains_) {
      enriched.reason = view.explainer().Reason(*verdict);
      enriched.nearest = view.explainer().Nearest(*verdict);
    }
  } else {
    const Packet packet = ReadPacket(record, view.judge().index());
    enriched.interface = packet.local;
    enriched.direction = DirectionOf(record, packet.recorded);
  }
  if (travel_) {
    enriched.inventory_as_of = travel_->as_of();
    if (explains_) enriched.reason = travel_->Reason(enriched.reason);
  }
  Count(enriched, verdict);
  if (lacking_) {
    ++seen_;
    Note(enriched, verdict);
  }
  if (record_ids_) {
    enriched.record_id = number ? record_ids_->Of(record, *number) : record_ids_->Of(record);
  }
  view.encoder().Encode(enriched, to);
}

void Enricher::Note(const EnrichedRecord& enriched, const Verdict* verdict) {
  if (enriched.interface == nullptr) {
    const std::string_view id = enriched.record.Get(Field::kInterfaceId);
    const bool of_gateway = enriched.record.layout().of_transit_gateway();
    if (id.empty() || of_gateway) return;
    lacking_->AddInterface(enriched.record, id);
    // A few tell nothing yet.
    constexpr std::size_t kEnough = 32;
    surveys_ = may_survey_ && ++seen_lacking_ >= kEnough && 2 * seen_lacking_ > seen_;
    return;
  }
  used_[view_->judge().index().IndexOf(*enriched.interface)] = true;
  if (!HasNoTraffic(enriched.record)) CountReason(NoteLacking(enriched, verdict));
}

const Unlearned* Enricher::NoteLacking(const EnrichedRecord& enriched, const Verdict* verdict) {
  const Unlearned* unlearned = lacking_->AddRules(enriched.record, *enriched.interface);
  const auto add = [&](const Unlearned* other) {
    if (unlearned == nullptr) unlearned = other;
  };
  if (TellsBranches(format_) && enriched.interface->type == "trunk" &&
      HasStrangeAddress(enriched)) {
    add(lacking_->AddTrunk(enriched.record, enriched.interface->id));
  }
  if (verdict != nullptr && writes_verdicts_) add(lacking_->Add(enriched.record, *verdict));
  return unlearned;
}

std::vector<bool> Enricher::TakeUsed() {
  return std::exchange(used_, std::vector<bool>(used_.size()));
}

Lacking Enricher::TakeLacking() { return lacking_ ? lacking_->Take() : Lacking{}; }

void Enricher::StartFrom(const Conversations& conversations, const Inventory& of) {
  conversations_ = conversations;
  conversations_.Renumber([&](InterfaceIndex before) -> std::optional<InterfaceIndex> {
    const NetworkInterface* now = inventory().FindInterface(of.interfaces()[before].id);
    if (now == nullptr) return std::nullopt;
    return view_->judge().index().IndexOf(*now);
  });
}

void Enricher::CountReason(const Unlearned* unlearned) {
  if (unlearned == nullptr) return;
  const std::string_view reason = unlearned->reason;
  auto found = counters_.unlearned.find(reason);
  if (found == counters_.unlearned.end()) {
    // Some name a group.
    const bool is_full = counters_.unlearned.size() >= kMostReasons;
    found = counters_.unlearned.try_emplace(std::string(is_full ? kOtherReasons : reason)).first;
  }
  ++found->second;
}

void Enricher::Count(const EnrichedRecord& enriched, const Verdict* verdict) {
  ++counters_.records;
  if (HasNoTraffic(enriched.record) || enriched.record.layout().of_transit_gateway()) {
    ++counters_.nothing_to_enrich;
  } else if (enriched.interface != nullptr) {
    ++counters_.enriched;
  } else {
    ++counters_.unknown_interface;
    CountReason(
        inventory().FindUnlearned(Learnable::kInterface, enriched.record.Get(Field::kInterfaceId)));
  }
  if (verdict == nullptr) return;
  ++counters_.verdicts[static_cast<std::size_t>(verdict->kind)];
  if (verdict->kind == VerdictKind::kDeniedUnexplained &&
      verdict->acl_answer.outcome == AclOutcome::kUnknown) {
    ++counters_.refused_with_unknown_acl;
  }
  if (verdict->kind == VerdictKind::kAllowedUnexplained && HasUnknownRules(*verdict, inventory())) {
    ++counters_.allowed_with_unknown_rules;
  }
  if (const auto end = enriched.record.GetNumber(Field::kEnd)) {
    counters_.latest_end = std::max(counters_.latest_end, *end);
  }
}

}  // namespace sgflow
