#include "lambda/firehose_handler.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

namespace sgflow {
namespace {

constexpr std::chrono::seconds kToAnswer{5};

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
  const bool all_well = counts.failed == 0 && counts.overflowed == 0 && !answer.hint;
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
    const auto kind = static_cast<VerdictKind>(i);
    if (counts.verdicts[i] == 0 || kind == VerdictKind::kUnknownInterface) continue;
    line.Add(NameOf(kind), counts.verdicts[i]);
  }
  if (answer.hint) line.Add("selfCheck", *answer.hint);
  line.Add("milliseconds", duration);
  if (answer.first_failure) line.Add("firstFailure", WithoutQuotations(*answer.first_failure));
  return line;
}

// With what is left the event is enriched once more and answered.
Deadline LearnUntil(const Invocation& invocation, std::chrono::system_clock::time_point now) {
  if (!invocation.deadline) return Deadline::max();
  const std::chrono::nanoseconds left = *invocation.deadline - now;
  return Deadline::clock::now() + std::max(left - kToAnswer, left / 2);
}

}  // namespace

std::expected<std::string_view, FunctionError> FirehoseHandler::Handle(
    const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  Result<FirehoseAnswer> answer;
  const auto learned = batches_.Run(
      /*new_stretch=*/true,
      [&](Enricher& enricher) { answer = transform_.Transform(invocation.event, enricher); },
      LearnUntil(invocation, clock_()));
  const auto duration = std::chrono::steady_clock::now() - start;
  if (!answer || !learned) {
    FunctionError error{.type = answer ? "Function.InventoryUnavailable" : "Function.InvalidEvent",
                        .message = Describe(answer ? learned.error() : answer.error())};
    LogLine line(LogLevel::kError);
    line.Add("requestId", invocation.request_id)
        .Add("message", error.message)
        .Add("milliseconds", duration);
    AddInventory(line);
    log_.Write(line);
    return std::unexpected(std::move(error));
  }
  LogLine line = Summary(invocation, *answer, duration);
  AddInventory(line);
  log_.Write(line);
  return answer->body;
}

// What happened since the last line: renewing comes after it.
void FirehoseHandler::AddInventory(LogLine& line) {
  const SourceCounters counters = source_.counters();
  if (source_.CanLearn()) {
    line.Add("apiCalls", counters.api_calls - told_.api_calls)
        .Add("throttles", counters.throttles - told_.throttles)
        .Add("cacheHits", counters.cache_hits - told_.cache_hits)
        .Add("notLearned", counters.failures - told_.failures);
  }
  if (counters.as_of) {
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(clock_() - *counters.as_of);
    line.Add("inventoryAgeSeconds",
             static_cast<std::uint64_t>(std::max<std::int64_t>(age.count(), 0)));
  }
  told_ = counters;
}

void FirehoseHandler::AfterAnswer() {
  for (const std::string& message : source_.Refresh()) {
    log_.Write(LogLine(LogLevel::kWarn).Add("message", message));
  }
}

}  // namespace sgflow
