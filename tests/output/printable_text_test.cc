#include "output/printable_text.h"

#include <gtest/gtest.h>

namespace sgflow::test {
namespace {

TEST(PrintableText, IsNoCommandToATerminal) {
  EXPECT_EQ(PrintableText("eni-\x1b[2J\x7f\xc2\x9b\xff"), "eni-\\x1b[2J\\x7f\\xc2\\x9b\\xff");
  EXPECT_EQ(PrintableText("caf\xc3\xa9"), "caf\xc3\xa9");
}

}  // namespace
}  // namespace sgflow::test
