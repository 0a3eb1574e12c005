#include "enrich/enricher.h"

#include <algorithm>
#include <cstring>
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

bool HasNoTraffic(const FlowRecord& record) {
  const std::string_view status = record.Get(Field::kLogStatus);
  return status == "NODATA" || status == "SKIPDATA";
}

}  // namespace

EnrichCounters& EnrichCounters::operator+=(const EnrichCounters& other) {
  records += other.records;
  enriched += other.enriched;
  unknown_interface += other.unknown_interface;
  nothing_to_enrich += other.nothing_to_enrich;
  for (std::size_t i = 0; i < verdicts.size(); ++i) verdicts[i] += other.verdicts[i];
  refused_with_unknown_acl += other.refused_with_unknown_acl;
  latest_end = std::max(latest_end, other.latest_end);
  return *this;
}

EnrichCounters EnrichCounters::Since(const EnrichCounters& earlier) const {
  EnrichCounters since = *this;
  since.records -= earlier.records;
  since.enriched -= earlier.enriched;
  since.unknown_interface -= earlier.unknown_interface;
  since.nothing_to_enrich -= earlier.nothing_to_enrich;
  for (std::size_t i = 0; i < verdicts.size(); ++i) since.verdicts[i] -= earlier.verdicts[i];
  since.refused_with_unknown_acl -= earlier.refused_with_unknown_acl;
  return since;
}

Enricher::Enricher(std::shared_ptr<const Inventory> inventory, const EnricherOptions& options)
    : inventory_(std::move(inventory)),
      encoder_(MakeEncoder(options.format, inventory_, options.fields)),
      judge_(inventory_),
      explainer_(judge_.shared_index()),
      format_(options.format) {
  writes_verdicts_ = options.format == OutputFormat::kJson && options.fields.needs_verdict();
  judges_ = writes_verdicts_ || options.count_verdicts;
  explains_ = writes_verdicts_ && options.fields.needs_words();
  if (options.fields.Includes(Column::kSgflowRecordId)) record_ids_.emplace();
  if (!options.note_lacking) return;
  lacking_.emplace(judge_.index());
  used_.resize(inventory_->interfaces().size());
}

const NetworkInterface* Enricher::FindInterface(const FlowRecord& record) {
  if (record.layout().of_transit_gateway()) return nullptr;
  const std::string_view id = record.Get(Field::kInterfaceId);
  if (id.empty()) {
    // A regional NAT gateway has no interface of its own.
    const bool regional = record.layout().IndexOf(Field::kInterfaceId).has_value() &&
                          !record.Get(Field::kResourceId).empty();
    return regional ? nullptr : FindInterfaceOf(record, judge_.index()).interface;
  }
  if (id.size() < sizeof(std::uint32_t)) return nullptr;
  // Ids are random hexadecimal digits.
  std::uint32_t end = 0;
  std::memcpy(&end, id.data() + id.size() - sizeof end, sizeof end);
  const NetworkInterface*& recent = recent_[(end * 0x9E3779B1U) >> 23];
  if (recent == nullptr || recent->id != id) {
    const NetworkInterface* found = inventory_->FindLocal(id);
    if (found == nullptr) return nullptr;
    recent = found;
  }
  return recent;
}

void Enricher::Enrich(const FlowRecord& record, OutputBuffer& to) {
  EnrichedRecord enriched(record);
  std::optional<Verdict> verdict;
  if (judges_) verdict = judge_.Decide(record, conversations_);
  if (format_ == OutputFormat::kClassic) {
    enriched.interface = FindInterface(record);
    enriched.direction = DirectionOf(record, enriched.interface);
  } else if (verdict) {
    enriched.interface = verdict->local;
    enriched.direction = DirectionOf(record, verdict->recorded);
    enriched.verdict = &*verdict;
    if (explains_) {
      enriched.reason = explainer_.Reason(*verdict);
      enriched.nearest = explainer_.Nearest(*verdict);
    }
  } else {
    const Packet packet = ReadPacket(record, judge_.index());
    enriched.interface = packet.local;
    enriched.direction = DirectionOf(record, packet.recorded);
  }
  Count(enriched, verdict);
  if (lacking_) Note(enriched, verdict);
  if (record_ids_) enriched.record_id = record_ids_->Of(record);
  encoder_->Encode(enriched, to);
}

void Enricher::Note(const EnrichedRecord& enriched, const std::optional<Verdict>& verdict) {
  if (enriched.interface == nullptr) {
    const std::string_view id = enriched.record.Get(Field::kInterfaceId);
    const bool of_gateway = enriched.record.layout().of_transit_gateway();
    if (!id.empty() && !of_gateway) lacking_->AddInterface(enriched.record, id);
    return;
  }
  used_[judge_.index().IndexOf(*enriched.interface)] = true;
  const bool tells_branches = format_ != OutputFormat::kClassic;
  if (tells_branches && enriched.interface->type == "trunk" && HasStrangeAddress(enriched)) {
    lacking_->AddTrunk(enriched.record, enriched.interface->id);
  }
  if (verdict && writes_verdicts_) lacking_->Add(enriched.record, *verdict);
}

std::vector<bool> Enricher::TakeUsed() {
  return std::exchange(used_, std::vector<bool>(used_.size()));
}

Lacking Enricher::TakeLacking() { return lacking_ ? lacking_->Take() : Lacking{}; }

void Enricher::StartFrom(const Conversations& conversations, const Inventory& of) {
  conversations_ = conversations;
  conversations_.Renumber([&](InterfaceIndex before) -> std::optional<InterfaceIndex> {
    const NetworkInterface* now = inventory_->FindInterface(of.interfaces()[before].id);
    if (now == nullptr) return std::nullopt;
    return judge_.index().IndexOf(*now);
  });
}

void Enricher::Count(const EnrichedRecord& enriched, const std::optional<Verdict>& verdict) {
  ++counters_.records;
  if (HasNoTraffic(enriched.record) || enriched.record.layout().of_transit_gateway()) {
    ++counters_.nothing_to_enrich;
  } else {
    ++(enriched.interface == nullptr ? counters_.unknown_interface : counters_.enriched);
  }
  if (!verdict) return;
  ++counters_.verdicts[static_cast<std::size_t>(verdict->kind)];
  if (verdict->kind == VerdictKind::kDeniedUnexplained &&
      verdict->acl_answer.outcome == AclOutcome::kUnknown) {
    ++counters_.refused_with_unknown_acl;
  }
  if (const auto end = enriched.record.GetNumber(Field::kEnd)) {
    counters_.latest_end = std::max(counters_.latest_end, *end);
  }
}

}  // namespace sgflow
