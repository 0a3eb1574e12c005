#include "batch/read_ahead.h"

#include <algorithm>
#include <cstring>

namespace sgflow {
namespace {

constexpr std::size_t kMostBlocks = 2;
constexpr std::size_t kBlock = std::size_t{256} * 1024;

}  // namespace

Result<void> ReadAhead::Begun::Begin() {
  char bytes[kGzipMagic.size()];
  while (beginning_.size() < sizeof bytes) {
    const auto count = source_.Read(std::span(bytes, sizeof bytes - beginning_.size()));
    if (!count) return std::unexpected(count.error());
    if (*count == 0) break;
    beginning_.append(bytes, *count);
  }
  return {};
}

Result<std::size_t> ReadAhead::Begun::Read(std::span<char> into) {
  if (beginning_.empty()) return source_.Read(into);
  const std::size_t count = beginning_.copy(into.data(), into.size());
  beginning_.erase(0, count);
  return count;
}

ReadAhead::ReadAhead(ByteSource& source) : begun_(source), blocks_(kMostBlocks) {}

ReadAhead::~ReadAhead() { blocks_.Close(); }

Result<std::size_t> ReadAhead::Read(std::span<char> into) {
  if (from_ == nullptr) {
    ReadFirst();
  } else if (taken_ == block_.size && !block_.is_last) {
    // Closed is what a thread left that could not go on.
    if (!blocks_.Pop(block_)) thread_.get();
    taken_ = 0;
  }
  const std::size_t count = std::min(into.size(), block_.size - taken_);
  if (count == 0 && block_.error) return std::unexpected(*block_.error);
  if (count != 0) std::memcpy(into.data(), block_.bytes.get() + taken_, count);
  taken_ += count;
  return count;
}

void ReadAhead::ReadFirst() {
  from_ = &begun_;
  if (auto begun = begun_.Begin(); !begun) {
    block_.is_last = true;
    block_.error = std::move(begun.error());
    return;
  }
  if (begun_.beginning() == kGzipMagic) from_ = &inflated_.emplace(begun_);
  Fill(*from_, block_);
  if (block_.is_last) return;
  thread_ = std::async(std::launch::async, [this] { ReadBlocks(); });
}

void ReadAhead::ReadBlocks() {
  try {
    Block block;
    bool is_last = false;
    while (!is_last) {
      Fill(*from_, block);
      is_last = block.is_last;
      if (!blocks_.Push(block)) return;
    }
  } catch (...) {
    blocks_.Close();
    throw;
  }
}

void ReadAhead::Fill(ByteSource& from, Block& block) {
  if (!block.bytes) block.bytes = std::make_unique_for_overwrite<char[]>(kBlock);
  block.size = 0;
  while (block.size < kBlock && !block.is_last) {
    const auto count = from.Read({block.bytes.get() + block.size, kBlock - block.size});
    if (!count) block.error = count.error();
    block.is_last = !count || *count == 0;
    if (count) block.size += *count;
  }
}

}  // namespace sgflow
