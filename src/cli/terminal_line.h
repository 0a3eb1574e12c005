// A line of a terminal that is written over again and again.
#pragma once

#include <cstdio>
#include <string_view>

namespace sgflow {

class TerminalLine {
 public:
  explicit TerminalLine(std::FILE* file);
  TerminalLine(const TerminalLine&) = delete;
  TerminalLine& operator=(const TerminalLine&) = delete;
  ~TerminalLine() { Clear(); }

  // False: the file is none, and nothing may be shown.
  bool is_terminal() const { return is_terminal_; }

  // In place of what stood there; ASCII. What is wider than the terminal is cut off: the rest would
  // stand in a second line, which nobody takes away.
  void Show(std::string_view text);
  // Takes the line away, so that something else can be printed there.
  void Clear();

 private:
  std::FILE* file_;
  bool is_terminal_;
  bool shown_ = false;
};

}  // namespace sgflow
