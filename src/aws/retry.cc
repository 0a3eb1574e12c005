#include "aws/retry.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace sgflow {
namespace {

constexpr int kMaxTokens = 500;
constexpr int kTransientCost = 14;
constexpr int kThrottledCost = 5;
constexpr std::chrono::milliseconds kMaxDelay{20000};

constexpr std::array<std::string_view, 14> kThrottled{
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "EC2ThrottledException",
    "BandwidthLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
};

constexpr std::array<std::string_view, 7> kTransient{
    "RequestTimeout",
    "RequestTimeoutException",
    "InternalError",
    "InternalFailure",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "ConditionalRequestConflict",  // another conditional write is under way
};

constexpr int kTooManyRequests = 429;

}  // namespace

RetryCause RetryCauseOf(int status, std::string_view code) {
  if (status == kTooManyRequests || std::ranges::find(kThrottled, code) != kThrottled.end()) {
    return RetryCause::kThrottled;
  }
  if (status == 500 || (status >= 502 && status <= 504) ||
      std::ranges::find(kTransient, code) != kTransient.end()) {
    return RetryCause::kTransient;
  }
  return RetryCause::kNone;
}

std::chrono::milliseconds RetryDelay(const AwsClientOptions& options, RetryCause cause, int retry,
                                     double random) {
  const auto base =
      cause == RetryCause::kThrottled ? options.throttled_retry_delay : options.retry_delay;
  const double longest = std::min(std::ldexp(static_cast<double>(base.count()), retry),
                                  static_cast<double>(kMaxDelay.count()));
  return std::chrono::milliseconds(std::llround(random * longest));
}

int RetryQuota::Take(RetryCause cause) {
  const int cost = cause == RetryCause::kThrottled ? kThrottledCost : kTransientCost;
  const std::lock_guard lock(mutex_);
  if (tokens_ < cost) return 0;
  tokens_ -= cost;
  return cost;
}

void RetryQuota::Succeed(int taken) {
  const std::lock_guard lock(mutex_);
  tokens_ = std::min(kMaxTokens, tokens_ + std::max(taken, 1));
}

}  // namespace sgflow
