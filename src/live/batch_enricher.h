// Batches of records, enriched with an inventory that may be another from batch to batch and that
// learns what a batch lacks.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "enrich/enricher.h"
#include "store/inventory_source.h"

namespace sgflow {

// For one thread. Several may share a source.
class BatchEnricher {
 public:
  // What a batch lacks is learned in so many rounds: interfaces, then what their rules reference,
  // and one for what changed meanwhile.
  static constexpr int kMostRounds = 4;
  // And in so much time, all rounds together: what is not learned by then the batch goes without.
  static constexpr std::chrono::seconds kLongestLearning{10};

  // `source` must outlive it. `options.note_lacking` is the source's to tell.
  BatchEnricher(InventorySource& source, const EnricherOptions& options);

  // Runs `enrich` with what is known and, while the source learns what was lacking, once more with
  // that; the last run is the one that counts. Where most of a batch is unknown the first run is a
  // mere survey, which writes nothing. `new_stretch`: Enricher::StartStretch before each.
  // Nothing is learned after `until`. Errors are the source's, where it is set up to fail, and
  // those of a timeline's inventory that could not be loaded.
  [[nodiscard]] Result<void> Run(bool new_stretch, const std::function<void(Enricher&)>& enrich,
                                 Deadline until = Deadline::max());

  // Of all batches.
  EnrichCounters counters() const;
  const Inventory& inventory() const { return enricher_->inventory(); }

 private:
  std::unique_ptr<Enricher> MakeEnricher() const;
  // `conversations` are those of an Enricher of the inventory `of`. A timeline has no use for them:
  // stretches do not go over several of its batches.
  void StartAnew(std::shared_ptr<const Inventory> inventory, const Conversations& conversations,
                 const Inventory& of);

  InventorySource& source_;
  EnricherOptions options_;
  std::shared_ptr<const Inventory> inventory_;
  std::shared_ptr<Timeline> timeline_;  // null where there is one inventory alone
  std::unique_ptr<Enricher> enricher_;
  EnrichCounters before_;  // of Enrichers that are gone
  // Whether the first run of the last batch was for nothing but what it lacked.
  bool surveys_pay_ = true;
};

}  // namespace sgflow
