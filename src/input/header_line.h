// Lines that name the fields of those below them, and lines that were meant to.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "input/line_tokens.h"

namespace sgflow {

struct HeaderLine {
  char separator = ' ';
  // Columns in front that the header has no name for, as pandas writes its index: 0 or 1.
  std::size_t unnamed = 0;
  // Views into the line or the tokens.
  std::span<const std::string_view> names;
  // The column that holds the line as AWS wrote it ("timestamp,message"). Where there is one, none
  // of the names is a field's.
  std::optional<std::size_t> message_column;
};

// Whether a line with this first byte, not blank, can be a header at all. Most layouts start with
// a number, so that most lines need no closer look.
bool MayStartHeader(char first);

// The line as a header: every word in it looks like a name, and at least half of them are flow-log
// fields, which leaves room for those that AWS adds. Blanks, a byte-order mark, "#", "#Fields:"
// and a time (with a stream's name) may stand before.
std::optional<HeaderLine> ReadHeaderLine(std::string_view line, LineTokens& tokens);

// A letter first, then letters, digits and what joins words.
bool LooksLikeName(std::string_view text);

// Whether a line that could be read neither as a header nor as a record is mostly fields' names:
// a damaged header, so that nobody knows what stands in the lines below.
bool NamesFields(std::string_view line);

}  // namespace sgflow
