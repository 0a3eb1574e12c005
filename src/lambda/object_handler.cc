#include "lambda/object_handler.h"

#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

#include "lambda/time_plan.h"
#include "lambda/unlearned_text.h"

namespace sgflow {
namespace {

std::string_view NameOf(ObjectOutcome::Result result) {
  switch (result) {
    case ObjectOutcome::Result::kWritten:
      return "written";
    case ObjectOutcome::Result::kFinished:
      return "finished before";
    case ObjectOutcome::Result::kPassed:
      return "passed over";
    case ObjectOutcome::Result::kFailed:
      break;
  }
  return "failed";
}

// SQS's ids are of letters, digits and hyphens.
void AddFailure(std::string_view id, std::string& list) {
  if (!list.empty()) list += ',';
  list += R"({"itemIdentifier":")";
  for (const char c : id) {
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= ' ') list += c;
  }
  list += "\"}";
}

}  // namespace

std::expected<std::string_view, FunctionError> ObjectHandler::Handle(const Invocation& invocation) {
  const auto event = ParseObjectEvent(invocation.event);
  if (!event) return others_.Handle(invocation);
  const auto start = std::chrono::steady_clock::now();
  if (enricher_ == nullptr) enricher_ = make_();
  counts_ = {};
  auto answer = Answer(*event, invocation);
  if (metrics_ != nullptr) Tell(!answer, start);
  return answer;
}

std::expected<std::string_view, FunctionError> ObjectHandler::Answer(const ObjectEvent& event,
                                                                     const Invocation& invocation) {
  std::string failed;
  std::optional<Error> failure;
  for (const ObjectMessage& message : event.messages) {
    auto error = Process(message, invocation);
    if (!error) continue;
    AddFailure(message.id, failed);
    if (!failure) failure = std::move(error);
  }
  if (event.is_of_queue) {
    answer_ = R"({"batchItemFailures":[)" + failed + "]}";
    return answer_;
  }
  if (failure) {
    return std::unexpected(
        FunctionError{.type = "Function.ObjectFailed", .message = WithoutQuotations(*failure)});
  }
  answer_ = "{}";
  return answer_;
}

void ObjectHandler::Count(const ObjectOutcome& outcome) {
  ++counts_.objects;
  switch (outcome.result) {
    case ObjectOutcome::Result::kFinished:
      ++counts_.finished;
      return;
    case ObjectOutcome::Result::kPassed:
      ++counts_.passed;
      return;
    case ObjectOutcome::Result::kFailed:
      ++counts_.failed;
      return;
    case ObjectOutcome::Result::kWritten:
      break;
  }
  ++counts_.written;
  if (!outcome.unlearned.empty()) ++counts_.incomplete;
  if (outcome.cut_off) ++counts_.cut_off;
  counts_.flow_records += outcome.records;
  counts_.rejected += outcome.rejected;
  counts_.unknown_interface += outcome.counters.unknown_interface;
  for (std::size_t i = 0; i < kVerdictKindCount; ++i) {
    counts_.verdicts[i] += outcome.counters.verdicts[i];
  }
}

void ObjectHandler::Tell(bool failed, std::chrono::steady_clock::time_point start) {
  InvocationReport report = others_.Report();
  report.failed = failed;
  report.objects = counts_;
  const AwsCounters calls = client_.counters();
  report.s3 = calls.Since(told_calls_);
  told_calls_ = calls;
  report.duration = std::chrono::steady_clock::now() - start;
  metrics_->Write(report, clock_());
}

std::optional<Error> ObjectHandler::Process(const ObjectMessage& message,
                                            const Invocation& invocation) {
  std::optional<Error> failure = message.error;
  if (failure) {
    Count({});  // how many it told of is not known
    log_.Write(LogLine(LogLevel::kError)
                   .Add("requestId", invocation.request_id)
                   .Add("message", Describe(*failure)));
  }
  if (message.others != 0) {
    log_.Write(LogLine(LogLevel::kInfo)
                   .Add("requestId", invocation.request_id)
                   .Add("message", "the event tells of no new object"));
  }
  for (const S3Location& object : message.objects) {
    auto error = Process(object, invocation);
    if (error && !failure) failure = std::move(error);
  }
  return failure;
}

std::optional<Error> ObjectHandler::Process(const S3Location& object,
                                            const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  const TimePlan plan = PlanTime(clock_(), invocation.deadline, /*reingests=*/false);
  const ObjectOutcome outcome = enricher_->Process(object, plan.enrich_until);
  Count(outcome);
  const bool failed = outcome.result == ObjectOutcome::Result::kFailed;
  const bool all_well = !failed && outcome.errors.empty() && outcome.unlearned.empty();
  LogLine line(failed ? LogLevel::kError : all_well ? LogLevel::kInfo : LogLevel::kWarn);
  line.Add("requestId", invocation.request_id)
      .Add("object", S3UrlOf(object.bucket, object.key))
      .Add("result", NameOf(outcome.result))
      .Add("flowRecords", outcome.records)
      .Add("rejected", outcome.rejected);
  if (!outcome.unlearned.empty()) line.Add("unlearned", TextOf(outcome.unlearned));
  if (!outcome.errors.empty()) {
    const Error& told = failed ? outcome.errors.back() : outcome.errors.front();
    line.Add("fault", WithoutQuotations(told));
  }
  line.Add("milliseconds", std::chrono::steady_clock::now() - start);
  log_.Write(line);
  for (const std::string& message : outcome.messages) {
    log_.Write(LogLine(LogLevel::kWarn).Add("message", message));
  }
  if (!failed && outcome.unlearned.empty()) return std::nullopt;
  if (!failed) {
    return Error{
        .kind = ErrorKind::kEnvironment,
        .message = "AWS could not be asked for all of it: " + TextOf(outcome.unlearned),
        .place = {.file = S3UrlOf(object.bucket, object.key), .line = 0, .column = 0, .field = {}},
        .hint = "it is done anew when the event comes again"};
  }
  if (!outcome.errors.empty()) return outcome.errors.back();
  return Error{
      .kind = ErrorKind::kEnvironment,
      .message = "could not be enriched",
      .place = {.file = S3UrlOf(object.bucket, object.key), .line = 0, .column = 0, .field = {}},
      .hint = {}};
}

}  // namespace sgflow
