// The pipeline's middle: a record in, its enriched line out, and a count of what happened.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "enrich/lacking_notes.h"
#include "enrich/record_ids.h"
#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "inventory/lacking.h"
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

  EnrichCounters& operator+=(const EnrichCounters& other);
  // What came since `earlier`, counters of the same records' beginning; the latest end stays.
  EnrichCounters Since(const EnrichCounters& earlier) const;
};

struct EnricherOptions {
  OutputFormat format = OutputFormat::kJson;
  FieldSelection fields{};
  // Judge every record for the counters' sake, whatever is written.
  bool count_verdicts = false;
  // Note what the written answers hang on and the inventory lacks: TakeLacking.
  bool note_lacking = false;
};

// For one thread. Several may share an inventory.
class Enricher {
 public:
  Enricher(std::shared_ptr<const Inventory> inventory, const EnricherOptions& options);

  // Forgets who opened what: another file or event begins, and no answer may hang on the order in
  // which workers take them.
  void StartStretch() { conversations_.Clear(); }

  // What carries some records begins: RecordIds::StartPayload.
  void StartPayload() {
    if (record_ids_) record_ids_->StartPayload();
  }

  // Appends the record's line in the output format.
  void Enrich(const FlowRecord& record, OutputBuffer& to);

  // What was lacking since the last call; empty where it is not noted. A record without
  // `interface-id` lacks nothing: its interface is searched for by address, in what is known.
  Lacking TakeLacking();
  // Which interfaces there were records of since the last call, by InterfaceIndex; empty where
  // nothing is noted.
  std::vector<bool> TakeUsed();

  // What records before this Enricher's told of who opened: another one's, of another inventory.
  void StartFrom(const Conversations& conversations, const Inventory& of);
  const Conversations& conversations() const { return conversations_; }

  const EnrichCounters& counters() const { return counters_; }
  const Inventory& inventory() const { return *inventory_; }

 private:
  void Count(const EnrichedRecord& enriched, const std::optional<Verdict>& verdict);
  void Note(const EnrichedRecord& enriched, const std::optional<Verdict>& verdict);
  const NetworkInterface* FindInterface(const FlowRecord& record);

  std::shared_ptr<const Inventory> inventory_;
  std::unique_ptr<Encoder> encoder_;
  Judge judge_;
  Explainer explainer_;
  Conversations conversations_;
  OutputFormat format_;
  bool judges_;
  bool writes_verdicts_;
  bool explains_;
  // The interfaces that were asked for last, by a few bits of their ids: quicker than a hash.
  std::array<const NetworkInterface*, 512> recent_{};
  std::optional<RecordIds> record_ids_;  // where they are written
  std::optional<LackingNotes> lacking_;
  std::vector<bool> used_;
  EnrichCounters counters_;
};

}  // namespace sgflow
