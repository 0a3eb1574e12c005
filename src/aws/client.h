// Signed calls to AWS services, several at once: all that the other rooms see of AWS.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
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
    kThrottled,     // RequestLimitExceeded and its like, or the retry quota is empty
    kAccessDenied,  // UnauthorizedOperation, AccessDenied: error.hint names the IAM action
    kCredentials,   // none found, expired, or AWS doesn't take them
    kUnreachable,   // no connection, cut off, silent for too long, TLS
    kBadAnswer,     // not what the service sends: HTML, cut off, too deep
    kNotFound,      // 404, NoSuchKey, ...
    kPrecondition,  // 304 and 412: If-None-Match, If-Match
    kRefused,       // any other error of the service
  };

  Kind kind = Kind::kRefused;
  std::string code;  // AWS's own, as RequestLimitExceeded; empty where there is none
  Error error;       // kEnvironment, for people
};

template <typename T>
using AwsResult = std::expected<T, AwsFault>;

struct AwsCall {
  std::string service;     // as it signs: ec2, s3, sts, secretsmanager, firehose
  std::string region;      // eu-west-1
  std::string iam_action;  // for the message of a denial: ec2:DescribeNetworkInterfaces
  std::string method = "POST";
  std::string path = "/";  // with the query, encoded
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
};

struct AwsAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  // Empty where there is none. `name` in lower case.
  std::string_view Header(std::string_view name) const;
};

// For one identity: the environment's, or a role that it assumes. Any number of threads may use it.
class AwsClient {
 public:
  AwsClient() = default;
  AwsClient(const AwsClient&) = delete;
  AwsClient& operator=(const AwsClient&) = delete;
  virtual ~AwsClient() = default;

  // Signs and sends the calls in parallel and retries each in AWS's standard mode; waits for all.
  // Answers stand in the order of the calls; those with a status of 400 or more are faults.
  [[nodiscard]] virtual std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) = 0;

  AwsResult<AwsAnswer> Send(const AwsCall& call);
};

}  // namespace sgflow
