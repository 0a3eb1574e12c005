// AWS's standard retry mode: which failures are tried again, after how long, and a quota that keeps
// retries from becoming a storm of their own.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string_view>

#include "aws/client.h"

namespace sgflow {

enum class RetryCause : std::uint8_t { kNone, kTransient, kThrottled };

// Of an answer that is a fault. `code` is AWS's, or empty.
RetryCause RetryCauseOf(int status, std::string_view code);

// What to wait before retry number `retry`, counted from 0. `random` is between 0 and 1.
std::chrono::milliseconds RetryDelay(const AwsClientOptions& options, RetryCause cause, int retry,
                                     double random);

// A retry takes tokens, a success gives back. Any number of threads may use it.
class RetryQuota {
 public:
  // What the retry took, to be given back with Succeed; 0 where the quota is used up.
  int Take(RetryCause cause);

  // `taken` by the call's last retry, 0 if it had none.
  void Succeed(int taken);

 private:
  std::mutex mutex_;
  int tokens_ = 500;
};

}  // namespace sgflow
