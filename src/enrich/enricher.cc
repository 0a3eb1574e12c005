#include "enrich/enricher.h"

#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace sgflow {
namespace {

std::optional<Direction> DirectionOf(const FlowRecord& record, const NetworkInterface* interface) {
  const std::string_view logged = record.Get(Field::kFlowDirection);
  if (logged == "ingress") return Direction::kIngress;
  if (logged == "egress") return Direction::kEgress;
  if (interface == nullptr) return std::nullopt;
  // Formats without the field: what the interface sends has its address as the source. Traffic
  // between two addresses of one interface stays untold.
  const auto source = IpAddress::Parse(record.Get(Field::kSrcaddr));
  const auto destination = IpAddress::Parse(record.Get(Field::kDstaddr));
  const bool sent = source && interface->Owns(*source);
  const bool received = destination && interface->Owns(*destination);
  if (sent == received) return std::nullopt;
  return sent ? Direction::kEgress : Direction::kIngress;
}

// No traffic, or none that passed an interface with groups.
bool HasNothingToEnrich(const FlowRecord& record) {
  const std::string_view status = record.Get(Field::kLogStatus);
  return status == "NODATA" || status == "SKIPDATA" ||
         record.layout().IndexOf(Field::kTgwId).has_value() ||
         record.layout().IndexOf(Field::kResourceType).has_value();
}

}  // namespace

Enricher::Enricher(std::shared_ptr<const Inventory> inventory, OutputFormat format,
                   const FieldSelection& selection)
    : inventory_(std::move(inventory)), encoder_(MakeEncoder(format, inventory_, selection)) {}

const NetworkInterface* Enricher::FindInterface(std::string_view id) {
  if (id.size() < sizeof(std::uint32_t)) return nullptr;
  // Ids are random hexadecimal digits.
  std::uint32_t end = 0;
  std::memcpy(&end, id.data() + id.size() - sizeof end, sizeof end);
  const NetworkInterface*& recent = recent_[(end * 0x9E3779B1U) >> 23];
  if (recent == nullptr || recent->id != id) {
    const NetworkInterface* found = inventory_->FindInterface(id);
    if (found == nullptr) return nullptr;
    recent = found;
  }
  return recent;
}

void Enricher::Enrich(const FlowRecord& record, OutputBuffer& to) {
  const NetworkInterface* interface = FindInterface(record.Get(Field::kInterfaceId));
  ++counters_.records;
  if (HasNothingToEnrich(record)) {
    ++counters_.nothing_to_enrich;
  } else {
    ++(interface == nullptr ? counters_.unknown_interface : counters_.enriched);
  }
  encoder_->Encode({record, interface, DirectionOf(record, interface)}, to);
}

}  // namespace sgflow
