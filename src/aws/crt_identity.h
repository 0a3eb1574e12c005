// Whose keys a client signs with: the environment's, or those of a role that is assumed with them.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "aws/client.h"
#include "aws/crt_runtime.h"

namespace sgflow {

class CrtIdentity {
 public:
  explicit CrtIdentity(const AwsClientOptions& options);

  // Keys that are good for minutes still. A role is assumed in the region.
  AwsResult<CrtCredentials> Credentials(AwsRuntime& runtime, const std::string& region,
                                        AwsDeadline deadline);

  // What roles were assumed with.
  AwsCounters counters() const {
    return assumer_ == nullptr ? AwsCounters{} : assumer_->counters();
  }

 private:
  AwsClientOptions options_;
  std::unique_ptr<AwsClient> assumer_;  // null without a role

  std::mutex mutex_;
  CrtCredentials assumed_;
  std::chrono::system_clock::time_point expiration_;
};

}  // namespace sgflow
