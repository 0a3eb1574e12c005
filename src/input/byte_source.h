// Where bytes come from: the one interface between the readers and files, pipes or memory.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "error/error.h"

namespace sgflow {

class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  // Fills up to into.size() bytes and returns how many; 0 at the end, for good. May return fewer
  // than asked for before the end. After an error nothing more is to be had.
  [[nodiscard]] virtual Result<std::size_t> Read(std::span<char> into) = 0;
};

// All that is left. There is room for `expected` bytes at once.
[[nodiscard]] Result<std::string> ReadToEnd(ByteSource& source, std::size_t expected = 0);

// Bytes that somebody else keeps alive.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override;

 private:
  std::string_view rest_;
};

// A file, a pipe or a terminal, read in order. Closes the descriptor unless it is standard input.
class FileSource : public ByteSource {
 public:
  // "-" is standard input. Error: kInput where it cannot be had (no such file, no permission, a
  // folder), kEnvironment where the system fails.
  [[nodiscard]] static Result<FileSource> Open(const std::string& path);

  FileSource(FileSource&& other) noexcept;
  FileSource& operator=(FileSource&&) = delete;
  ~FileSource() override;

  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override;

  // A file's size in bytes; 0 for what has none, as a pipe.
  std::size_t size() const { return size_; }
  // Stays this one's.
  int descriptor() const { return descriptor_; }

 private:
  FileSource(int descriptor, std::string path, std::size_t size)
      : descriptor_(descriptor), path_(std::move(path)), size_(size) {}

  int descriptor_;
  std::string path_;
  std::size_t size_;
};

}  // namespace sgflow
