// All that enriching by one inventory takes, made once for many records.
#pragma once

#include <array>
#include <memory>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "output/encoder.h"
#include "output/field_selection.h"
#include "output/output_format.h"
#include "verdict/explanation.h"
#include "verdict/judge.h"

namespace sgflow {

// For one thread.
class InventoryView {
 public:
  InventoryView(std::shared_ptr<const Inventory> inventory, OutputFormat format,
                const FieldSelection& fields);

  const Inventory& inventory() const { return *inventory_; }
  Judge& judge() { return judge_; }
  Explainer& explainer() { return explainer_; }
  Encoder& encoder() { return *encoder_; }

  // Whose record it is; null where the inventory does not have it.
  const NetworkInterface* FindInterface(const FlowRecord& record);

 private:
  std::shared_ptr<const Inventory> inventory_;
  std::unique_ptr<Encoder> encoder_;
  Judge judge_;
  Explainer explainer_;
  // The interfaces that were asked for last, by a few bits of their ids: quicker than a hash.
  std::array<const NetworkInterface*, 512> recent_{};
};

}  // namespace sgflow
