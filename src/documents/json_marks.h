// Steps through JSON by its brackets, commas and strings alone.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace sgflow {

// Where something begins or ends, but for blanks.
inline constexpr std::array<bool, 256> kJsonMarks = [] {
  std::array<bool, 256> marks{};
  for (const char mark : {'"', '{', '}', '[', ']', ','}) {
    marks[static_cast<unsigned char>(mark)] = true;
  }
  return marks;
}();

// The next mark from `at` on, or the text's end.
inline std::size_t NextJsonMark(std::string_view json, std::size_t at) {
  while (at < json.size() && !kJsonMarks[static_cast<unsigned char>(json[at])]) ++at;
  return at;
}

// One past the string whose opening quote is at `quote`, or the text's end.
inline std::size_t EndOfJsonString(std::string_view json, std::size_t quote) {
  const std::size_t begin = quote + 1;
  const auto is_escaped = [&](std::size_t at) {
    std::size_t backslashes = 0;
    while (at > begin + backslashes && json[at - backslashes - 1] == '\\') ++backslashes;
    return backslashes % 2 == 1;
  };
  std::size_t end = json.find('"', begin);
  while (end != std::string_view::npos && is_escaped(end)) end = json.find('"', end + 1);
  return end == std::string_view::npos ? json.size() : end + 1;
}

// The next byte from `at` on that is no blank, or the text's end.
inline std::size_t SkipJsonSpace(std::string_view json, std::size_t at) {
  const std::size_t found = json.find_first_not_of(" \t\r\n", at);
  return found == std::string_view::npos ? json.size() : found;
}

}  // namespace sgflow
