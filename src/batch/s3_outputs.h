// Outputs in S3.
#pragma once

#include <memory>
#include <string>

#include "aws/client.h"
#include "batch/storage.h"

namespace sgflow {

// `url` is s3://BUCKET or s3://BUCKET/PREFIX/. The note of an output is its metadata (x-amz-meta-
// sgflow-input, -source, -fingerprint, -faults and, of one to be done again, -incomplete), and
// comes with it in one request: there is nothing beside the outputs, and no lock. Whoever writes
// one says that it is new, or which one it replaces; where another batch was quicker with the same,
// that one stands. The client must outlive it. Error: kUsage.
[[nodiscard]] Result<std::unique_ptr<OutputStore>> OpenS3Outputs(AwsClient& client,
                                                                 const std::string& url);

}  // namespace sgflow
