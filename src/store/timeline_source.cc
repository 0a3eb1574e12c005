#include "store/timeline_source.h"

#include <utility>

namespace sgflow {

std::expected<std::unique_ptr<InventorySource>, std::vector<Error>> TimelineSource::Open(
    std::shared_ptr<DocumentFolder> folder, SnapshotSourceOptions options) {
  std::unique_ptr<TimelineSource> source(new TimelineSource(std::move(folder), std::move(options)));
  if (auto errors = source->Look(); !errors.empty()) return std::unexpected(std::move(errors));
  return source;
}

std::shared_ptr<const Inventory> TimelineSource::Current() {
  const std::scoped_lock lock(lock_);
  // Frozen for long nobody has looked between batches.
  LookIfOlder(kLongestLife * options_.time_to_live);
  return current_.inventory;
}

std::shared_ptr<Timeline> TimelineSource::CurrentTimeline() {
  const std::scoped_lock lock(lock_);
  return current_.timeline;
}

std::vector<std::string> TimelineSource::Refresh() {
  {
    const std::scoped_lock lock(lock_);
    LookIfOlder(options_.time_to_live);
  }
  const std::scoped_lock lock(messages_->lock);
  return std::exchange(messages_->texts, {});
}

void TimelineSource::LookIfOlder(std::chrono::seconds age) {
  if (options_.clock() - looked_ < age) return;
  for (const Error& error : Look()) {
    AddMessage(Describe(error) + "; the last good state stays in use");
  }
}

std::vector<Error> TimelineSource::Look() {
  looked_ = options_.clock();
  auto listed = folder_->List();
  if (!listed) {
    ++counters_.failures;
    return {std::move(listed.error())};
  }
  if (!current_.inventory || *listed != listed_) {
    listed_ = std::move(*listed);
    broken_ = LoadListed();
  }
  if (!broken_.empty()) {
    ++counters_.failures;
  } else if (current_.timeline) {
    counters_.as_of = current_.timeline->CapturedAt(current_.timeline->last());
  } else {
    counters_.as_of = looked_;
  }
  return broken_;
}

std::vector<Error> TimelineSource::LoadListed() {
  const auto tell = [messages = messages_](const InventoryWarning& warning) {
    const std::scoped_lock lock(messages->lock);
    messages->texts.push_back(Describe(warning));
  };
  auto loaded = LoadInventoryHistory({{folder_, listed_, /*is_folder=*/true}}, tell);
  if (!loaded) return std::move(loaded.error());
  current_ = std::move(*loaded);
  return {};
}

void TimelineSource::AddMessage(std::string text) {
  const std::scoped_lock lock(messages_->lock);
  messages_->texts.push_back(std::move(text));
}

SourceCounters TimelineSource::counters() const {
  const std::scoped_lock lock(lock_);
  return counters_;
}

}  // namespace sgflow
