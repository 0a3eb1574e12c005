// Secrets Manager: a password by its ARN.
#pragma once

#include <string>

#include "aws/client.h"

namespace sgflow {

// `secret` is an ARN or a name; an ARN's own region comes before `region`. The value is as it is
// stored, often JSON; it must not be shown.
AwsResult<std::string> GetSecretValue(AwsClient& client, const std::string& secret,
                                      const std::string& region = {});

}  // namespace sgflow
