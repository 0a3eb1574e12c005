// What lies under a prefix in S3, folder by folder, where not all of it is wanted.
#pragma once

#include <string>
#include <vector>

#include "aws/s3_bucket.h"
#include "aws/s3_object.h"
#include "batch/flow_log_key.h"

namespace sgflow {

struct S3Found {
  std::vector<S3Listed> objects;  // in the order of their keys
  // Something lies there, wanted or not; or nothing of it is wanted, so that nobody has looked.
  bool any = false;
};

// Of folders that hold nothing of the selection nothing is asked. Up to 16 lists are under way at a
// time, for a bucket of many accounts and Regions has thousands of folders of which each takes one.
AwsResult<S3Found> ListWanted(S3Bucket& bucket, const std::string& prefix,
                              const KeySelection& selection);

}  // namespace sgflow
