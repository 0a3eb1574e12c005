#include "input/gzip_source.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "input/collecting_sink.h"
#include "input/gzip.h"

namespace sgflow {
namespace {

struct Inflated {
  std::string text;
  std::string error;
};

Inflated Inflate(std::string_view compressed, std::size_t piece = 7, std::size_t room = 100) {
  PieceSource source(compressed, piece);
  GzipSource inflated(source);
  Inflated result;
  std::string block(room, '\0');
  while (true) {
    const auto count = inflated.Read(block);
    if (!count) {
      result.error = count.error().message;
      return result;
    }
    if (*count == 0) return result;
    result.text.append(block, 0, *count);
  }
}

RC_GTEST_PROP(GzipSource, GivesBackWhatWasCompressed, (const std::vector<std::string>& members)) {
  std::string compressed;
  std::string text;
  for (const std::string& member : members) {
    compressed += Gzip(member);
    text += member;
  }
  const auto result = Inflate(compressed, *rc::gen::inRange(1, 50));
  RC_ASSERT(result.text == text);
  RC_ASSERT(result.error == "");
}

TEST(GzipSource, GivesWhatIsThereBeforeTheCut) {
  const std::string text(5000, 'x');
  const std::string compressed = Gzip(text) + Gzip(text);
  const auto result = Inflate(std::string_view(compressed).substr(0, compressed.size() - 1));
  EXPECT_EQ(result.text, text + text);
  EXPECT_EQ(result.error, "the gzip data ends in the middle");
}

TEST(GzipSource, GivesAllThatCameBeforeAWrongChecksum) {
  const std::string text(5000, 'x');
  for (const std::size_t from_end : {8, 1}) {  // the checksum, the size
    std::string compressed = Gzip(text);
    compressed[compressed.size() - from_end] ^= 1;
    for (const std::size_t room : {1, 100, 1 << 20}) {
      const auto result = Inflate(compressed, 7, room);
      EXPECT_EQ(result.text, text);
      EXPECT_EQ(result.error, "the gzip data is damaged");
    }
  }
}

// Wherever the damage is and whatever the room; ISA-L decodes a few symbols at a time.
RC_GTEST_PROP(GzipSource, GivesAllThatCameBeforeDamage, ()) {
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i * 7919) + ' ';
  std::string compressed = Gzip(text);
  const auto at = *rc::gen::inRange<std::size_t>(1000, compressed.size() - 8);
  compressed[at] ^= 0x55;
  const auto whole = Inflate(compressed, compressed.size(), std::size_t{1} << 20);
  RC_ASSERT(whole.error == "the gzip data is damaged");
  // Less was compressed than half, and each code stands by itself.
  RC_ASSERT(whole.text.substr(0, at / 2) == text.substr(0, at / 2));
  const auto pieces = Inflate(compressed, 1000, *rc::gen::inRange<std::size_t>(1, 5000));
  constexpr std::size_t kFewSymbols = 32;
  const std::size_t same = std::min(pieces.text.size(), whole.text.size()) - kFewSymbols;
  RC_ASSERT(pieces.text.substr(0, same) == whole.text.substr(0, same));
  RC_ASSERT(std::max(pieces.text.size(), whole.text.size()) <= same + 2 * kFewSymbols);
}

TEST(GzipSource, PassesOverZerosBehindAMemberAndTellsAnythingElse) {
  EXPECT_EQ(Inflate(Gzip("a") + std::string(600, '\0') + Gzip("b")).text, "ab");
  const auto result = Inflate(Gzip("a") + "junk");
  EXPECT_EQ(result.text, "a");
  EXPECT_EQ(result.error, "something that is no gzip follows the gzip data");
}

}  // namespace
}  // namespace sgflow
