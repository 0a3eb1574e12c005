// Security Token Service: who is calling, and roles.
#pragma once

#include <chrono>
#include <string>

#include "aws/client.h"

namespace sgflow {

struct CallerIdentity {
  std::string account_id;
  std::string arn;
};

AwsResult<CallerIdentity> GetCallerIdentity(AwsClient& client, const std::string& region);

// What AssumeRole gives. Secret: to be signed with, and never to be shown.
struct TemporaryKeys {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
  std::chrono::system_clock::time_point expiration;
};

// The role, the session's name and the external id are those of `options`.
AwsResult<TemporaryKeys> AssumeRole(AwsClient& client, const std::string& region,
                                    const AwsClientOptions& options,
                                    AwsDeadline deadline = AwsDeadline::max());

}  // namespace sgflow
