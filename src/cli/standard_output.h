// For commands that print one text.
#pragma once

#include <string_view>

namespace sgflow {

// The exit code. Somebody who has gone before the end, as a pager may be left, is no fault.
[[nodiscard]] int Print(std::string_view text);

}  // namespace sgflow
