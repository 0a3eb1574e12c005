// The profile in use: AWS_PROFILE or default, out of AWS_CONFIG_FILE and
// AWS_SHARED_CREDENTIALS_FILE or ~/.aws.
#pragma once

#include <aws/common/allocator.h>

#include "aws/settings.h"

namespace sgflow {

// The environment with the profile. What cannot be read counts as not there, as with AWS's own
// tools.
AwsSettings ReadSettings(aws_allocator* allocator);

}  // namespace sgflow
