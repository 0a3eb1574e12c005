// One line an invocation in CloudWatch's embedded metric format: metrics without a call.
// docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "aws/client.h"
#include "lambda/firehose_transform.h"
#include "lambda/json_log.h"
#include "lambda/object_counts.h"
#include "store/inventory_source.h"

namespace sgflow {

struct InvocationReport {
  bool failed = false;  // there was no answer, and no counts
  FirehoseCounts counts;
  std::uint64_t reingested = 0;           // of those that overflowed
  std::optional<ObjectCounts> objects{};  // in place of `counts`, whether it failed or not
  // What came since the report before.
  SourceCounters inventory;
  AwsCounters stream;
  AwsCounters s3{};  // of objects
  std::optional<std::chrono::seconds> inventory_age;
  std::chrono::nanoseconds duration{0};
};

class Metrics {
 public:
  // `function_name` is their one dimension; empty: none. The line is a log line without a level:
  // Lambda keeps it whatever the level of the log is.
  Metrics(std::string name_space, std::string function_name, JsonLog::Sink sink)
      : namespace_(std::move(name_space)),
        function_name_(std::move(function_name)),
        sink_(std::move(sink)) {}

  void Write(const InvocationReport& report, std::chrono::system_clock::time_point now);

 private:
  std::string namespace_;
  std::string function_name_;
  JsonLog::Sink sink_;
};

}  // namespace sgflow
