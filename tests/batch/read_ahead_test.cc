#include "batch/read_ahead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "output/gzip_writer.h"

namespace sgflow {
namespace {

constexpr std::size_t kMany = 3'000'000;

// Gives bytes in pieces, and then an error where it has one.
class Pieces : public ByteSource {
 public:
  Pieces(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}
  std::string fault;
  bool throws = false;
  std::thread::id thread;

  Result<std::size_t> Read(std::span<char> into) override {
    thread = std::this_thread::get_id();
    const std::size_t count = std::min({into.size(), piece_, bytes_.size() - at_});
    if (count == 0 && throws) throw std::runtime_error("no memory is left");
    if (count == 0 && !fault.empty()) {
      return std::unexpected(
          Error{.kind = ErrorKind::kEnvironment, .message = fault, .place = {}, .hint = {}});
    }
    bytes_.copy(into.data(), count, at_);
    at_ += count;
    return count;
  }

 private:
  std::string bytes_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

std::string Text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "record " + std::to_string(i * i) + '\n';
  text.resize(size);
  return text;
}

std::string Compressed(std::string_view text) {
  GzipWriter compressor;
  OutputBuffer compressed;
  compressor.Add(text, compressed);
  compressor.Finish(compressed);
  return std::string(compressed.view());
}

// What comes before the end, and how it ends.
struct Got {
  std::string bytes;
  std::string error;
};
Got ReadAll(ByteSource& source, std::size_t piece) {
  Got got;
  std::string into(piece, '\0');
  while (true) {
    const auto count = source.Read(into);
    if (!count) got.error = Describe(count.error());
    if (!count || *count == 0) return got;
    got.bytes.append(into, 0, *count);
  }
}

TEST(ReadAhead, GivesWhatTheSourceGivesAndWhatGzipHolds) {
  for (const std::size_t size : {0U, 1U, 2U, 262'144U, 262'145U, 3'000'000U}) {
    const std::string text = Text(size);
    for (const bool compressed : {false, true}) {
      for (const std::size_t piece : {1U, 65'536U, 10'000'000U}) {
        if (piece == 1 && size > 262'145) continue;
        Pieces source(compressed ? Compressed(text) : text, piece);
        ReadAhead ahead(source);
        const Got got = ReadAll(ahead, 100'000);
        EXPECT_TRUE(got.bytes == text) << size << ' ' << compressed << ' ' << piece;
        EXPECT_EQ(got.error, "");
      }
    }
  }
}

TEST(ReadAhead, WhatOneBlockHoldsTakesNoThread) {
  Pieces source(Compressed(Text(1000)), 65'536);
  ReadAhead ahead(source);
  EXPECT_EQ(ReadAll(ahead, 100).bytes, Text(1000));
  EXPECT_EQ(source.thread, std::this_thread::get_id());
}

TEST(ReadAhead, TheErrorComesBehindTheBytesAndStays) {
  Pieces source(Text(kMany), 65'536);
  source.fault = "the connection was lost";
  ReadAhead ahead(source);
  const Got got = ReadAll(ahead, 100'000);
  EXPECT_TRUE(got.bytes == Text(kMany));
  EXPECT_EQ(got.error, "the connection was lost");
  EXPECT_EQ(ReadAll(ahead, 100).error, "the connection was lost");
}

TEST(ReadAhead, GzipThatIsCutOffGivesWhatIsThere) {
  const std::string whole = Compressed(Text(kMany));
  Pieces source(whole.substr(0, whole.size() / 2), 65'536);
  ReadAhead ahead(source);
  const Got got = ReadAll(ahead, 100'000);
  EXPECT_GT(got.bytes.size(), kMany / 3);
  EXPECT_TRUE(Text(kMany).starts_with(got.bytes));
  EXPECT_EQ(got.error, "the gzip data ends in the middle; fetch the file again");
}

TEST(ReadAhead, AnErrorOfTheFirstBytesIsTold) {
  Pieces source("", 1);
  source.fault = "is no file";
  ReadAhead ahead(source);
  EXPECT_EQ(ReadAll(ahead, 100).error, "is no file");
}

TEST(ReadAhead, AnExceptionOfItsThreadIsTheCallers) {
  Pieces source(Text(kMany), 65'536);
  source.throws = true;
  ReadAhead ahead(source);
  EXPECT_THROW(ReadAll(ahead, 100'000), std::runtime_error);
}

TEST(ReadAhead, WhatIsNotReadToItsEndEnds) {
  Pieces source(Compressed(Text(kMany)), 65'536);
  ReadAhead ahead(source);
  std::string some(10, '\0');
  EXPECT_EQ(ahead.Read(some), 10U);
}

}  // namespace
}  // namespace sgflow
