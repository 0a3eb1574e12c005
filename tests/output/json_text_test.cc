#include "output/json_text.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace sgflow {
namespace {

TEST(JsonText, PythonEscapesControlsByLetterWhereJsonHasOne) {
  std::string text;
  AppendPythonJson(std::string_view("\b\f\n\r\t\0\x1f/<", 9), text);
  EXPECT_EQ(text, "\\b\\f\\n\\r\\t\\u0000\\u001f/<");
}

RC_GTEST_PROP(WriteShort, CopiesAnyLength, (const std::string& text)) {
  std::string to(text.size() + 2, '#');
  char* const end = WriteShort(text, to.data() + 1);
  RC_ASSERT(end == to.data() + 1 + text.size());
  RC_ASSERT(to == '#' + text + '#');
}

}  // namespace
}  // namespace sgflow
