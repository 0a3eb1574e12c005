#include "documents/text_position.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

TEST(PositionOf, CountsLinesAndCharactersFromOne) {
  EXPECT_EQ(PositionOf("ab\ncd", 0), (TextPosition{1, 1}));
  EXPECT_EQ(PositionOf("ab\ncd", 1), (TextPosition{1, 2}));
  EXPECT_EQ(PositionOf("ab\ncd", 3), (TextPosition{2, 1}));
  EXPECT_EQ(PositionOf("ab\r\ncd", 5), (TextPosition{2, 2}));
  EXPECT_EQ(PositionOf("\xC3\xA4\xE2\x82\xACx", 5), (TextPosition{1, 3}));
}

TEST(PositionOf, TheEndIsAPlaceToo) {
  EXPECT_EQ(PositionOf("", 0), (TextPosition{1, 1}));
  EXPECT_EQ(PositionOf("ab\n", 3), (TextPosition{2, 1}));
  EXPECT_EQ(PositionOf("ab", 99), (TextPosition{1, 3}));
}

TEST(WithoutByteOrderMark, TakesOneOfUtf8Away) {
  EXPECT_EQ(WithoutByteOrderMark("\xEF\xBB\xBF{}"), "{}");
  EXPECT_EQ(WithoutByteOrderMark("{}"), "{}");
}

}  // namespace
}  // namespace sgflow
