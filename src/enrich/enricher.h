// The pipeline's middle: a record in, its enriched line out, and a count of what happened.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "output/encoder.h"
#include "output/output_buffer.h"

namespace sgflow {

// Every record is exactly one of enriched, unknown_interface and nothing_to_enrich.
struct EnrichCounters {
  std::uint64_t records = 0;
  std::uint64_t enriched = 0;
  std::uint64_t unknown_interface = 0;
  // NODATA, SKIPDATA, Transit Gateway records.
  std::uint64_t nothing_to_enrich = 0;
};

// For one thread. Several may share an inventory.
class Enricher {
 public:
  Enricher(std::shared_ptr<const Inventory> inventory, OutputFormat format,
           const FieldSelection& selection = {});

  // Appends the record's line in the output format.
  void Enrich(const FlowRecord& record, OutputBuffer& to);

  const EnrichCounters& counters() const { return counters_; }

 private:
  const NetworkInterface* FindInterface(std::string_view id);

  std::shared_ptr<const Inventory> inventory_;
  std::unique_ptr<Encoder> encoder_;
  // The interfaces that were asked for last, by a few bits of their ids: quicker than a hash.
  std::array<const NetworkInterface*, 512> recent_{};
  EnrichCounters counters_;
};

}  // namespace sgflow
