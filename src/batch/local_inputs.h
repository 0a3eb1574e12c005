// Inputs in local folders.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "batch/storage.h"

namespace sgflow {

// A source is a folder, a file, or a glob of either. Keys are relative to the folder; to the file's
// folder; to the folder before the first part with a wildcard. In folders, names that begin with a
// dot are passed over, as are folders behind links and what lies in `destination`, which may be
// there. What several sources name is listed once for each key. Of a source what has names of its
// own comes first, in their order, and then what links lead to: a link may lead elsewhere tomorrow.
std::unique_ptr<InputStore> MakeLocalInputs(std::span<const std::string> sources,
                                            const std::string& destination);

}  // namespace sgflow
