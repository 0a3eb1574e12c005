// Values as other tools leave them (Athena, pandas, jq), brought back to what AWS wrote.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "flowlog/field.h"

namespace sgflow {

// "-" for the texts that CSV and JSON have in place of nothing: None, null, NaN.
std::string_view WithoutNull(std::string_view value);

// "-" for an empty text; "443" for the "443.0" of a number or an account id; else the value itself.
std::string_view WithoutTraces(std::optional<Field> field, std::string_view value);

// The 12 digits of an account id that was made a number and so lost its leading zeros; none where
// `value` is no such thing.
std::optional<std::string> PaddedAccountId(std::optional<Field> field, std::string_view value);

}  // namespace sgflow
