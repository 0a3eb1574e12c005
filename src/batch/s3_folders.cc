#include "batch/s3_folders.h"

#include <condition_variable>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "aws/fault.h"

namespace sgflow {
namespace {

constexpr std::size_t kAtOnce = 16;

using Part = KeySelection::Part;

class Walk {
 public:
  Walk(S3Bucket& bucket, const KeySelection& selection,
       const std::function<void(const S3Listed&)>& on_object)
      : bucket_(bucket), selection_(selection), on_object_(on_object) {}

  AwsResult<bool> Run(const std::string& prefix) {
    const Part part = selection_.PartOf(prefix);
    any_ = part == Part::kNone;
    Add(prefix);
    {
      std::vector<std::future<void>> threads;
      const std::size_t count = part == Part::kSome ? kAtOnce : 1;
      for (std::size_t i = 0; i < count; ++i) {
        threads.push_back(std::async(std::launch::async, [this] { Work(); }));
      }
      for (auto& thread : threads) thread.get();
    }
    if (fault_) return std::unexpected(std::move(*fault_));
    return any_;
  }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return !to_list_.empty() || under_way_ == 0 || fault_; });
      if (to_list_.empty() || fault_) return;
      const auto [name, part] = std::move(to_list_.back());
      to_list_.pop_back();
      ++under_way_;
      lock.unlock();
      auto fault = FaultOfListing(name, part);
      lock.lock();
      --under_way_;
      if (fault && !fault_) fault_ = std::move(fault);
      changed_.notify_all();
    }
  }

  // Throws nothing: others wait for it to end.
  std::optional<AwsFault> FaultOfListing(const std::string& name, Part part) {
    try {
      const auto on_object = [this](const S3Listed& object) {
        const std::lock_guard lock(mutex_);
        any_ = true;
        on_object_(object);
      };
      std::function<void(std::string)> on_folder;
      if (part == Part::kSome) {
        on_folder = [this](const std::string& below) {
          const std::lock_guard lock(mutex_);
          any_ = true;
          Add(below);
          changed_.notify_one();
        };
      }
      const auto listed = ListObjects(bucket_, name, on_object, on_folder);
      if (!listed) return listed.error();
      return std::nullopt;
    } catch (const std::exception& error) {
      return MakeFault(AwsFault::Kind::kUnreachable, name + ": " + error.what());
    }
  }

  void Add(const std::string& folder) {
    const Part part = selection_.PartOf(folder);
    if (part != Part::kNone) to_list_.emplace_back(folder, part);
  }

  S3Bucket& bucket_;
  const KeySelection& selection_;

  std::mutex mutex_;  // of what follows
  const std::function<void(const S3Listed&)>& on_object_;
  std::condition_variable changed_;
  std::vector<std::pair<std::string, Part>> to_list_;
  std::size_t under_way_ = 0;
  bool any_ = false;
  std::optional<AwsFault> fault_;
};

}  // namespace

AwsResult<bool> ListWanted(S3Bucket& bucket, const std::string& prefix,
                           const KeySelection& selection,
                           const std::function<void(const S3Listed&)>& on_object) {
  return Walk(bucket, selection, on_object).Run(prefix);
}

}  // namespace sgflow
