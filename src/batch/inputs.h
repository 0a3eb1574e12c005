// Inputs wherever they lie.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "aws/client.h"
#include "batch/flow_log_key.h"
#include "batch/storage.h"

namespace sgflow {

// Local sources and s3:// ones in any mix (local_inputs.h, s3_inputs.h). What the selection leaves
// out may be listed or not. The client must outlive it.
std::unique_ptr<InputStore> MakeInputs(AwsClient& client, std::span<const std::string> sources,
                                       const std::string& destination, unsigned long_reads,
                                       const KeySelection& selection);

}  // namespace sgflow
