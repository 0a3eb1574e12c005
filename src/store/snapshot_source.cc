#include "store/snapshot_source.h"

#include <algorithm>
#include <utility>

#include "documents/documents.h"
#include "store/inventory_files.h"

namespace sgflow {
namespace {

// As an account without rights, or a program that failed half-way, writes it. One that really is of
// an empty account says so in its Snapshot.
bool TellsNothing(const Inventory& inventory) {
  return inventory.snapshots().empty() && inventory.interfaces().empty() &&
         inventory.groups().empty() && inventory.prefix_lists().empty() &&
         inventory.acls().empty() && inventory.subnets().empty();
}

Error EmptySnapshot(const std::string& name) {
  return {.kind = ErrorKind::kInventory,
          .message = "has nothing in it, and no Snapshot that says that there is nothing",
          .place = {.file = name, .line = 0, .column = 0, .field = {}},
          .hint = {}};
}

}  // namespace

std::expected<std::unique_ptr<InventorySource>, std::vector<Error>> SnapshotSource::Open(
    std::unique_ptr<SnapshotStore> store, SnapshotSourceOptions options) {
  std::unique_ptr<SnapshotSource> source(new SnapshotSource(std::move(store), std::move(options)));
  if (auto errors = source->Look(); !errors.empty()) return std::unexpected(std::move(errors));
  return source;
}

std::shared_ptr<const Inventory> SnapshotSource::Current() {
  const std::scoped_lock lock(lock_);
  // Frozen for long nobody has looked between batches.
  LookIfOlder(kLongestLife * options_.time_to_live);
  return current_;
}

std::vector<std::string> SnapshotSource::Refresh() {
  const std::scoped_lock lock(lock_);
  LookIfOlder(options_.time_to_live);
  return std::exchange(messages_, {});
}

void SnapshotSource::LookIfOlder(std::chrono::seconds age) {
  if (options_.clock() - looked_ < age) return;
  for (const Error& error : Look()) {
    messages_.push_back(Describe(error) + "; the last good snapshot stays in use");
  }
}

std::vector<Error> SnapshotSource::Look() {
  looked_ = options_.clock();
  auto bytes = store_->ReadNew();
  if (!bytes) {
    ++counters_.failures;
    bytes.error().place.file = options_.name;
    return {std::move(bytes.error())};
  }
  if (*bytes) {
    auto loaded = LoadInventoryBytes(options_.name, std::move(**bytes));
    if (loaded && current_ != nullptr && TellsNothing(*loaded->inventory) &&
        !TellsNothing(*current_)) {
      broken_ = {EmptySnapshot(options_.name)};
    } else if (loaded) {
      broken_.clear();
      current_ = std::move(loaded->inventory);
      for (const InventoryWarning& warning : loaded->warnings) {
        messages_.push_back(Describe(warning));
      }
    } else {
      broken_ = std::move(loaded.error());
    }
  }
  if (broken_.empty()) {
    counters_.as_of = current_->captured_at().value_or(
        std::chrono::time_point_cast<std::chrono::seconds>(looked_));
  } else {
    ++counters_.failures;
  }
  return broken_;
}

SourceCounters SnapshotSource::counters() const {
  const std::scoped_lock lock(lock_);
  return counters_;
}

}  // namespace sgflow
