// Signed calls to AWS services, several at once: all that the other rooms see of AWS.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "error/error.h"

namespace sgflow {

// Why a call gave no answer, once the retries were used up.
struct AwsFault {
  enum class Kind : std::uint8_t {
    kThrottled,     // RequestLimitExceeded and its like
    kAccessDenied,  // UnauthorizedOperation, AccessDenied: error.hint names the IAM action
    kCredentials,   // none found, expired, or AWS doesn't take them
    kUnreachable,   // no connection, cut off, silent for too long, TLS, or the service fails (5xx)
    kBadAnswer,     // not what the service sends: HTML, cut off, too deep
    kNotFound,      // 404, NoSuchKey, ...
    kPrecondition,  // 304, 409 and 412: If-None-Match, If-Match
    kRefused,       // any other error of the service
  };

  Kind kind = Kind::kRefused;
  std::string code;  // AWS's own, as RequestLimitExceeded; empty where there is none
  Error error;       // kEnvironment, for people
  // Of the call that failed, which may be sts:AssumeRole; empty where none was sent.
  std::string iam_action{};
  // S3: where the bucket is, when it was asked for in another Region.
  std::string bucket_region{};
  // An attempt before the last one ended without saying whether it was done, and may have been.
  bool perhaps_done = false;
};

template <typename T>
using AwsResult = std::expected<T, AwsFault>;

// When an answer is of no use any more.
using AwsDeadline = std::chrono::steady_clock::time_point;

struct AwsCall {
  std::string service;     // as it signs: ec2, s3, sts, secretsmanager, firehose
  std::string region;      // eu-west-1; empty: DefaultAwsRegion
  std::string iam_action;  // for the message of a denial: ec2:DescribeNetworkInterfaces
  std::string method = "POST";
  std::string path = "/";  // with the query, encoded
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  // No attempt starts later, and none is waited for longer, whatever it waits for: what is not
  // answered by then is kUnreachable.
  AwsDeadline deadline = AwsDeadline::max();
};

struct AwsAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // Empty where there is none. `name` in lower case.
  std::string_view Header(std::string_view name) const;
};

struct AwsCounters {
  std::uint64_t requests = 0;  // sent, retries and those that assume a role among them
  std::uint64_t throttles = 0;

  AwsCounters Since(const AwsCounters& earlier) const {
    return {.requests = requests - earlier.requests, .throttles = throttles - earlier.throttles};
  }
};

// For one identity: the environment's, or a role that it assumes. Any number of threads may use it.
class AwsClient {
 public:
  AwsClient() = default;
  AwsClient(const AwsClient&) = delete;
  AwsClient& operator=(const AwsClient&) = delete;
  virtual ~AwsClient() = default;

  // Signs and sends the calls in parallel and retries each in AWS's standard mode; waits for all.
  // Answers stand in the order of the calls; those with a status of 300 or more are faults.
  [[nodiscard]] virtual std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) = 0;

  AwsResult<AwsAnswer> Send(const AwsCall& call);

  virtual AwsCounters counters() const { return {}; }
};

struct AwsClientOptions {
  // Empty: who the environment says this is, as AWS's own tools find it (variables, profile, web
  // identity, container, instance).
  std::string role_arn;
  std::string session_name = "sgflow";
  std::string external_id;

  std::chrono::milliseconds connect_timeout{3000};
  // For the first byte of an answer, and for how long it may pause.
  std::chrono::milliseconds answer_timeout{20000};
  // For all of an attempt, from the wait for a connection to the answer's last byte: one that comes
  // drop by drop pauses never.
  std::chrono::milliseconds attempt_timeout{60000};
  std::size_t max_connections = 16;  // at once, to one endpoint; further calls wait for their turn
  std::size_t max_answer_bytes = std::size_t{64} << 20;

  // AWS's standard mode. A retry waits for a random part of its delay, which doubles each time.
  int max_attempts = 3;
  std::chrono::milliseconds retry_delay{50};
  std::chrono::milliseconds throttled_retry_delay{1000};
  // For so long a call that AWS throttles is tried again, whatever max_attempts and the quota say:
  // for who is in no hurry. Its delays double up to 20 seconds, so AWS is asked ever less.
  std::chrono::milliseconds patience{0};
};

// Costs nothing: AWS's runtime starts with the first call.
std::unique_ptr<AwsClient> MakeAwsClient(AwsClientOptions options);

// AWS_REGION, AWS_DEFAULT_REGION or the profile's.
AwsResult<std::string> DefaultAwsRegion();

}  // namespace sgflow
