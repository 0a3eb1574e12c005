// The profile in use: AWS_PROFILE or default, out of AWS_CONFIG_FILE and
// AWS_SHARED_CREDENTIALS_FILE or ~/.aws.
#pragma once

#include <aws/common/allocator.h>

#include <functional>
#include <string>

namespace sgflow {

// As AwsSettings::property. What cannot be read counts as not there, as with AWS's own tools.
std::function<std::string(const std::string& name, const std::string& service)> ReadProfile(
    aws_allocator* allocator);

}  // namespace sgflow
