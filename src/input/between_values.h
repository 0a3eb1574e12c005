// What stands between the JSON values of a stream: nothing that anybody promised.
#pragma once

#include <string_view>

namespace sgflow {

constexpr bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// What producers set JSON values apart with, and no line of text starts with. An escape belongs to
// the bracket behind it: a terminal's colours.
constexpr bool IsDelimiter(char c) {
  return (c >= '\0' && c < ' ' && c != '\n' && c != '\x1B') || c == '|' || c == ';' || c == ',';
}

// Whether a text between two JSON values tells nothing: signs, but no piece of JSON, or a short
// word.
bool IsBetweenValues(std::string_view text);

// As above, without a word.
bool IsSigns(std::string_view text);

}  // namespace sgflow
