#include "lambda/firehose_handler.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace sgflow {
namespace {

// Readers quote what they could not read, and a payload has no place in the log.
std::string WithoutQuotations(Error error) {
  const std::size_t first = error.message.find('\'');
  const std::size_t last = error.message.rfind('\'');
  if (first != last) error.message.replace(first, last - first + 1, "'...'");
  return Describe(error);
}

LogLine Summary(const Invocation& invocation, const FirehoseAnswer& answer,
                std::chrono::nanoseconds duration) {
  const FirehoseCounts& counts = answer.counts;
  const bool all_well = counts.failed == 0 && counts.overflowed == 0;
  LogLine line(all_well ? LogLevel::kInfo : LogLevel::kWarn);
  line.Add("requestId", invocation.request_id)
      .Add("records", counts.records)
      .Add("ok", counts.ok)
      .Add("dropped", counts.dropped)
      .Add("failed", counts.failed)
      .Add("overflowed", counts.overflowed)
      .Add("flowRecords", counts.flow_records)
      .Add("unknownInterface", counts.unknown_interface);
  for (std::size_t i = 0; i < kVerdictKindCount; ++i) {
    if (counts.verdicts[i] == 0) continue;
    line.Add(NameOf(static_cast<VerdictKind>(i)), counts.verdicts[i]);
  }
  line.Add("milliseconds", duration);
  if (answer.first_failure) line.Add("firstFailure", WithoutQuotations(*answer.first_failure));
  return line;
}

}  // namespace

std::expected<std::string_view, FunctionError> FirehoseHandler::Handle(
    const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  const auto answer = transform_.Transform(invocation.event);
  const auto duration = std::chrono::steady_clock::now() - start;
  if (!answer) {
    FunctionError error{.type = "Function.InvalidEvent", .message = Describe(answer.error())};
    log_.Write(LogLine(LogLevel::kError)
                   .Add("requestId", invocation.request_id)
                   .Add("message", error.message)
                   .Add("milliseconds", duration));
    return std::unexpected(std::move(error));
  }
  log_.Write(Summary(invocation, *answer, duration));
  return answer->body;
}

}  // namespace sgflow
