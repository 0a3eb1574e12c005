// What lies under a prefix in S3, folder by folder, where not all of it is wanted.
#pragma once

#include <functional>
#include <string>

#include "aws/s3_bucket.h"
#include "aws/s3_object.h"
#include "batch/flow_log_key.h"

namespace sgflow {

// Gives the objects to `on_object`, in no order and one at a time. Of folders that hold nothing of
// the selection nothing is asked. Up to 16 lists are under way at a time, for a bucket of many
// accounts and Regions has thousands of folders of which each takes one. Whether something lies
// there, wanted or not; true as well where nothing of it is wanted, so that nobody has looked.
AwsResult<bool> ListWanted(S3Bucket& bucket, const std::string& prefix,
                           const KeySelection& selection,
                           const std::function<void(const S3Listed&)>& on_object);

}  // namespace sgflow
