#include "batch/line_writer.h"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>
#include <thread>

namespace sgflow {
namespace {

// What is written at once, in no whole blocks.
constexpr std::size_t kPiece = 300'000;

// Keeps what is written, and fails as it is told.
class Kept : public OutputWriter {
 public:
  std::string bytes;
  std::thread::id thread;
  std::size_t fails_at = std::string::npos;  // once so many bytes are there
  bool throws = false;

  Result<void> Write(std::string_view more) override {
    thread = std::this_thread::get_id();
    if (bytes.size() >= fails_at) {
      if (throws) throw std::runtime_error("no memory is left");
      return std::unexpected(Error{
          .kind = ErrorKind::kEnvironment, .message = "the disk is full", .place = {}, .hint = {}});
    }
    bytes += more;
    return {};
  }
  Result<bool> Commit(const OutputNote& /*note*/) override { return true; }
};

std::string Lines(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "record " + std::to_string(i * i) + '\n';
  return text;
}

Result<void> WriteInPieces(const std::string& text, LineWriter& writer) {
  OutputBuffer lines;
  for (std::size_t at = 0; at + kPiece <= text.size(); at += kPiece) {
    lines.Append(std::string_view(text).substr(at, kPiece));
    writer.Write(lines);
    EXPECT_LT(lines.size(), GzipWriter::kBlock);
  }
  lines.Append(std::string_view(text).substr(text.size() / kPiece * kPiece));
  return writer.Finish(lines);
}

std::string Compressed(const std::string& text) {
  GzipWriter compressor;
  OutputBuffer compressed;
  compressor.Add(text, compressed);
  compressor.Finish(compressed);
  return std::string(compressed.view());
}

TEST(LineWriter, WritesWhatOneThreadWouldHaveWritten) {
  GzipWriter compressor;
  for (const std::size_t size : {0U, 10U, 1'000'000U, 20'000'000U}) {
    const std::string text = Lines(size);
    Kept plain;
    LineWriter lines(plain, nullptr);
    EXPECT_TRUE(WriteInPieces(text, lines));
    EXPECT_TRUE(plain.bytes == text) << size;

    Kept compressed;
    LineWriter compressing(compressed, &compressor);
    EXPECT_TRUE(WriteInPieces(text, compressing));
    EXPECT_TRUE(compressed.bytes == Compressed(text)) << size;
  }
}

TEST(LineWriter, WhatComesWithTheEndAloneTakesNoThread) {
  Kept output;
  LineWriter writer(output, nullptr);
  EXPECT_TRUE(WriteInPieces("one line\n", writer));
  EXPECT_EQ(output.thread, std::this_thread::get_id());
}

TEST(LineWriter, AFaultIsToldAtTheEndAndKeepsNobodyWaiting) {
  const std::string text = Lines(100 * kPiece);
  GzipWriter compressor;
  for (GzipWriter* with : {static_cast<GzipWriter*>(nullptr), &compressor}) {
    Kept output;
    output.fails_at = 50'000;
    LineWriter writer(output, with);
    const auto written = WriteInPieces(text, writer);
    EXPECT_TRUE(writer.failed());
    ASSERT_FALSE(written);
    EXPECT_EQ(Describe(written.error()), "the disk is full");
    EXPECT_LT(output.bytes.size(), 2 * kPiece);
  }
  // The compressor is as new.
  Kept next;
  LineWriter writer(next, &compressor);
  EXPECT_TRUE(WriteInPieces(text, writer));
  EXPECT_TRUE(next.bytes == Compressed(text));
}

TEST(LineWriter, TheFirstFaultStands) {
  Kept output;
  LineWriter writer(output, nullptr);
  for (const char* message : {"the inventory is gone", "something later"}) {
    writer.Fail({.kind = ErrorKind::kEnvironment, .message = message, .place = {}, .hint = {}});
  }
  const auto written = WriteInPieces(Lines(5 * kPiece), writer);
  ASSERT_FALSE(written);
  EXPECT_EQ(Describe(written.error()), "the inventory is gone");
  EXPECT_EQ(output.bytes, "");
}

TEST(LineWriter, AnExceptionOfItsThreadIsTheCallers) {
  Kept output;
  output.fails_at = 0;
  output.throws = true;
  LineWriter writer(output, nullptr);
  EXPECT_THROW((void)WriteInPieces(Lines(100 * kPiece), writer), std::runtime_error);
}

TEST(LineWriter, WhatIsNotFinishedEnds) {
  Kept output;
  {
    LineWriter writer(output, nullptr);
    OutputBuffer lines;
    for (int piece = 0; piece < 10; ++piece) {
      lines.Append(Lines(kPiece));
      writer.Write(lines);
    }
  }
  EXPECT_LE(output.bytes.size(), 10 * Lines(kPiece).size());
}

}  // namespace
}  // namespace sgflow
