// Records to lines, for programs that read files: at once where the inventory is all there, and in
// chunks where it is learned as records need it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "enrich/enricher.h"
#include "live/batch_enricher.h"
#include "live/record_chunk.h"
#include "output/output_buffer.h"
#include "store/inventory_source.h"

namespace sgflow {

class Enriching {
 public:
  Enriching() = default;
  Enriching(const Enriching&) = delete;
  Enriching& operator=(const Enriching&) = delete;
  virtual ~Enriching() = default;

  // Another file begins.
  virtual void StartStretch() = 0;
  // As RecordSink has it: RecordIds::StartPayload.
  virtual void StartPayload() = 0;
  virtual void EndPayload() = 0;
  // Appends the record's line, or those of earlier ones, or nothing yet.
  [[nodiscard]] virtual Result<void> Add(const FlowRecord& record, OutputBuffer& to) = 0;
  // Appends what is left.
  [[nodiscard]] virtual Result<void> Finish(OutputBuffer& to) = 0;
  // What went wrong meanwhile, for people.
  virtual std::vector<std::string> TakeMessages() { return {}; }

  virtual EnrichCounters counters() const = 0;
  virtual const Inventory& inventory() const = 0;
};

std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<const Inventory> inventory,
                                         const EnricherOptions& options);

// Each record by the inventory that was true when it happened. Where there are more times than can
// be held, some 8,000 records or 4 MB of them wait.
std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<Timeline> timeline,
                                         const EnricherOptions& options);

// At most some 8,000 records or 4 MB of them wait, with at most some 8 MB of lines. Renews the
// source's inventory between chunks.
std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<InventorySource> source,
                                         const EnricherOptions& options);

}  // namespace sgflow
