#include "input/gzip_source.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "input/collecting_sink.h"
#include "input/gzip.h"

namespace sgflow {
namespace {

struct Inflated {
  std::string text;
  std::string error;
};

Inflated Inflate(std::string_view compressed, std::size_t piece = 7) {
  PieceSource source(compressed, piece);
  GzipSource inflated(source);
  Inflated result;
  char block[100];
  while (true) {
    const auto count = inflated.Read(block);
    if (!count) {
      result.error = count.error().message;
      return result;
    }
    if (*count == 0) return result;
    result.text.append(block, *count);
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

TEST(GzipSource, TellsDamage) {
  std::string compressed = Gzip("some text that is long enough to be worth it");
  compressed[compressed.size() - 6] ^= 1;  // in the checksum
  EXPECT_EQ(Inflate(compressed).error, "the gzip data is damaged");
}

TEST(GzipSource, PassesOverZerosBehindAMemberAndTellsAnythingElse) {
  EXPECT_EQ(Inflate(Gzip("a") + std::string(600, '\0') + Gzip("b")).text, "ab");
  const auto result = Inflate(Gzip("a") + "junk");
  EXPECT_EQ(result.text, "a");
  EXPECT_EQ(result.error, "something that is no gzip follows the gzip data");
}

}  // namespace
}  // namespace sgflow
