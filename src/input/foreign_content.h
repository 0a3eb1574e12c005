// What people give in place of a flow log.
#pragma once

#include <optional>
#include <string_view>

#include "error/error.h"

namespace sgflow {

// Named and refused where the input's first bytes are certainly no flow log; none for what may be
// one. Binary data behind a line of text is not refused here: the text is worth reading.
std::optional<Error> RefuseForeignContent(std::string_view start);

}  // namespace sgflow
