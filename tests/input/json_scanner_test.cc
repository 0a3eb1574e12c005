#include "input/json_scanner.h"

#include <gtest/gtest.h>

#include <string>

namespace sgflow {
namespace {

using State = JsonScanner::State;

TEST(JsonScanner, FindsTheEndWhateverThePieces) {
  const std::string json = R"({"a":"}\"{","b":[1,{"c":"\\"}],"d":{}})";
  for (std::size_t first = 0; first <= json.size(); ++first) {
    JsonScanner scanner;
    const std::string text = json + "{\"next\":1}";
    if (first < json.size()) {
      ASSERT_EQ(scanner.Scan(std::string_view(text).substr(0, first)), State::kNeedsMore) << first;
    }
    ASSERT_EQ(scanner.Scan(text), State::kComplete) << first;
    EXPECT_EQ(scanner.position(), json.size());
  }
}

TEST(JsonScanner, NoticesWhatCannotGoOn) {
  for (const char* text : {"{\"message\":\"cut\n", "{\"a\":\"b\"\n{", "{\"a\":[1}", "{]", "{}}"}) {
    JsonScanner scanner;
    const State state = scanner.Scan(text);
    EXPECT_TRUE(state == State::kBroken || scanner.position() == 2) << text;
  }
  JsonScanner deep;
  EXPECT_EQ(deep.Scan(std::string(1000, '[')), State::kBroken);
}

TEST(JsonScanner, FindsTheArrayOfObjects) {
  JsonScanner scanner;
  const std::string_view text = R"({"filters":["x"],"logEvents": [ {"id":)";
  EXPECT_EQ(scanner.Scan(text), State::kNeedsMore);
  ASSERT_TRUE(scanner.array_of_objects());
  EXPECT_EQ(text.substr(*scanner.array_of_objects()), "{\"id\":");
}

}  // namespace
}  // namespace sgflow
