#include "batch/s3_folders.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <utility>

#include "aws/fault.h"

namespace sgflow {
namespace {

constexpr std::size_t kAtOnce = 16;

using Part = KeySelection::Part;

// What one list gives.
struct Folder {
  std::vector<S3Listed> objects;
  std::vector<std::string> folders;
  std::optional<AwsFault> fault;
};

// Throws nothing: others wait for it to end.
Folder ListFolder(S3Bucket& bucket, const std::string& name, Part part) {
  Folder folder;
  try {
    std::function<void(std::string)> on_folder;
    if (part == Part::kSome) {
      on_folder = [&](std::string below) { folder.folders.push_back(std::move(below)); };
    }
    const auto on_object = [&](const S3Listed& object) { folder.objects.push_back(object); };
    auto listed = ListObjects(bucket, name, on_object, on_folder);
    if (!listed) folder.fault = std::move(listed.error());
  } catch (const std::exception& error) {
    folder.fault = MakeFault(AwsFault::Kind::kUnreachable, name + ": " + error.what());
  }
  return folder;
}

class Walk {
 public:
  Walk(S3Bucket& bucket, const KeySelection& selection) : bucket_(bucket), selection_(selection) {}

  AwsResult<S3Found> Run(const std::string& prefix) {
    const Part part = selection_.PartOf(prefix);
    found_.any = part == Part::kNone;
    Add(prefix, part);
    {
      std::vector<std::future<void>> threads;
      const std::size_t count = part == Part::kSome ? kAtOnce : 1;
      for (std::size_t i = 0; i < count; ++i) {
        threads.push_back(std::async(std::launch::async, [this] { Work(); }));
      }
      for (auto& thread : threads) thread.get();
    }
    if (fault_) return std::unexpected(std::move(*fault_));
    std::ranges::sort(found_.objects, {}, &S3Listed::key);
    return std::move(found_);
  }

 private:
  void Add(const std::string& folder, Part part) {
    if (part != Part::kNone) to_list_.emplace_back(folder, part);
  }

  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return !to_list_.empty() || under_way_ == 0 || fault_; });
      if (to_list_.empty() || fault_) return;
      const auto [name, part] = std::move(to_list_.back());
      to_list_.pop_back();
      ++under_way_;
      lock.unlock();
      auto folder = ListFolder(bucket_, name, part);
      lock.lock();
      --under_way_;
      Take(std::move(folder));
      changed_.notify_all();
    }
  }

  void Take(Folder folder) {
    if (folder.fault) {
      if (!fault_) fault_ = std::move(folder.fault);
      return;
    }
    found_.any = found_.any || !folder.objects.empty() || !folder.folders.empty();
    std::ranges::move(folder.objects, std::back_inserter(found_.objects));
    for (const std::string& below : folder.folders) Add(below, selection_.PartOf(below));
  }

  S3Bucket& bucket_;
  const KeySelection& selection_;

  std::mutex mutex_;  // of what follows
  std::condition_variable changed_;
  std::vector<std::pair<std::string, Part>> to_list_;
  std::size_t under_way_ = 0;
  S3Found found_;
  std::optional<AwsFault> fault_;
};

}  // namespace

AwsResult<S3Found> ListWanted(S3Bucket& bucket, const std::string& prefix,
                              const KeySelection& selection) {
  return Walk(bucket, selection).Run(prefix);
}

}  // namespace sgflow
