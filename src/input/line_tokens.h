// A line split with care: any separator, quotes, blanks in a row.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "flowlog/record_layout.h"

namespace sgflow {

// One line at a time; what it allocates is reused for the next.
class LineTokens {
 public:
  // A time, or a time and a stream's name, may stand before the record.
  static constexpr std::size_t kMostBefore = 2;
  // More are counted and not kept.
  static constexpr std::size_t kMost = kMaxColumns + kMostBefore;

  // Another line begins: what the views given so far look at may go.
  void Clear() { made_count_ = 0; }

  // Splits at tabs, commas, or (for ' ') at blanks and tabs in any number. The tokens are views
  // into the line, or into this until Clear.
  void Split(std::string_view line, char separator);

  std::size_t count() const { return count_; }
  // Whether something stood between a closing quote and the separator: what it belongs to cannot be
  // told.
  bool misquoted() const { return misquoted_; }
  // Requires that count() is at most kMost.
  std::span<std::string_view> tokens() { return {tokens_.data(), count_}; }
  std::string_view first() const { return tokens_[0]; }

  // A view of the text, valid until Clear.
  std::string_view Keep(std::string text);

 private:
  std::string_view TakeBare(std::string_view line, char separator, std::size_t& at);
  std::string_view TakeQuoted(std::string_view line, std::size_t& at);

  std::array<std::string_view, kMost> tokens_;
  std::size_t count_ = 0;
  bool misquoted_ = false;
  std::deque<std::string> made_;
  std::size_t made_count_ = 0;
};

// What sets the fields of the line apart, where nothing tells: a tab, else a comma, else blanks.
char SeparatorOf(std::string_view line);

// ISO 8601, as 2026-06-01T12:00:00, with or without fractions and a zone, at the text's start.
bool StartsWithTime(std::string_view text);

}  // namespace sgflow
