// Records back into a Firehose stream: they come again, in another event.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"
#include "lambda/invocation_loop.h"
#include "store/inventory_source.h"

namespace sgflow {

struct ReingestionOutcome {
  std::vector<bool> accepted;  // by the record's place
  // Why some were not, the last time that they were sent.
  std::optional<Error> fault;
};

// For one thread.
class Reingestion {
 public:
  using Time = std::chrono::system_clock::time_point;

  // No call is begun that might not be over in time.
  static constexpr std::chrono::milliseconds kLongestCall{4'000};
  static constexpr int kMostAttempts = 8;

  // `wait` is called between attempts.
  Reingestion(std::unique_ptr<AwsClient> client, std::string stream, WallClock clock, Wait wait);

  // Sends what the stream did not accept once more, until `until` at most (none: as often as
  // kMostAttempts). A record that is larger than the stream takes is not sent. Where a call's
  // answer is lost its records may be in the stream twice.
  ReingestionOutcome Send(std::span<const std::string_view> records, std::optional<Time> until);

  AwsCounters counters() const { return client_->counters(); }

 private:
  std::unique_ptr<AwsClient> client_;
  std::string stream_;
  WallClock clock_;
  Wait wait_;
};

// Asks by the environment's identity. Its own retries are Reingestion's.
std::unique_ptr<AwsClient> MakeReingestionClient();

}  // namespace sgflow
