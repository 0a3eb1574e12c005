#include "flowlog/aws_names.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sgflow {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

bool IsAccountId(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, IsDigit);
}

bool IsRegion(std::string_view text) {
  const std::size_t hyphen = text.rfind('-');
  if (hyphen == std::string_view::npos || hyphen + 1 == text.size() || text.size() > 32) {
    return false;
  }
  return IsLower(text.front()) && std::ranges::all_of(text.substr(hyphen + 1), IsDigit) &&
         std::ranges::all_of(text.substr(0, hyphen), [](char c) { return IsLower(c) || c == '-'; });
}

bool IsAwsId(std::string_view text) {
  const std::size_t end = text.find('-');
  if (end == std::string_view::npos || end + 1 == text.size() || text.size() > 255) return false;
  constexpr std::array<std::string_view, 4> kPrefixes{"eni", "sg", "subnet", "pl"};
  return std::ranges::find(kPrefixes, text.substr(0, end)) != kPrefixes.end() &&
         text.find_first_not_of("0123456789abcdef", end + 1) == std::string_view::npos;
}

}  // namespace sgflow
