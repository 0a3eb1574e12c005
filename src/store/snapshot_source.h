// An inventory that others write and that is looked at again from time to time.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "error/error.h"
#include "store/inventory_source.h"
#include "store/snapshot_store.h"

namespace sgflow {

struct SnapshotSourceOptions {
  std::string name;  // for messages: the path or the URL
  std::chrono::seconds time_to_live{300};
  WallClock clock = &std::chrono::system_clock::now;
};

// Any number of threads may use it. The last good snapshot stays where the store is gone or what it
// has is broken, and that is told each time that it is looked at.
class SnapshotSource : public InventorySource {
 public:
  // Errors, all there are, where there is no good snapshot at first.
  [[nodiscard]] static std::expected<std::unique_ptr<InventorySource>, std::vector<Error>> Open(
      std::unique_ptr<SnapshotStore> store, SnapshotSourceOptions options);

  std::shared_ptr<const Inventory> Current() override;
  [[nodiscard]] std::vector<std::string> Refresh() override;
  SourceCounters counters() const override;

 private:
  using Time = std::chrono::system_clock::time_point;

  SnapshotSource(std::unique_ptr<SnapshotStore> store, SnapshotSourceOptions options)
      : store_(std::move(store)), options_(std::move(options)) {}

  // The errors of the last look that failed, until one does not.
  std::vector<Error> Look();
  void LookIfOlder(std::chrono::seconds age);

  std::unique_ptr<SnapshotStore> store_;
  SnapshotSourceOptions options_;

  mutable std::mutex lock_;
  std::shared_ptr<const Inventory> current_;
  std::vector<Error> broken_;  // what is wrong with the bytes that came last
  std::vector<std::string> messages_;
  Time looked_;
  SourceCounters counters_;
};

}  // namespace sgflow
