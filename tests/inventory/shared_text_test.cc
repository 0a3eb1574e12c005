#include "inventory/shared_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace sgflow {
namespace {

TEST(SharedText, ReadsAsAText) {
  const SharedText text("sg-1");
  EXPECT_EQ(text, "sg-1");
  EXPECT_EQ(std::string_view(text), "sg-1");
  EXPECT_EQ("group " + text + "!", "group sg-1!");
  EXPECT_EQ(std::string(text), "sg-1");
  EXPECT_FALSE(text.empty());
  EXPECT_TRUE(SharedText().empty());
  EXPECT_TRUE(SharedText("").empty());
  EXPECT_EQ(SharedText(), SharedText(""));
  EXPECT_EQ(SharedText("sg-1"), text);
  EXPECT_FALSE(SharedText("sg-2") == text);
}

TEST(SharedText, CopiesAreOneText) {
  SharedText text("a text that is long enough to be nowhere but on the heap");
  const SharedText copy = text;
  EXPECT_EQ(copy.view().data(), text.view().data());
  text = "another";
  EXPECT_EQ(copy, "a text that is long enough to be nowhere but on the heap");
  text = copy;
  const SharedText& same = text;
  text = same;
  EXPECT_EQ(text.view().data(), copy.view().data());
  const SharedText moved = std::move(text);
  EXPECT_EQ(moved.view().data(), copy.view().data());
}

TEST(RecentTexts, MakeTheSameTextOne) {
  RecentTexts recent;
  SharedText first("sg-1");
  recent.Share(first);
  SharedText other("sg-2");
  recent.Share(other);
  SharedText again("sg-1");
  ASSERT_NE(again.view().data(), first.view().data());
  recent.Share(again);
  EXPECT_EQ(again.view().data(), first.view().data());
  EXPECT_EQ(other, "sg-2");
  SharedText none;
  recent.Share(none);
  EXPECT_TRUE(none.empty());
}

TEST(RecentTexts, RememberSoManyAndNoMore) {
  RecentTexts recent;
  for (int number = 0; number < 100'000; ++number) {
    SharedText text(std::to_string(number));
    recent.Share(text);
    ASSERT_EQ(text, std::to_string(number));
  }
}

}  // namespace
}  // namespace sgflow
