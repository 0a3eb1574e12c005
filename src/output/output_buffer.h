// Bytes on their way out: grows at the end, and is written and cleared as a whole.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace sgflow {

class OutputBuffer {
 public:
  std::string_view view() const { return {data_.get(), size_}; }
  std::size_t size() const { return size_; }
  // Keeps the memory.
  void Clear() { size_ = 0; }
  // Back to an earlier size. Requires size <= this->size().
  void Truncate(std::size_t size) { size_ = size; }

  // Room for `count` more bytes, written through the pointer and then told by Commit. The pointer
  // is valid until the next Reserve.
  char* Reserve(std::size_t count) {
    if (count > capacity_ - size_) Grow(count);
    return data_.get() + size_;
  }
  // `end` is one past the last byte written. Requires that it lies within the reserved room.
  void Commit(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }

  void Append(std::string_view text) {
    if (text.empty()) return;
    char* to = Reserve(text.size());
    std::memcpy(to, text.data(), text.size());
    size_ += text.size();
  }
  void Append(char byte) { Append(std::string_view(&byte, 1)); }

 private:
  void Grow(std::size_t count);

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace sgflow
