// A line on the terminal that tells how far long work is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "cli/terminal_line.h"
#include "input/byte_source.h"

namespace sgflow {

class Progress {
 public:
  // Shows nothing unless standard error is a terminal, and nothing in the first second.
  // `total` bytes are to be read; 0: nobody knows.
  explicit Progress(std::uint64_t total);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Add(std::uint64_t bytes);
  // Takes the line away, so that something else can be printed there.
  void Clear() { line_.Clear(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::uint64_t total_;
  std::uint64_t done_ = 0;
  TerminalLine line_;
  Clock::time_point start_;
  Clock::time_point next_;
};

// Counts what is read through it.
class ProgressSource : public ByteSource {
 public:
  ProgressSource(ByteSource& source, Progress& progress) : source_(source), progress_(progress) {}

  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override {
    auto count = source_.Read(into);
    if (count) progress_.Add(*count);
    return count;
  }

 private:
  ByteSource& source_;
  Progress& progress_;
};

}  // namespace sgflow
