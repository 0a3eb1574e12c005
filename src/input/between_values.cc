#include "input/between_values.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sgflow {
namespace {

bool IsWordPart(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c < '\0';
}

bool HasPieceOfJson(std::string_view text) {
  return text.find_first_of("]}\"") != std::string_view::npos;
}

}  // namespace

bool IsBetweenValues(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  if (HasPieceOfJson(text)) return false;
  std::size_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    if (IsBlank(c) || c == ',') {
      in_word = false;
    } else if (IsWordPart(c)) {
      words += std::exchange(in_word, true) ? 0U : 1U;
    }
  }
  return words == 0 || (words == 1 && text.size() <= kLongest);
}

bool IsSigns(std::string_view text) {
  return !HasPieceOfJson(text) && std::ranges::none_of(text, IsWordPart);
}

}  // namespace sgflow
