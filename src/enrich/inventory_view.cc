#include "enrich/inventory_view.h"

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "verdict/packet.h"

namespace sgflow {

InventoryView::InventoryView(std::shared_ptr<const Inventory> inventory, OutputFormat format,
                             const FieldSelection& fields)
    : inventory_(std::move(inventory)),
      encoder_(MakeEncoder(format, inventory_, fields)),
      judge_(inventory_),
      explainer_(judge_.shared_index()) {}

const NetworkInterface* InventoryView::FindInterface(const FlowRecord& record) {
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

}  // namespace sgflow
