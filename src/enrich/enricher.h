// The pipeline's middle: a record in, its enriched line out, and a count of what happened.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enrich/inventory_view.h"
#include "enrich/lacking_notes.h"
#include "enrich/record_ids.h"
#include "enrich/time_travel.h"
#include "error/error.h"
#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "inventory/lacking.h"
#include "inventory/timeline.h"
#include "output/encoder.h"
#include "output/field_selection.h"
#include "output/output_buffer.h"
#include "verdict/conversations.h"
#include "verdict/verdict.h"

namespace sgflow {

// Records by why AWS could not be asked for something that their answers may hang on. Where there
// are too many different reasons, the rest stand under one.
using RecordsByReason = std::map<std::string, std::uint64_t, std::less<>>;

// Every record is exactly one of enriched, unknown_interface and nothing_to_enrich.
struct EnrichCounters {
  std::uint64_t records = 0;
  std::uint64_t enriched = 0;
  std::uint64_t unknown_interface = 0;
  // Of unknown_interface and of enriched: those for which AWS may say more another time.
  RecordsByReason unlearned{};
  // NODATA, SKIPDATA, Transit Gateway records.
  std::uint64_t nothing_to_enrich = 0;
  // By VerdictKind; all 0 where nothing is judged.
  std::array<std::uint64_t, kVerdictKindCount> verdicts{};
  // Of denied-unexplained: those whose network ACL the inventory does not tell.
  std::uint64_t refused_with_unknown_acl = 0;
  // Of allowed-unexplained: those at an interface with a group whose rules are not all known.
  std::uint64_t allowed_with_unknown_rules = 0;
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
  // Each record by the inventory that was true when it happened. Nothing lacking is noted.
  Enricher(std::shared_ptr<Timeline> timeline, const EnricherOptions& options);

  // Forgets who opened what: another file or event begins, and no answer may hang on the order in
  // which workers take them.
  void StartStretch();

  // What carries some records begins and ends: RecordIds::StartPayload.
  void StartPayload() {
    if (record_ids_) record_ids_->StartPayload();
  }
  void EndPayload() {
    if (record_ids_) record_ids_->EndPayload();
  }

  // Appends the record's line in the output format. `number`: RecordIds::NumberOf, where the caller
  // has it.
  void Enrich(const FlowRecord& record, OutputBuffer& to,
              std::optional<std::uint64_t> number = std::nullopt);

  // For an Enricher that notes what is lacking. `may_survey`: once most interfaces of the batch
  // are, Enrich only notes those of its further records, and writes and counts nothing: the batch
  // will be enriched again.
  void StartBatch(bool may_survey);
  // Whether it came to that.
  bool surveys() const { return surveys_; }

  // Requires a timeline: the record's point of it.
  std::size_t PointOf(const FlowRecord& record) const { return travel_->PointOf(record); }

  // An inventory of the timeline that could not be loaded: from its record on nothing is written
  // or counted until another stretch begins.
  const std::optional<Error>& failure() const { return failure_; }

  // Whether the source learns what is lacking: EnricherOptions::note_lacking.
  bool notes_lacking() const { return lacking_.has_value(); }

  // What was lacking since the last call; empty where it is not noted. A record without
  // `interface-id` lacks nothing: its interface is searched for by address, in what is known.
  Lacking TakeLacking();
  // Which interfaces there were records of since the last call, by InterfaceIndex; empty where
  // nothing is noted.
  std::vector<bool> TakeUsed();

  // What records before this Enricher's told of who opened: another one's, of another inventory.
  // Neither is of a timeline.
  void StartFrom(const Conversations& conversations, const Inventory& of);
  const Conversations& conversations() const { return conversations_; }

  const EnrichCounters& counters() const { return counters_; }
  // Of a timeline the latest.
  const Inventory& inventory() const {
    return travel_ ? *travel_->timeline().latest() : view_->inventory();
  }

 private:
  explicit Enricher(const EnricherOptions& options);

  void EnrichAtItsTime(const FlowRecord& record, OutputBuffer& to,
                       std::optional<std::uint64_t> number);
  void Write(const FlowRecord& record, InventoryView& view, const Verdict* verdict,
             OutputBuffer& to, std::optional<std::uint64_t> number);
  void Count(const EnrichedRecord& enriched, const Verdict* verdict);
  void CountReason(const Unlearned* unlearned);
  void Note(const EnrichedRecord& enriched, const Verdict* verdict);
  const Unlearned* NoteLacking(const EnrichedRecord& enriched, const Verdict* verdict);
  void Survey(const FlowRecord& record);

  std::optional<InventoryView> view_;  // none where there is a timeline
  Conversations conversations_;
  OutputFormat format_;
  bool judges_;
  bool writes_verdicts_;
  bool explains_;
  std::optional<TimeTravel> travel_;
  std::optional<Error> failure_;
  std::optional<RecordIds> record_ids_;  // where they are written
  std::optional<LackingNotes> lacking_;
  std::vector<bool> used_;
  bool may_survey_ = false;
  bool surveys_ = false;
  // Records of the batch so far, while it may come to a survey.
  std::size_t seen_ = 0;
  std::size_t seen_lacking_ = 0;
  EnrichCounters counters_;
};

}  // namespace sgflow
