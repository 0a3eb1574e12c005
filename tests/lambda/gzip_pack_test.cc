#include "lambda/gzip_pack.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "input/byte_source.h"
#include "input/gzip_source.h"

namespace sgflow {
namespace {

std::string Unzipped(std::string_view gzip) {
  if (gzip.empty()) return {};
  MemorySource source(gzip);
  GzipSource unzipped(source);
  const auto text = ReadToEnd(unzipped);
  EXPECT_TRUE(text);
  return text.value_or("");
}

// `even`: like log lines; else nothing that can be made shorter.
std::string Bytes(std::size_t count, bool even) {
  std::string bytes;
  std::minstd_rand random(static_cast<std::uint32_t>(count));
  while (bytes.size() < count) {
    if (even) {
      bytes += "{\"srcaddr\": \"192.0.2.5\", \"srcport\": " + std::to_string(random()) + "}\n";
    } else {
      bytes += static_cast<char>(random() >> 7);
    }
  }
  bytes.resize(count);
  return bytes;
}

TEST(GzipPackTest, HoldsNothingAtFirst) {
  GzipPack pack;
  pack.Start();
  EXPECT_EQ(pack.Finish(), "");
  pack.Start();
  EXPECT_FALSE(pack.Add("a", 20));
  EXPECT_EQ(pack.Finish(), "");
  EXPECT_EQ(pack.bytes_alone(), 21U);
}

TEST(GzipPackTest, SharesOneMemberWhileThereIsRoom) {
  GzipPack pack;
  pack.Start();
  std::string all;
  for (std::size_t i = 0; i < 1000; ++i) {
    const std::string piece = Bytes(300 + i % 7, true);
    ASSERT_TRUE(pack.Add(piece, 1'000'000));
    all += piece;
  }
  const std::string gzip(pack.Finish());
  EXPECT_EQ(Unzipped(gzip), all);
  EXPECT_LT(gzip.size(), all.size() / 10);
  EXPECT_EQ(gzip.find("\x1f\x8b\x08", 1), std::string::npos);
}

TEST(GzipPackTest, FillsTheRoomThatThereIs) {
  constexpr std::size_t kRoom = 20'000;
  GzipPack pack;
  pack.Start();
  const std::string piece = Bytes(1000, false);
  std::size_t taken = 0;
  while (pack.Add(piece, kRoom)) ++taken;
  const std::size_t size = pack.Finish().size();
  EXPECT_LE(size, kRoom);
  EXPECT_GT(size + 2 * piece.size(), kRoom) << taken;
}

// Larger than the room and than what is there, but not once it is compressed.
TEST(GzipPackTest, TakesALongPieceByWhatItBecomes) {
  GzipPack pack;
  pack.Start();
  const std::string piece = Bytes(2'000'000, true);
  ASSERT_TRUE(pack.Add("before", 1'000'000));
  ASSERT_TRUE(pack.Add(piece, 1'000'000));
  ASSERT_TRUE(pack.Add("behind", 1'000'000));
  EXPECT_EQ(Unzipped(pack.Finish()), "before" + piece + "behind");
}

TEST(GzipPackTest, APieceInPartsIsAddedAsAWholeOrNotAtAll) {
  GzipPack pack;
  pack.Start();
  ASSERT_TRUE(pack.Add("before", 1'000'000));
  std::string piece;
  for (std::size_t part = 0; part < 20; ++part) {
    const std::string bytes = Bytes(100'000 + part, part % 2 == 0);
    pack.StartPiece(bytes);
    piece += bytes;
  }
  EXPECT_GT(pack.bytes_of_parts(), 900'000U);
  EXPECT_FALSE(pack.Add("end", 1'000'000));
  EXPECT_GT(pack.bytes_alone(), 1'000'000U);

  pack.StartPiece("what is taken back");
  EXPECT_TRUE(pack.has_parts());
  pack.DropParts();
  EXPECT_FALSE(pack.has_parts());

  pack.StartPiece(piece);
  ASSERT_TRUE(pack.Add("end", 2'000'000));
  ASSERT_TRUE(pack.Add("behind", 2'000'000));
  EXPECT_EQ(Unzipped(pack.Finish()), "before" + piece + "end" + "behind");
}

RC_GTEST_PROP(GzipPackProperty, HoldsWhatItTookWithinTheRoom, ()) {
  GzipPack pack;
  for (int round = 0; round < 2; ++round) {
    pack.Start();
    std::string taken;
    std::size_t room = *rc::gen::inRange<std::size_t>(0, 60'000);
    const auto sizes = *rc::gen::container<std::vector<std::size_t>>(rc::gen::oneOf(
        rc::gen::inRange<std::size_t>(0, 100), rc::gen::inRange<std::size_t>(1'000, 100'000)));
    for (const std::size_t size : sizes) {
      const std::string piece = Bytes(size, *rc::gen::arbitrary<bool>());
      room += *rc::gen::inRange<std::size_t>(0, 300);
      if (pack.Add(piece, room)) taken += piece;
    }
    const std::string_view gzip = pack.Finish();
    RC_ASSERT(gzip.size() <= room);
    RC_ASSERT(Unzipped(gzip) == taken);
  }
}

}  // namespace
}  // namespace sgflow
