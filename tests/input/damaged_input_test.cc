// Inputs that are cut, damaged, far too long, or no flow log at all.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "input/collecting_sink.h"
#include "input/gzip.h"
#include "input/record_reader.h"
#include "input/two_records.h"

namespace sgflow {
namespace {

// The events that are whole are kept, with one message for the rest.
TEST(DamagedInput, ACutDocumentGivesItsWholeEvents) {
  const std::string whole = "{\n  \"events\": [\n    " + Message(kFirst) +
                            ",\n    {\n      \"message\": \"" + kSecond + "\"\n    }\n  ]\n}\n";
  ReadBack back;
  ReadInto(back, std::string_view(whole).substr(0, whole.size() - 12));
  EXPECT_EQ(back.sink.records, (std::vector{kFirst}));
  EXPECT_EQ(back.sink.rejected,
            (std::vector<std::string>{"line 4: the JSON that begins here ends in the middle"}));
}

// A megabyte of gzip may hold a gigabyte of what is of no use.
TEST(DamagedInput, ReadsNoFartherThanIsWanted) {
  class OneIsEnough : public CollectingSink {
   public:
    bool WantsMore() override { return rejected.empty(); }
  };
  std::string lines;
  for (int i = 0; i < 100'000; ++i) lines += "x\n";
  std::string objects;
  for (int i = 0; i < 1'000; ++i) objects += "{\"x{\"";
  for (const std::string& bytes : {lines, Gzip(lines), objects, "[" + objects}) {
    RecordReader reader(ReadOptions{});
    OneIsEnough sink;
    PieceSource source(bytes, 1 << 16);
    EXPECT_TRUE(reader.Read(source, sink));
    EXPECT_EQ(sink.rejected.size(), 1U);
  }
}

// Time may be over while there are records to read.
TEST(DamagedInput, ASinkIsAskedWhetherItWantsMoreBetweenRecordsToo) {
  class TenAreEnough : public CollectingSink {
   public:
    bool WantsMore() override { return records.size() < 10; }
  };
  std::string lines;
  for (int i = 0; i < 10'000; ++i) lines += kFirst + "\n";
  for (const std::string& bytes : {lines, Gzip(lines)}) {
    RecordReader reader(ReadOptions{});
    TenAreEnough sink;
    PieceSource source(bytes, 1 << 16);
    EXPECT_TRUE(reader.Read(source, sink));
    EXPECT_GE(sink.records.size(), 10U);
    EXPECT_LE(sink.records.size(), 300U);
  }
}

TEST(DamagedInput, ALineWithoutEndIsToldOnce) {
  for (const std::size_t length : {std::size_t{1'048'577}, std::size_t{10'000'000}}) {
    for (const std::string& end : {std::string(), "\n" + kFirst + "\n"}) {
      ReadBack back;
      ReadInto(back, std::string(length, 'x') + end);
      EXPECT_EQ(back.sink.records.size(), end.empty() ? 0U : 1U);
      EXPECT_EQ(back.sink.rejected,
                (std::vector<std::string>{"line 1: is longer than 1048576 bytes"}));
    }
  }
}

// The last line of a cut file may look like a record, with its last number cut. One message tells
// of both.
TEST(DamagedInput, TheLineThatACutEndsInIsNotTaken) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += kFirst + "\n";
  for (const std::string& last : {kFirst, Message(kFirst)}) {
    std::string compressed = Gzip(text + last);
    compressed.resize(compressed.size() - 2);
    ReadBack back;
    ReadInto(back, compressed);
    EXPECT_EQ(back.sink.records.size(), 100U + (last == kFirst ? 0 : 1));
    EXPECT_EQ(
        back.error,
        "line 101: the gzip data ends in the middle; fetch the file again; what could be read "
        "was used");
    EXPECT_EQ(back.sink.rejected, std::vector<std::string>{});
  }
}

// Base64 in gzip that was cut, maybe within a group of four.
TEST(DamagedInput, WhatACutLeavesOfBase64IsRead) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += kFirst + "\n";
  const std::string compressed = Gzip(Base64(Gzip(text)));
  for (const std::size_t cut : {9, 10, 11, 12}) {
    ReadBack back;
    ReadInto(back, std::string_view(compressed).substr(0, compressed.size() - cut));
    EXPECT_GT(back.sink.records.size(), 1000U);
  }
}

// A wrong checksum says that something is wrong, not what; the records are as good as any.
TEST(DamagedInput, AWrongChecksumLosesNoRecord) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += kFirst + "\n";
  for (const std::size_t from_end : {8, 1}) {  // the checksum, the size
    std::string compressed = Gzip(text);
    compressed[compressed.size() - from_end] ^= 1;
    ReadBack back;
    ReadInto(back, compressed);
    EXPECT_EQ(back.sink.records.size(), 3000U);
    EXPECT_EQ(back.error,
              "line 3001: the gzip data is damaged; fetch the file again; what could be read was "
              "used");
  }
}

TEST(DamagedInput, NamesWhatIsNoFlowLog) {
  const std::pair<std::string, std::string> cases[] = {
      {std::string("PAR1\x15\x04", 6),
       "is Parquet, not a flow log as text or JSON; Parquet is not read yet: have the flow log "
       "delivered as text"},
      {std::string("\xFF\xFE"
                   "2\0 \0",
                   6),
       "is UTF-16 text, not a flow log as text or JSON; save it as UTF-8"},
      {std::string("\x7F"
                   "ELF\0\0\0",
                   7),
       "is binary data, not a flow log; text, JSON and gzip of these are read"},
  };
  std::string utf16;
  for (const char c : kLines) utf16 += {c, '\0'};
  ReadBack without_mark;
  ReadInto(without_mark, utf16);
  EXPECT_EQ(without_mark.error, cases[1].second);
  for (const auto& [bytes, message] : cases) {
    ReadBack back;
    ReadInto(back, bytes);
    EXPECT_EQ(back.error, message);
    EXPECT_EQ(back.sink.records.size(), 0U);
  }
}

TEST(DamagedInput, GoodLinesBeforeBinaryData) {
  const std::string binary = std::string("\0\xFF\x01\xFE\n", 5) + std::string(300, '\xFF');
  ReadBack back;
  ReadInto(back, kFirst + "\n" + binary + "\n" + kSecond + "\n");
  EXPECT_EQ(back.error, "");
  EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond}));
  EXPECT_EQ(back.sink.rejected,
            (std::vector<std::string>{"line 2: is no UTF-8 text", "line 3: is no UTF-8 text"}));
}

// Zeros in the middle of a file are a damaged line; in its first line they are binary data.
TEST(DamagedInput, ZerosInTheMiddleAreOneBadLine) {
  ReadBack back;
  ReadInto(back, kFirst + "\n" + std::string(40, '\0') + "\n" + kSecond + "\n");
  EXPECT_EQ(back.sink.records, (std::vector{kFirst, kSecond}));
  EXPECT_EQ(back.sink.rejected.size(), 1U);
}

}  // namespace
}  // namespace sgflow
