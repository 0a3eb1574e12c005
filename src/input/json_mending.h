// JSON as some tools write it and no parser takes it.
#pragma once

#include <string>
#include <string_view>

namespace sgflow {

// Python's NaN becomes null, and a number too long for a parser a string. Whatever else is wrong
// stays.
std::string MendJson(std::string_view json);

}  // namespace sgflow
