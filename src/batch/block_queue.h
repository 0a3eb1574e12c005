// Blocks of bytes from one thread to another.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace sgflow {

// In order, and a few at the most. Blocks are exchanged, so that the memory of those that were used
// up is filled again.
template <typename Block>
class BlockQueue {
 public:
  explicit BlockQueue(std::size_t most) : blocks_(most) {}

  // Waits while it is full, and leaves an old block in place of `block`. False, and `block` is as
  // it was, once it is closed.
  [[nodiscard]] bool Push(Block& block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || count_ < blocks_.size(); });
    if (closed_) return false;
    std::swap(block, blocks_[(first_ + count_) % blocks_.size()]);
    ++count_;
    changed_.notify_one();
    return true;
  }

  // Waits while it is empty, and takes `block` to be used up. False once it is empty and closed.
  [[nodiscard]] bool Pop(Block& block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || count_ != 0; });
    if (count_ == 0) return false;
    std::swap(block, blocks_[first_]);
    first_ = (first_ + 1) % blocks_.size();
    --count_;
    changed_.notify_one();
    return true;
  }

  // Nothing more comes, or is wanted.
  void Close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Block> blocks_;  // a ring
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool closed_ = false;
};

}  // namespace sgflow
