#include "cli/terminal_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

namespace sgflow {
namespace {

constexpr std::string_view kTakeAway = "\r\x1b[K";

// Some terminals go to the next line when the last column is filled. It may be made narrower at any
// time.
std::size_t RoomOf(std::FILE* terminal) {
  winsize size{};
  if (ioctl(fileno(terminal), TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return std::string::npos;
  return size.ws_col - 1U;
}

}  // namespace

TerminalLine::TerminalLine(std::FILE* file)
    : file_(file), is_terminal_(isatty(fileno(file)) == 1) {}

void TerminalLine::Show(std::string_view text) {
  fmt::print(file_, "{}{}", kTakeAway, text.substr(0, RoomOf(file_)));
  std::fflush(file_);
  shown_ = true;
}

void TerminalLine::Clear() {
  if (!shown_) return;
  shown_ = false;
  fmt::print(file_, "{}", kTakeAway);
  std::fflush(file_);
}

}  // namespace sgflow
