// The part of an input that a reader looks at: contiguous, refilled at the back, used up at the
// front.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "error/error.h"
#include "input/byte_source.h"

namespace sgflow {

class Window {
 public:
  // Readable bytes behind view(), for what reads in blocks.
  static constexpr std::size_t kPadding = 64;

  // `source` must outlive this.
  explicit Window(ByteSource& source);
  // The whole input at once. kPadding bytes behind it must be readable.
  explicit Window(std::string_view whole);

  // What is there and not yet used. Valid until Fill.
  std::string_view view() const { return {data_ + begin_, end_ - begin_}; }
  // Uses up `count` bytes at the front. Requires count <= view().size().
  void Consume(std::size_t count) { begin_ += count; }

  // Reads some more behind view(), whose content stays as it is. False at the end of the input,
  // or when reading failed: see error().
  bool Fill();

  bool at_end() const { return at_end_; }
  // Why the input ended early.
  const std::optional<Error>& error() const { return error_; }

 private:
  ByteSource* source_ = nullptr;
  std::unique_ptr<char[]> storage_;
  std::size_t capacity_ = 0;  // of storage_, padding not counted
  const char* data_ = nullptr;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  std::optional<Error> error_;
};

}  // namespace sgflow
