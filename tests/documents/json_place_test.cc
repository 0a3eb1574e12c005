#include "documents/json_place.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow {
namespace {

// What stands where the path leads.
std::string At(std::string_view json, std::string_view path) {
  const auto offset = FindInJson(json, path);
  return offset ? std::string(json.substr(*offset, 4)) : "nowhere";
}

constexpr std::string_view kJson = R"({
  "First": [{"a": "x,]}\"", "b": 1111}, {"a": [], "b": 2222}],
  "Second": {"c": {"d": 3333, "e": true}},
  "Third": [[], [4444]]
})";

TEST(FindInJson, FollowsKeysAndIndices) {
  EXPECT_EQ(At(kJson, "First[0].b"), "1111");
  EXPECT_EQ(At(kJson, "First[1].b"), "2222");
  EXPECT_EQ(At(kJson, "Second.c.d"), "3333");
  EXPECT_EQ(At(kJson, "Second.c.e"), "true");
  EXPECT_EQ(At(kJson, "Third[1][0]"), "4444");
  EXPECT_EQ(At(kJson, "First[1]"), "{\"a\"");
}

TEST(FindInJson, OfAKeyGivenTwiceTheLast) {
  EXPECT_EQ(At(R"({"a": 1111, "b": 2, "a": 3333})", "a"), "3333");
}

TEST(FindInJson, SaysWhenAPathLeadsNowhere) {
  for (const char* path : {"Fourth", "First[2]", "First.a", "Second[0]", "Third[0][0]", "First[x]",
                           "First[0", "First[0].b.c"}) {
    EXPECT_EQ(At(kJson, path), "nowhere") << path;
  }
}

TEST(FindInJson, SkipsEscapedQuotesAndBackslashes) {
  EXPECT_EQ(At(R"({"a\\": "\\\"", "b": "\\", "c": 1111})", "c"), "1111");
}

}  // namespace
}  // namespace sgflow
