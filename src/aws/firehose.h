// Firehose's PutRecordBatch: many records in a call, of which each may fail for itself.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"

namespace sgflow {

// What one call takes; the records of a larger batch go in several.
inline constexpr std::size_t kFirehoseMaxRecords = 500;
inline constexpr std::size_t kFirehoseMaxBytes = std::size_t{4} << 20;  // of all together
inline constexpr std::size_t kFirehoseMaxRecordBytes = std::size_t{1000} << 10;

struct FirehoseFailure {
  std::size_t record;   // its place in the batch
  std::string message;  // a sentence: which call, and what it said
};

// The records that Firehose did not take, in order; to be sent again by who sent them. A fault
// where nothing is known of any. What no answer has come to by the deadline counts as not taken.
AwsResult<std::vector<FirehoseFailure>> PutRecordBatch(AwsClient& client, const std::string& stream,
                                                       std::span<const std::string_view> records,
                                                       AwsDeadline deadline = AwsDeadline::max(),
                                                       const std::string& region = {});

}  // namespace sgflow
