#include "lambda/firehose_handler.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enrich/self_check.h"
#include "lambda/unlearned_text.h"

namespace sgflow {
namespace {

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : "; ") + text;
  return joined;
}

// `reingested`: of what overflowed; none where that is not set up.
LogLine Summary(const Invocation& invocation, const FirehoseOutcome& outcome,
                std::optional<std::uint64_t> reingested) {
  const FirehoseCounts& counts = outcome.counts;
  const bool all_well =
      counts.failed == 0 && counts.overflowed == reingested.value_or(0) && !outcome.hint;
  LogLine line(all_well ? LogLevel::kInfo : LogLevel::kWarn);
  line.Add("requestId", invocation.request_id)
      .Add("records", counts.records)
      .Add("ok", counts.ok)
      .Add("dropped", counts.dropped)
      .Add("failed", counts.failed)
      .Add("overflowed", counts.overflowed);
  if (counts.late != 0) line.Add("late", counts.late);
  if (reingested) line.Add("reingested", *reingested);
  line.Add("flowRecords", counts.flow_records).Add("unknownInterface", counts.unknown_interface);
  if (!counts.unlearned.empty()) line.Add("unlearned", TextOf(counts.unlearned));
  for (std::size_t i = 0; i < kVerdictKindCount; ++i) {
    const auto kind = static_cast<VerdictKind>(i);
    if (counts.verdicts[i] == 0 || kind == VerdictKind::kUnknownInterface) continue;
    line.Add(NameOf(kind), counts.verdicts[i]);
  }
  EnrichCounters enriched;
  enriched.verdicts = counts.verdicts;
  const SelfCheck check = CheckOf(enriched);
  line.Add("judged", check.judged).Add("unexplained", check.unexplained);
  if (outcome.hint) line.Add("selfCheck", *outcome.hint);
  if (outcome.first_failure) line.Add("firstFailure", WithoutQuotations(*outcome.first_failure));
  return line;
}

}  // namespace

std::expected<std::string_view, FunctionError> FirehoseHandler::Handle(
    const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  const TimePlan plan = PlanTime(clock_(), invocation.deadline, reingestion_ != nullptr);
  const TimeIsOver time_is_over = EndOfEnriching(plan);
  Result<FirehoseOutcome> outcome;
  bool is_first = true;
  const auto learned = batches_.Run(
      /*new_stretch=*/true,
      [&](Enricher& enricher) {
        if (!outcome) return;  // nor will it be read another time
        outcome = is_first ? transform_.Transform(invocation.event, enricher, time_is_over)
                           : transform_.TransformAgain(enricher, time_is_over);
        is_first = false;
        // Then nothing is to be learned: there is no time to make use of it.
        if (time_is_over()) static_cast<void>(enricher.TakeLacking());
      },
      plan.learn_until ? Deadline::clock::now() + (*plan.learn_until - clock_()) : Deadline::max());
  if (!outcome || !learned) {
    FunctionError error{.type = outcome ? "Function.InventoryUnavailable" : "Function.InvalidEvent",
                        .message = Describe(outcome ? learned.error() : outcome.error())};
    LogLine line(LogLevel::kError);
    line.Add("requestId", invocation.request_id).Add("message", error.message);
    InvocationReport report = Report();
    report.failed = true;
    Tell(std::move(line), report, start);
    return std::unexpected(std::move(error));
  }
  const Reingested reingested = ReingestAll(*outcome, plan);
  const std::string_view body = transform_.Finish();
  InvocationReport report = Report();
  report.counts = outcome->counts;
  report.reingested = reingested.count;
  LogLine line = Summary(invocation, *outcome,
                         reingestion_ == nullptr ? std::nullopt : std::optional(report.reingested));
  if (reingested.fault) line.Add("reingestFault", Describe(*reingested.fault));
  Tell(std::move(line), report, start);
  return body;
}

TimeIsOver FirehoseHandler::EndOfEnriching(const TimePlan& plan) const {
  return [&plan, this] { return plan.enrich_until && clock_() >= *plan.enrich_until; };
}

