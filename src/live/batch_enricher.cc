#include "live/batch_enricher.h"

#include <algorithm>
#include <utility>

namespace sgflow {

BatchEnricher::BatchEnricher(InventorySource& source, const EnricherOptions& options)
    : source_(source),
      options_(options),
      inventory_(source.Current()),
      timeline_(source.CurrentTimeline()) {
  options_.note_lacking = source.CanLearn();
  enricher_ = MakeEnricher();
}

std::unique_ptr<Enricher> BatchEnricher::MakeEnricher() const {
  if (timeline_) return std::make_unique<Enricher>(timeline_, options_);
  return std::make_unique<Enricher>(inventory_, options_);
}

Result<void> BatchEnricher::Run(bool new_stretch, const std::function<void(Enricher&)>& enrich,
                                Deadline until) {
  if (auto current = source_.Current();
      current != inventory_ || source_.CurrentTimeline() != timeline_) {
    before_ += enricher_->counters();
    const auto old = inventory_;
    StartAnew(std::move(current), new_stretch ? Conversations() : enricher_->conversations(), *old);
  }
  // Where the batch is repeated nothing of its first run may be left.
  const auto start = inventory_;
  const Conversations conversations = new_stretch ? Conversations() : enricher_->conversations();
  Lacking::Names in_vain;  // what a survey asked for
  for (int round = 1;; ++round) {
    const EnrichCounters counters = enricher_->counters();
    if (new_stretch) enricher_->StartStretch();
    enricher_->StartBatch(/*may_survey=*/round == 1 && surveys_pay_);
    enrich(*enricher_);
    if (enricher_->failure()) return std::unexpected(*enricher_->failure());
    const bool surveyed = enricher_->surveys();
    Lacking lacking = enricher_->TakeLacking();
    std::erase_if(lacking.interfaces, [&](const auto& name) { return in_vain.contains(name); });
    if (!surveyed && (lacking.empty() || round == kMostRounds)) break;
    if (round == 1) until = std::min(until, Deadline::clock::now() + kLongestLearning);
    bool changed = false;
    if (!lacking.empty()) {
      auto learned = source_.Learn(lacking, until);
      if (!learned) return std::unexpected(std::move(learned.error()));
      // Another batch may have learned the same just before, or in vain.
      changed = source_.Current() != inventory_;
    }
    if (round == 1 && !lacking.empty()) surveys_pay_ = changed;
    if (!changed && !surveyed) break;
    if (!changed) in_vain = std::move(lacking.interfaces);
    before_ += counters;
    StartAnew(source_.Current(), conversations, *start);
  }
  if (options_.note_lacking) source_.NoteUse(*inventory_, enricher_->TakeUsed());
  return {};
}

void BatchEnricher::StartAnew(std::shared_ptr<const Inventory> inventory,
                              const Conversations& conversations, const Inventory& of) {
  inventory_ = std::move(inventory);
  timeline_ = source_.CurrentTimeline();
  auto enricher = MakeEnricher();
  if (!timeline_) enricher->StartFrom(conversations, of);
  enricher_ = std::move(enricher);
}

EnrichCounters BatchEnricher::counters() const {
  EnrichCounters counters = before_;
  counters += enricher_->counters();
  return counters;
}

}  // namespace sgflow
