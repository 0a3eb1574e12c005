#include "input/foreign_value.h"

#include <algorithm>
#include <cstddef>

#include "flowlog/flow_record.h"

namespace sgflow {
namespace {

bool IsNumber(std::optional<Field> field) {
  if (!field) return false;
  const FieldType type = InfoOf(*field).type;
  return type == FieldType::kInteger32 || type == FieldType::kInteger64;
}

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
  if (!IsAccountId(field) || value.empty() || value.size() >= kDigits) return std::nullopt;
  if (!std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  return std::string(kDigits - value.size(), '0').append(value);
}

}  // namespace sgflow
