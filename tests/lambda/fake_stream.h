// A Firehose stream without a network, as the client that is asked sees it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "aws/client.h"
#include "input/base64.h"

namespace sgflow {

class FakeStream : public AwsClient {
 public:
  // Of one call.
  enum class Turn : std::uint8_t {
    kTakesAll,
    kTakesEveryOther,
    kTakesNone,  // and says so for each record
    kThrottles,
    kCutsOffBefore,  // the records are not taken
    kCutsOffBehind,  // the records are taken, and the answer is lost
    kDenies,
  };

  using AwsClient::Send;
  std::vector<AwsResult<AwsAnswer>> Send(std::span<const AwsCall> calls) override {
    std::vector<AwsResult<AwsAnswer>> answers;
    for (const AwsCall& call : calls) {
      deadlines.push_back(call.deadline);
      answers.push_back(Take(RecordsOf(call.body)));
    }
    return answers;
  }
  AwsCounters counters() const override { return {.requests = sizes.size(), .throttles = 0}; }

  std::deque<Turn> turns;          // then kTakesAll
  std::vector<std::string> taken;  // and told that they were
  std::vector<std::string> lost;   // taken, but nobody was told
  std::vector<std::size_t> sizes;  // records of each call
  std::vector<AwsDeadline> deadlines;

 private:
  static std::vector<std::string> RecordsOf(const std::string& body) {
    const std::string before = "{\"Data\":\"";
    std::vector<std::string> records;
    for (std::size_t at = body.find(before); at != std::string::npos; at = body.find(before, at)) {
      at += before.size();
      std::string bytes;
      if (!DecodeBase64(std::string_view(body).substr(at, body.find('"', at) - at), bytes)) break;
      records.push_back(std::move(bytes));
    }
    return records;
  }

  static AwsFault Fault(AwsFault::Kind kind, std::string message) {
    return {
        .kind = kind, .code = {}, .error = {ErrorKind::kEnvironment, std::move(message), {}, {}}};
  }

  AwsResult<AwsAnswer> Take(const std::vector<std::string>& records) {
    sizes.push_back(records.size());
    const Turn turn = turns.empty() ? Turn::kTakesAll : turns.front();
    if (!turns.empty()) turns.pop_front();
    switch (turn) {
      case Turn::kThrottles:
        return std::unexpected(Fault(AwsFault::Kind::kThrottled, "too many requests"));
      case Turn::kDenies:
        return std::unexpected(Fault(AwsFault::Kind::kAccessDenied, "you may not"));
      case Turn::kCutsOffBehind:
        lost.insert(lost.end(), records.begin(), records.end());
        [[fallthrough]];
      case Turn::kCutsOffBefore:
        return std::unexpected(Fault(AwsFault::Kind::kUnreachable, "the connection was cut off"));
      default:
        break;
    }
    std::string body;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const bool takes = turn == Turn::kTakesAll || (turn == Turn::kTakesEveryOther && i % 2 == 0);
      if (takes) taken.push_back(records[i]);
      body += (body.empty() ? "" : ",") +
              std::string(takes ? R"({"RecordId":"1"})"
                                : R"({"ErrorCode":"ServiceUnavailableException"})");
    }
    return AwsAnswer{
        .status = 200, .headers = {}, .body = R"({"RequestResponses":[)" + body + "]}"};
  }
};

}  // namespace sgflow
