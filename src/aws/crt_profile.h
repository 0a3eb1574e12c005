// The profile in use: AWS_PROFILE or default, out of AWS_CONFIG_FILE and
// AWS_SHARED_CREDENTIALS_FILE or ~/.aws.
#pragma once

#include <aws/common/allocator.h>

#include <cstdint>
#include <string>

#include "aws/client.h"
#include "aws/settings.h"

namespace sgflow {

// The environment with the profile. What cannot be read counts as not there, as with AWS's own
// tools.
AwsSettings ReadSettings(aws_allocator* allocator);

// What the profile in use says of where credentials come from.
struct ProfileCredentials {
  enum class By : std::uint8_t { kNothing, kKeys, kRole, kProcess };

  By by = By::kNothing;
  std::string name;
  // A property that would say it to AWS's own tools, and the runtime does not know; or empty.
  std::string unknown;
};

// kCredentials where what it says cannot be, as with half a pair of keys or a source_profile that
// is not there: AWS's own tools look no further then, and the runtime would. In the order in which
// the runtime takes the properties. No value is quoted but a profile's name.
AwsResult<ProfileCredentials> FindProfileCredentials(aws_allocator* allocator);

}  // namespace sgflow
