// What would change, for scripts: docs/whatif.md has the schema.
#pragma once

#include <string>

#include "whatif/whatif.h"

namespace sgflow {

// One JSON object and a line feed. Nothing is cut.
std::string WhatIfJson(const WhatIf& whatif);

}  // namespace sgflow
