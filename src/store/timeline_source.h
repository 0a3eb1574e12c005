// A folder of snapshots that others add to, looked at again from time to time.
#pragma once

#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "error/error.h"
#include "store/document_folder.h"
#include "store/inventory_history.h"
#include "store/inventory_source.h"
#include "store/snapshot_source.h"

namespace sgflow {

// As SnapshotSource: any number of threads, and the last good state stays where there is none.
class TimelineSource : public InventorySource {
 public:
  [[nodiscard]] static std::expected<std::unique_ptr<InventorySource>, std::vector<Error>> Open(
      std::shared_ptr<DocumentFolder> folder, SnapshotSourceOptions options);

  std::shared_ptr<const Inventory> Current() override;
  std::shared_ptr<Timeline> CurrentTimeline() override;
  [[nodiscard]] std::vector<std::string> Refresh() override;
  SourceCounters counters() const override;

 private:
  using Time = std::chrono::system_clock::time_point;

  // A timeline tells them when it loads something, whoever asks it.
  struct Messages {
    std::mutex lock;
    std::vector<std::string> texts;
  };

  TimelineSource(std::shared_ptr<DocumentFolder> folder, SnapshotSourceOptions options)
      : folder_(std::move(folder)), options_(std::move(options)) {}

  // The errors of the last look that failed, until one does not.
  std::vector<Error> Look();
  std::vector<Error> LoadListed();
  void LookIfOlder(std::chrono::seconds age);
  void AddMessage(std::string text);

  std::shared_ptr<DocumentFolder> folder_;
  SnapshotSourceOptions options_;
  std::shared_ptr<Messages> messages_ = std::make_shared<Messages>();

  mutable std::mutex lock_;
  std::vector<DocumentFolder::Entry> listed_;
  InventoryHistory current_;
  std::vector<Error> broken_;  // what is wrong with what was listed last
  Time looked_;
  SourceCounters counters_;
};

}  // namespace sgflow
