#include "live/enriching.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "enrich/record_ids.h"
#include "enrich/time_travel.h"

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
  void StartPayload() override { enricher_.StartPayload(); }
  void EndPayload() override { enricher_.EndPayload(); }
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

// Records that wait, numbered in the order in which they came.
class NumberedChunk {
 public:
  explicit NumberedChunk(const EnricherOptions& options) {
    if (options.fields.Includes(Column::kSgflowRecordId)) ids_.emplace();
  }

  void StartPayload() {
    if (ids_) ids_->StartPayload();
  }
  void EndPayload() {
    if (ids_) ids_->EndPayload();
  }
  void Add(const FlowRecord& record) {
    chunk_.Add(record);
    if (ids_) numbers_.push_back(ids_->NumberOf(record));
  }
  // A payload that has begun goes on.
  void Clear() {
    chunk_.Clear();
    numbers_.clear();
  }

  std::size_t size() const { return chunk_.size(); }
  std::size_t bytes() const { return chunk_.bytes(); }
  const FlowRecord& At(std::size_t index) { return chunk_.At(index); }
  std::uint64_t NumberOf(std::size_t index) const { return ids_ ? numbers_[index] : 0; }

 private:
  RecordChunk chunk_;
  std::optional<RecordIds> ids_;  // where they are written
  std::vector<std::uint64_t> numbers_;
};

// Finishes whenever so many records wait.
class Chunked : public Enriching {
 public:
  void StartStretch() override { stretches_.push_back(chunk_.size()); }
  void StartPayload() override { chunk_.StartPayload(); }
  void EndPayload() override { chunk_.EndPayload(); }

  Result<void> Add(const FlowRecord& record, OutputBuffer& to) override {
    chunk_.Add(record);
    if (chunk_.size() < kMostRecords && chunk_.bytes() < kMostBytes) return {};
    return Finish(to);
  }

 protected:
  explicit Chunked(const EnricherOptions& options) : chunk_(options) {}

  NumberedChunk chunk_;
  std::vector<std::size_t> stretches_;  // where in the chunk they start
};

// By a timeline of more times than can be held: where a chunk is of too many, its records are
// judged in the order of their times, so that no inventory is loaded more often than once a chunk.
// Lines keep the order of the records.
class InOrderOfTime : public Chunked {
 public:
  InOrderOfTime(std::shared_ptr<Timeline> timeline, const EnricherOptions& options)
      : Chunked(options),
        room_(TimeTravel::RoomFor(*timeline)),
        enricher_(std::move(timeline), options) {}

  Result<void> Finish(OutputBuffer& to) override {
    Result<void> result;
    std::size_t begin = 0;
    for (const std::size_t stretch : stretches_) {
      if (result) result = EnrichFrom(begin, stretch, to);
      enricher_.StartStretch();
      begin = stretch;
    }
    if (result) result = EnrichFrom(begin, chunk_.size(), to);
    chunk_.Clear();
    stretches_.clear();
    return result;
  }

  EnrichCounters counters() const override { return enricher_.counters(); }
  const Inventory& inventory() const override { return enricher_.inventory(); }

 private:
  struct Place {
    std::size_t point = 0;
    std::size_t index = 0;  // in the chunk
  };
  struct Line {
    std::size_t begin = 0;  // in lines_
    std::size_t size = 0;
  };

  Result<void> EnrichFrom(std::size_t begin, std::size_t end, OutputBuffer& to) {
    places_.clear();
    for (std::size_t i = begin; i < end; ++i) {
      places_.push_back({enricher_.PointOf(chunk_.At(i)), i});
    }
    std::ranges::stable_sort(places_, {}, &Place::point);
    if (CountPoints() > room_) return EnrichPlaces(begin, to);
    for (std::size_t i = begin; i < end; ++i) {
      if (auto enriched = Enrich(i, to); !enriched) return enriched;
    }
    return {};
  }

  // Of the places, which are sorted.
  std::size_t CountPoints() const {
    std::size_t points = 0;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (i == 0 || places_[i].point != places_[i - 1].point) ++points;
    }
    return points;
  }

  Result<void> EnrichPlaces(std::size_t begin, OutputBuffer& to) {
    lines_.Clear();
    line_of_.resize(places_.size());
    for (const Place& place : places_) {
      const std::size_t before = lines_.size();
      if (auto enriched = Enrich(place.index, lines_); !enriched) return enriched;
      line_of_[place.index - begin] = {before, lines_.size() - before};
    }
    for (const Line& line : line_of_) to.Append(lines_.view().substr(line.begin, line.size));
    return {};
  }

  Result<void> Enrich(std::size_t index, OutputBuffer& to) {
    enricher_.Enrich(chunk_.At(index), to, chunk_.NumberOf(index));
    if (enricher_.failure()) return std::unexpected(*enricher_.failure());
    return {};
  }

  std::size_t room_;
  Enricher enricher_;
  std::vector<Place> places_;
  std::vector<Line> line_of_;  // by record, from the first one enriched
  OutputBuffer lines_;
};

// By an inventory that is learned as records need it.
class WhileLearning : public Chunked {
 public:
  WhileLearning(std::shared_ptr<InventorySource> source, const EnricherOptions& options)
      : Chunked(options), source_(std::move(source)), batches_(*source_, options) {}

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
      enricher.Enrich(chunk_.At(at), to, chunk_.NumberOf(at));
    }
    return at;
  }

  std::shared_ptr<InventorySource> source_;
  BatchEnricher batches_;
  std::vector<std::string> messages_;
};

}  // namespace

std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<const Inventory> inventory,
                                         const EnricherOptions& options) {
  return std::make_unique<AtOnce>(std::move(inventory), options);
}

std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<Timeline> timeline,
                                         const EnricherOptions& options) {
  if (timeline->size() <= TimeTravel::RoomFor(*timeline)) {
    return std::make_unique<AtOnce>(std::move(timeline), options);
  }
  return std::make_unique<InOrderOfTime>(std::move(timeline), options);
}

std::unique_ptr<Enriching> MakeEnriching(std::shared_ptr<InventorySource> source,
                                         const EnricherOptions& options) {
  return std::make_unique<WhileLearning>(std::move(source), options);
}

}  // namespace sgflow
