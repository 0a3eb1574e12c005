#include "input/foreign_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "flowlog/flow_record.h"

namespace sgflow {
namespace {

bool IsAccountId(std::optional<Field> field) {
  return field == Field::kAccountId || field == Field::kTgwSrcVpcAccountId ||
         field == Field::kTgwDstVpcAccountId;
}

}  // namespace

std::string_view WithoutNull(std::string_view value) {
  const bool null =
      value == "None" || value == "null" || value == "NULL" || value == "NaN" || value == "nan";
  return null ? FlowRecord::kMissing : value;
}

std::string_view WithoutTraces(std::optional<Field> field, std::string_view value) {
  if (value.empty()) return FlowRecord::kMissing;
  // A column of integers with gaps is one of floats in pandas.
  if ((IsNumber(field) || IsAccountId(field)) && value.ends_with(".0")) value.remove_suffix(2);
  return value;
}

std::optional<std::string> PaddedAccountId(std::optional<Field> field, std::string_view value) {
  constexpr std::size_t kDigits = 12;
  if (!IsAccountId(field) || value.empty()) return std::nullopt;
  // 1.11122223333E11, as Java writes a floating-point number.
  std::string digits;
  if (value.find('E') != std::string_view::npos) {
    double number = 0;
    const auto [end, error] = std::from_chars(value.begin(), value.end(), number);
    const bool whole = error == std::errc{} && end == value.end() && number >= 0 && number < 1e12 &&
                       std::trunc(number) == number;
    if (!whole) return std::nullopt;
    digits = std::to_string(static_cast<std::uint64_t>(number));
    value = digits;
  } else if (value.size() >= kDigits) {
    return std::nullopt;
  }
  if (!std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  return std::string(kDigits - std::min(value.size(), kDigits), '0').append(value);
}

}  // namespace sgflow
