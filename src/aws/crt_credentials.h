// Keys to sign with, shared by all calls that are under way with them.
#pragma once

#include <aws/auth/credentials.h>

#include <memory>

#include "aws/client.h"

namespace sgflow {

using CrtCredentials = std::shared_ptr<const aws_credentials>;

// Takes over the reference.
inline CrtCredentials OwnCredentials(aws_credentials* credentials) {
  return {credentials, [](const aws_credentials* owned) { aws_credentials_release(owned); }};
}

// Waits for what the provider gives.
AwsResult<CrtCredentials> WaitForCredentials(aws_credentials_provider& provider,
                                             AwsDeadline deadline);

}  // namespace sgflow
