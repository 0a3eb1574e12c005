#include "output/output_buffer.h"

#include <algorithm>
#include <utility>

namespace sgflow {

void OutputBuffer::Grow(std::size_t count) {
  constexpr std::size_t kSmallest = 64 * 1024;
  const std::size_t capacity = std::max({kSmallest, 2 * capacity_, size_ + count});
  auto grown = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ != 0) std::memcpy(grown.get(), data_.get(), size_);
  data_ = std::move(grown);
  capacity_ = capacity;
}

}  // namespace sgflow
