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

RC_GTEST_PROP(WriteWithin, CopiesAnyPartOfAnyText, (const std::string& whole)) {
  const auto at = *rc::gen::inRange<std::size_t>(0, whole.size() + 1);
  const auto size = *rc::gen::inRange<std::size_t>(0, whole.size() - at + 1);
  const std::string_view text = std::string_view(whole).substr(at, size);
  std::string to(text.size() + kCopiedAtOnce, '#');
  for (const std::string_view readable : {std::string_view(whole), std::string_view()}) {
    char* const end = WriteWithin(text, readable, to.data());
    RC_ASSERT(std::string_view(to.data(), end) == text);
  }
}

// The plain way, for the one that takes eight bytes at a time.
RC_GTEST_PROP(WriteJson, AgreesWithThePlainWay, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab !#[]~\x7f\x80\xff\"\\\n\x01\x1f\x20")));
  std::string plainly;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      plainly += '\\';
      plainly += c;
    } else if (c == '\n') {
      plainly += "\\n";
    } else if (c == '\x01') {
      plainly += "\\u0001";
    } else if (c == '\x1f') {
      plainly += "\\u001f";
    } else {
      plainly += c;
    }
  }
  std::string written;
  AppendJson(text, written);
  RC_ASSERT(written == plainly);
}

}  // namespace
}  // namespace sgflow