// Records that overflow together would overflow together again, and go round for ever. So one of
// them waits until the others are in the stream, and has the room that they leave.
FirehoseHandler::Reingested FirehoseHandler::ReingestAll(FirehoseOutcome& outcome,
                                                         const TimePlan& plan) {
  if (reingestion_ == nullptr) return {};
  const std::span<const std::size_t> records = outcome.to_reingest;
  if (records.size() < 2 || outcome.counts.late != 0) return Reingest(records, plan.answer_by);
  Reingested others = Reingest(records.subspan(1), plan.answer_by);
  if (others.count != 0 && DeliverLater(records.front(), outcome, plan)) return others;
  const Reingested last = Reingest(records.first(1), plan.answer_by);
  return {.count = others.count + last.count, .fault = others.fault ? others.fault : last.fault};
}

bool FirehoseHandler::DeliverLater(std::size_t record, FirehoseOutcome& outcome,
                                   const TimePlan& plan) {
  const TimeIsOver time_is_over = EndOfEnriching(plan);
  if (time_is_over()) return false;
  bool delivered = false;
  const auto run = batches_.Run(
      /*new_stretch=*/true,
      [&](Enricher& enricher) {
        // What it lacks was learned with the event.
        if (!delivered)
          delivered = transform_.DeliverLater(record, enricher, time_is_over, outcome);
        static_cast<void>(enricher.TakeLacking());
      },
      Deadline::clock::now());
  return run && delivered;
}

FirehoseHandler::Reingested FirehoseHandler::Reingest(std::span<const std::size_t> records,
                                                      std::optional<TimePlan::Time> until) {
  std::vector<std::size_t> sent;
  std::vector<std::string> originals;
  for (const std::size_t record : records) {
    auto original = transform_.Original(record);
    if (!original) continue;  // nor could the stream take it
    sent.push_back(record);
    originals.push_back(std::move(*original));
  }
  if (sent.empty()) return {};
  ReingestionOutcome outcome =
      reingestion_->Send(std::vector<std::string_view>(originals.begin(), originals.end()), until);
  Reingested reingested{.count = 0, .fault = std::move(outcome.fault)};
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (!outcome.accepted[i]) continue;
    transform_.Drop(sent[i]);
    ++reingested.count;
  }
  return reingested;
}

// Renewing comes after it, and is in the next one.
InvocationReport FirehoseHandler::Report() {
  InvocationReport report;
  const SourceCounters counters = source_.counters();
  report.inventory = {.api_calls = counters.api_calls - told_.api_calls,
                      .throttles = counters.throttles - told_.throttles,
                      .cache_hits = counters.cache_hits - told_.cache_hits,
                      .failures = counters.failures - told_.failures,
                      .as_of = counters.as_of,
                      .silent = counters.silent};
  told_ = counters;
  if (counters.as_of) {
    const auto age = std::chrono::floor<std::chrono::seconds>(clock_() - *counters.as_of);
    report.inventory_age = std::max(age, std::chrono::seconds(0));
  }
  if (reingestion_ != nullptr) {
    const AwsCounters stream = reingestion_->counters();
    report.stream = stream.Since(told_stream_);
    told_stream_ = stream;
  }
  return report;
}

void FirehoseHandler::Tell(LogLine line, InvocationReport report,
                           std::chrono::steady_clock::time_point start) {
  report.duration = std::chrono::steady_clock::now() - start;
  line.Add("milliseconds", report.duration);
  if (source_.CanLearn()) {
    line.Add("apiCalls", report.inventory.api_calls)
        .Add("throttles", report.inventory.throttles)
        .Add("cacheHits", report.inventory.cache_hits)
        .Add("notLearned", report.inventory.failures);
  }
  if (!report.inventory.silent.empty()) line.Add("silent", Joined(report.inventory.silent));
  if (report.inventory_age) {
    line.Add("inventoryAgeSeconds", static_cast<std::uint64_t>(report.inventory_age->count()));
  }
  log_.Write(line);
  if (metrics_ != nullptr) metrics_->Write(report, clock_());
}

void FirehoseHandler::AfterAnswer() {
  for (const std::string& message : source_.Refresh()) {
    log_.Write(LogLine(LogLevel::kWarn).Add("message", message));
  }
}

}  // namespace sgflow
