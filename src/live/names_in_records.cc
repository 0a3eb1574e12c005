#include "live/names_in_records.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sgflow {

bool IsAccountId(std::string_view text) {
  return text.size() == 12 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsRegion(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool IsAwsId(std::string_view text) {
  const std::size_t end = text.find('-');
  if (end == std::string_view::npos || end + 1 == text.size() || text.size() > 255) return false;
  constexpr std::array<std::string_view, 4> kPrefixes{"eni", "sg", "subnet", "pl"};
  return std::ranges::find(kPrefixes, text.substr(0, end)) != kPrefixes.end() &&
         text.find_first_not_of("0123456789abcdef", end + 1) == std::string_view::npos;
}

}  // namespace sgflow
