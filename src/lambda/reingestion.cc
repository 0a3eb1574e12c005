#include "lambda/reingestion.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "aws/firehose.h"

namespace sgflow {
namespace {

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5'000};
constexpr std::chrono::milliseconds kConnectTimeout{1'000};

// A stream that is not there, or not ours, does not come from waiting.
bool MayPass(const AwsFault& fault) {
  return fault.kind == AwsFault::Kind::kThrottled || fault.kind == AwsFault::Kind::kUnreachable ||
         fault.kind == AwsFault::Kind::kBadAnswer;
}

Error FaultOf(const FirehoseFailure& failure) {
  return {.kind = ErrorKind::kEnvironment, .message = failure.message, .place = {}, .hint = {}};
}

}  // namespace

Reingestion::Reingestion(std::unique_ptr<AwsClient> client, std::string stream, WallClock clock,
                         Wait wait)
    : client_(std::move(client)),
      stream_(std::move(stream)),
      clock_(clock),
      wait_(std::move(wait)) {}

ReingestionOutcome Reingestion::Send(std::span<const std::string_view> records,
                                     std::optional<Time> until) {
  ReingestionOutcome outcome{.accepted = std::vector<bool>(records.size()), .fault = {}};
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].size() <= kFirehoseMaxRecordBytes) waiting.push_back(i);
  }
  const auto has_time = [&](std::chrono::milliseconds pause) {
    return !until || clock_() + pause + kLongestCall <= *until;
  };
  std::chrono::milliseconds pause{0};
  for (int attempt = 1; !waiting.empty() && attempt <= kMostAttempts && has_time(pause);
       ++attempt) {
    if (pause.count() > 0) wait_(pause);
    pause = std::clamp(2 * pause, kFirstPause, kLongestPause);

    std::vector<std::string_view> batch;
    for (const std::size_t record : waiting) batch.push_back(records[record]);
    // Of many calls the last ones wait for a connection.
    const auto failures =
        PutRecordBatch(*client_, stream_, batch, std::chrono::steady_clock::now() + kLongestCall);
    if (!failures) {
      outcome.fault = failures.error().error;
      if (!MayPass(failures.error())) break;
      continue;
    }
    for (const std::size_t record : waiting) outcome.accepted[record] = true;
    std::vector<std::size_t> again;
    for (const FirehoseFailure& failure : *failures) again.push_back(waiting[failure.record]);
    for (const std::size_t record : again) outcome.accepted[record] = false;
    outcome.fault = failures->empty() ? std::nullopt : std::optional(FaultOf(failures->front()));
    waiting = std::move(again);
  }
  if (!waiting.empty() && !outcome.fault) {
    outcome.fault = Error{.kind = ErrorKind::kEnvironment,
                          .message = "no time was left to send records to the stream again",
                          .place = {},
                          .hint = "give the function a longer timeout: a minute or more"};
  }
  return outcome;
}

std::unique_ptr<AwsClient> MakeReingestionClient() {
  AwsClientOptions options;
  options.connect_timeout = kConnectTimeout;
  options.answer_timeout = Reingestion::kLongestCall - kConnectTimeout;
  options.max_attempts = 1;
  return MakeAwsClient(options);
}

}  // namespace sgflow
