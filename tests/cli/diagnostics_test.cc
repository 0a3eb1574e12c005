#include "cli/diagnostics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace sgflow {
namespace {

class DiagnosticsTest : public testing::Test {
 protected:
  DiagnosticsTest() : stream_(open_memstream(&text_, &size_)), diagnostics_(stream_) {}
  ~DiagnosticsTest() override {
    std::fclose(stream_);
    std::free(text_);
  }

  void Report(std::uint64_t line, std::string message) {
    diagnostics_.Report({.kind = ErrorKind::kInput,
                         .message = std::move(message),
                         .place = {.file = "flow.log", .line = line, .column = 0, .field = {}},
                         .hint = {}});
  }

  std::string Printed() {
    std::fflush(stream_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;

 protected:
  Diagnostics diagnostics_;
};

TEST_F(DiagnosticsTest, CutsAFloodAndCountsIt) {
  for (std::uint64_t i = 1; i <= 8; ++i) {
    Report(i, "has " + std::to_string(i) + (i == 1 ? " field" : " fields") +
                  ", expected 29, got 'x" + std::to_string(i) + "'");
  }
  Report(9, "is no UTF-8 text");
  diagnostics_.Flush();
  EXPECT_EQ(Printed(),
            "flow.log:1: has 1 field, expected 29, got 'x1'\n"
            "flow.log:2: has 2 fields, expected 29, got 'x2'\n"
            "flow.log:3: has 3 fields, expected 29, got 'x3'\n"
            "flow.log:4: has 4 fields, expected 29, got 'x4'\n"
            "flow.log:5: has 5 fields, expected 29, got 'x5'\n"
            "flow.log:9: is no UTF-8 text\n"
            "flow.log: 3 more like this: has 1 field, expected 29, got 'x1'\n");
}

TEST_F(DiagnosticsTest, OneFileIsFlushedAndTheOthersCountOn) {
  for (std::uint64_t i = 1; i <= 7; ++i) {
    Report(i, "is bad");
    diagnostics_.Report({.kind = ErrorKind::kInput,
                         .message = "is bad",
                         .place = {.file = "flow.log.2", .line = i, .column = 0, .field = {}},
                         .hint = {}});
  }
  diagnostics_.Flush("flow.log");
  EXPECT_TRUE(Printed().ends_with("flow.log: 2 more like this: is bad\n"));
  diagnostics_.Flush("flow.log");
  EXPECT_TRUE(Printed().ends_with("flow.log: 2 more like this: is bad\n")) << "once";
  diagnostics_.Flush();
  EXPECT_TRUE(Printed().ends_with("flow.log.2: 2 more like this: is bad\n"));
}

TEST_F(DiagnosticsTest, CutsAFloodOverManyFilesToo) {
  constexpr int kFiles = 60;
  for (int file = 1; file <= kFiles; ++file) {
    for (std::uint64_t line = 1; line <= 2; ++line) {
      diagnostics_.Report(
          {.kind = ErrorKind::kInput,
           .message = "is bad",
           .place = {.file = std::to_string(file), .line = line, .column = 0, .field = {}},
           .hint = {}});
    }
  }
  diagnostics_.Flush();
  const std::string printed = Printed();
  EXPECT_EQ(std::ranges::count(printed, '\n'), 51);
  EXPECT_TRUE(printed.ends_with("25:2: is bad\n70 more like this in 35 further files: is bad\n"))
      << printed;
}

// A log line must not drive the reader's terminal.
TEST_F(DiagnosticsTest, ShowsControlBytesAsText) {
  Report(1, "'\x1b]0;owned\x07' is no number");
  EXPECT_EQ(Printed(), "flow.log:1: '\\x1b]0;owned\\x07' is no number\n");
}

}  // namespace
}  // namespace sgflow
