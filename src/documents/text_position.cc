#include "documents/text_position.h"

#include <algorithm>

namespace sgflow {

TextPosition PositionOf(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  TextPosition position;
  std::size_t line = 0;
  for (std::size_t end; (end = before.find('\n', line)) != std::string_view::npos; line = end + 1) {
    ++position.line;
  }
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; };
  position.column +=
      static_cast<std::uint64_t>(std::ranges::count_if(before.substr(line), starts_character));
  return position;
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return text;
}

}  // namespace sgflow
