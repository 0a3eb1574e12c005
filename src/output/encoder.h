// Turns enriched records into bytes: one interface, one file a format.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "network/direction.h"
#include "output/field_selection.h"
#include "output/output_buffer.h"
#include "output/output_format.h"
#include "verdict/near_miss.h"
#include "verdict/verdict.h"

namespace sgflow {

// A record and what the inventory says of it.
struct EnrichedRecord {
  explicit EnrichedRecord(const FlowRecord& of) : record(of) {}

  const FlowRecord& record;
  const NetworkInterface* interface = nullptr;  // null: not in the inventory
  // As logged, else told by the interface's addresses; none where neither tells.
  std::optional<Direction> direction;
  // The verdict with its words; null and empty where nothing that is written asks for them.
  const Verdict* verdict = nullptr;
  std::string_view reason;
  std::span<const NearMiss> nearest;
  // Since when the inventory was true; empty where there is one alone.
  std::string_view inventory_as_of;
  // Empty where it is not written.
  std::string_view record_id;
};

class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  // Appends one record and a newline. Pointers in `enriched` must come from the inventory that
  // the encoder was made with.
  virtual void Encode(const EnrichedRecord& enriched, OutputBuffer& to) = 0;
};

std::unique_ptr<Encoder> MakeEncoder(OutputFormat format,
                                     std::shared_ptr<const Inventory> inventory,
                                     const FieldSelection& selection = {});

}  // namespace sgflow
