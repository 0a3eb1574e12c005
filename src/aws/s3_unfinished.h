// Multipart uploads that nobody completed: S3 keeps their parts, and bills them, until they are
// aborted.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "aws/s3_bucket.h"

namespace sgflow {

struct S3UnfinishedUpload {
  std::string key;
  std::string upload_id;
  // Not to be reckoned with in nanoseconds, which end in 2262: it is what the server says.
  std::chrono::sys_seconds begun{};
};

// Of keys that begin with `prefix`.
AwsResult<std::vector<S3UnfinishedUpload>> ListUnfinishedUploads(S3Bucket& bucket,
                                                                 const std::string& prefix);

// One that is gone already is no fault.
AwsResult<void> AbortUpload(S3Bucket& bucket, const S3UnfinishedUpload& upload,
                            AwsDeadline deadline = AwsDeadline::max());

}  // namespace sgflow
