// Outputs in a local folder.
#pragma once

#include <memory>
#include <string>

#include "batch/storage.h"

namespace sgflow {

// Makes the folder where it is not there. Beside the outputs stand .sgflow-batch.checkpoint, the
// notes, and .sgflow-batch.lock: another batch that writes to the same folder is an error
// (kEnvironment) until it has ended, however it ends.
[[nodiscard]] Result<std::unique_ptr<OutputStore>> OpenLocalOutputs(const std::string& folder);

}  // namespace sgflow
