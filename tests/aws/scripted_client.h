// An AwsClient without a network, for tests of what services are asked.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "aws/client.h"

namespace sgflow {

// Keeps what it is asked and gives the answers that it was told, in order.
class ScriptedClient : public AwsClient {
 public:
  using AwsClient::Send;
  std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) override {
    const std::lock_guard lock(mutex_);
    std::vector<AwsResult<AwsAnswer>> results;
    for (const AwsCall& call : calls) {
      asked.push_back(call);
      results.push_back(std::move(answers.front()));
      answers.pop_front();
    }
    return results;
  }

  std::deque<AwsResult<AwsAnswer>> answers;
  std::vector<AwsCall> asked;

 private:
  std::mutex mutex_;
};

inline AwsAnswer Answer(std::string body,
                        std::vector<std::pair<std::string, std::string>> headers = {}) {
  return {.status = 200, .headers = std::move(headers), .body = std::move(body)};
}

inline AwsFault Fault(AwsFault::Kind kind, std::string code = {}) {
  return {.kind = kind, .code = code, .error = {ErrorKind::kEnvironment, "it is " + code, {}, {}}};
}

}  // namespace sgflow
