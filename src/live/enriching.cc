#include "live/enriching.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sgflow {
namespace {

constexpr std::size_t kMostRecords = 8000;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kMostOutput = std::size_t{8} << 20;

class AtOnce : public Enriching {
 public:
  template <typename Known>  // an inventory or a timeline
  AtOnce(std::shared_ptr<Known> known, const EnricherOptions& options)
      : enricher_(std::move(known), options) {}

  void StartStretch() override { enricher_.StartStretch(); }
  Result<void> Add(const FlowRecord& record, OutputBuffer& to) override {
    enricher_.Enrich(record, to);
    if (enricher_.failure()) return std::unexpected(*enricher_.failure());
    return {};
  }
  Result<void> Finish(OutputBuffer& /*to*/) override { return {}; }
  EnrichCounters counters() const override { return enricher_.counters(); }
  const Inventory& inventory() const override { return enricher_.inventory(); }

 private:
  Enricher enricher_;
};

class InChunks : public Enriching {
 public:
  InChunks(std::shared_ptr<InventorySource> source, const EnricherOptions& options)
      : source_(std::move(source)), batches_(*source_, options) {}

  void StartStretch() override { stretches_.push_back(chunk_.size()); }

  Result<void> Add(const FlowRecord& record, OutputBuffer& to) override {
    chunk_.Add(record);
    if (chunk_.size() < kMostRecords && chunk_.bytes() < kMostBytes) return {};
    return Finish(to);
  }

  Result<void> Finish(OutputBuffer& to) override {
    std::size_t begin = 0;
    while (begin < chunk_.size()) {
      std::size_t end = begin;
      const std::size_t before = to.size();
      auto ran = batches_.Run(/*new_stretch=*/false, [&](Enricher& enricher) {
        to.Truncate(before);
        end = EnrichFrom(begin, before + kMostOutput, enricher, to);
      });
      if (!ran) return ran;
      begin = end;
    }
    const bool stretch_starts = !stretches_.empty() && stretches_.back() == chunk_.size();
    chunk_.Clear();
    stretches_.clear();
    if (stretch_starts) stretches_.push_back(0);
    auto messages = source_->Refresh();
    std::ranges::move(messages, std::back_inserter(messages_));
    return {};
  }

  std::vector<std::string> TakeMessages() override { return std::exchange(messages_, {}); }
  EnrichCounters counters() const override { return batches_.counters(); }
  const Inventory& inventory() const override { return batches_.inventory(); }

 private:
  // Up to where the lines are long enough.
  std::size_t EnrichFrom(std::size_t begin, std::size_t most, Enricher& enricher,
                         OutputBuffer& to) {
    auto stretch = std::ranges::lower_bound(stretches_, begin);
    std::size_t at = begin;
    for (; at < chunk_.size() && to.size() < most; ++at) {
      if (stretch != stretches_.end() && *stretch == at) {
        enricher.StartStretch();
        while (stretch != stretches_.end() && *stretch == at) ++stretch;
      }
      enricher.Enrich(chunk_.At(at), to);
    }
    return at;
  }

  std::shared_ptr<InventorySource> source_;
  BatchEnricher batches_;
  RecordChunk chunk_;
  std::vector<std::size_t> stretches_;  // where in the chunk they start
  std::vector<std::string> messages_;
};

}  // namespace

std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<const Inventory> inventory,
                                         const EnricherOptions& options) {
  return std::make_unique<AtOnce>(std::move(inventory), options);
}

std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<Timeline> timeline,
                                         const EnricherOptions& options) {
  return std::make_unique<AtOnce>(std::move(timeline), options);
}

std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<InventorySource> source,
                                         const EnricherOptions& options) {
  return std::make_unique<InChunks>(std::move(source), options);
}

}  // namespace sgflow
