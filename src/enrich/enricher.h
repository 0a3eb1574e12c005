// The pipeline's middle: a record in, its enriched line out, and a count of what happened.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "output/encoder.h"
#include "output/field_selection.h"
#include "output/output_buffer.h"
#include "verdict/conversations.h"
#include "verdict/explanation.h"
#include "verdict/judge.h"
#include "verdict/verdict.h"

namespace sgflow {

// Every record is exactly one of enriched, unknown_interface and nothing_to_enrich.
struct EnrichCounters {
  std::uint64_t records = 0;
  std::uint64_t enriched = 0;
  std::uint64_t unknown_interface = 0;
  // NODATA, SKIPDATA, Transit Gateway records.
  std::uint64_t nothing_to_enrich = 0;
  // By VerdictKind; all 0 where nothing is judged.
  std::array<std::uint64_t, kVerdictKindCount> verdicts{};
  // Of denied-unexplained: those whose network ACL the inventory does not tell.
  std::uint64_t refused_with_unknown_acl = 0;
  // Unix seconds of the last `end` among what was judged; 0: none.
  std::uint64_t latest_end = 0;
};

struct EnricherOptions {
  OutputFormat format = OutputFormat::kJson;
  FieldSelection fields{};
  // Judge every record for the counters' sake, whatever is written.
  bool count_verdicts = false;
};

// For one thread. Several may share an inventory.
class Enricher {
 public:
  Enricher(std::shared_ptr<const Inventory> inventory, const EnricherOptions& options);

  // Forgets who opened what: another file or event begins, and no answer may hang on the order in
  // which workers take them.
  void StartStretch() { conversations_.Clear(); }

  // Appends the record's line in the output format.
  void Enrich(const FlowRecord& record, OutputBuffer& to);

  const EnrichCounters& counters() const { return counters_; }
  const Inventory& inventory() const { return *inventory_; }

 private:
  void Count(const EnrichedRecord& enriched, const std::optional<Verdict>& verdict);
  const NetworkInterface* FindInterface(const FlowRecord& record);

  std::shared_ptr<const Inventory> inventory_;
  std::unique_ptr<Encoder> encoder_;
  Judge judge_;
  Explainer explainer_;
  Conversations conversations_;
  OutputFormat format_;
  bool judges_;
  bool explains_;
  // The interfaces that were asked for last, by a few bits of their ids: quicker than a hash.
  std::array<const NetworkInterface*, 512> recent_{};
  EnrichCounters counters_;
};

}  // namespace sgflow
