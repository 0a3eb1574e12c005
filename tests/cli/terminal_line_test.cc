#include "cli/terminal_line.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <string>

namespace sgflow {
namespace {

class TerminalLineTest : public testing::Test {
 protected:
  TerminalLineTest() {
    int theirs = -1;
    if (openpty(&ours_, &theirs, nullptr, nullptr, nullptr) != 0) std::abort();
    terminal_ = fdopen(theirs, "w");
  }
  ~TerminalLineTest() override {
    std::fclose(terminal_);
    close(ours_);
  }

  void SetColumns(unsigned short columns) const {
    const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
    ASSERT_EQ(ioctl(ours_, TIOCSWINSZ, &size), 0);
  }

  std::string Shown() const {
    std::array<char, 4096> bytes{};
    const ssize_t count = read(ours_, bytes.data(), bytes.size());
    return {bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
  }

  int ours_ = -1;
  std::FILE* terminal_ = nullptr;
};

TEST_F(TerminalLineTest, IsNeverWiderThanTheTerminal) {
  TerminalLine line(terminal_);
  ASSERT_TRUE(line.is_terminal());
  SetColumns(10);
  line.Show("0123456789");
  EXPECT_EQ(Shown(), "\r\x1b[K012345678") << "the last column is left free";
  SetColumns(80);
  line.Show("0123456789");
  EXPECT_EQ(Shown(), "\r\x1b[K0123456789");
  SetColumns(0);
  line.Show("0123456789");
  EXPECT_EQ(Shown(), "\r\x1b[K0123456789") << "the terminal does not say";
}

TEST_F(TerminalLineTest, IsTakenAwayOnce) {
  SetColumns(80);
  TerminalLine line(terminal_);
  line.Show("a");
  line.Clear();
  line.Clear();
  line.Show("b");
  EXPECT_EQ(Shown(), "\r\x1b[Ka\r\x1b[K\r\x1b[Kb");
}

TEST(TerminalLine, IsNoneOfAFile) {
  std::FILE* const file = std::tmpfile();
  EXPECT_FALSE(TerminalLine(file).is_terminal());
  std::fclose(file);
}

}  // namespace
}  // namespace sgflow
