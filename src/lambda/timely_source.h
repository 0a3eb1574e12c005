// An inventory that invocations wait for only as long as they have time.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/inventory_source.h"

namespace sgflow {

// For one thread.
class TimelySource : public InventorySource {
 public:
  using Time = std::chrono::system_clock::time_point;

  // `source` must outlive it. `fail_on_error`: Learn gives an error where time was over.
  TimelySource(InventorySource& source, WallClock clock, bool fail_on_error)
      : source_(source), clock_(clock), fail_on_error_(fail_on_error) {}

  // How long the Learns to come may take; none: as long as they do.
  void LearnUntil(std::optional<Time> until) { until_ = until; }

  std::shared_ptr<const Inventory> Current() override { return source_.Current(); }
  bool CanLearn() const override { return source_.CanLearn(); }
  // What is learned too late is there for the next batch.
  [[nodiscard]] Result<bool> Learn(const Lacking& lacking) override;
  // Nothing is renewed while something is still being learned: it would have to wait.
  [[nodiscard]] std::vector<std::string> Refresh() override;
  void NoteUse(const Inventory& of, const std::vector<bool>& interfaces) override;
  SourceCounters counters() const override { return source_.counters(); }

 private:
  // False where it goes on beyond the time; true where nothing is being learned.
  bool WaitUntil(std::optional<Time> until);
  Result<bool> Late() const;

  InventorySource& source_;
  WallClock clock_;
  bool fail_on_error_;
  std::optional<Time> until_;
  std::future<Result<bool>> learning_;
};

}  // namespace sgflow
