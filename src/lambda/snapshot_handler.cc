#include "lambda/snapshot_handler.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <atomic>
#include <iterator>
#include <utility>

#include "lambda/firehose_event.h"
#include "snapshot/snapshot.h"
#include "snapshot/snapshot_places.h"
#include "store/document_folder.h"
#include "store/snapshot_file.h"
#include "store/snapshot_folder.h"

namespace sgflow {
namespace {

// For saying what is missing before Lambda ends the function.
constexpr std::chrono::seconds kReserve{2};

bool IsPrefix(const std::string& output) { return output.ends_with('/'); }

bool AsksForSnapshot(std::string_view event) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  std::string_view wish;
  const simdjson::padded_string_view padded(event.data(), event.size(),
                                            event.size() + kEventPadding);
  return parser.iterate(padded).get(document) == simdjson::SUCCESS &&
         document["sgflow"].get_string().get(wish) == simdjson::SUCCESS && wish == "snapshot";
}

std::string Joined(const std::vector<Error>& errors) {
  std::string text;
  for (const Error& error : errors) text.append(text.empty() ? "" : "\n").append(Describe(error));
  return text;
}

}  // namespace

Result<void> CheckSnapshotOutput(const std::string& output) {
  if (!IsPrefix(output)) return CheckSnapshotUrl(output);
  if (!output.starts_with("s3://")) {
    return std::unexpected(Error{.kind = ErrorKind::kUsage,
                                 .message = "'" + output + "' is no place for several snapshots",
                                 .place = {},
                                 .hint = "s3://BUCKET/PREFIX/ is one"});
  }
  return CheckAppendTarget(output);
}

std::expected<std::string_view, FunctionError> SnapshotHandler::Handle(
    const Invocation& invocation) {
  const auto start = std::chrono::steady_clock::now();
  if (!AsksForSnapshot(invocation.event)) {
    FunctionError error{.type = "Function.InvalidEvent",
                        .message =
                            "this function takes snapshots, as SGFLOW_SNAPSHOT_OUTPUT is "
                            "set; the event for it is " +
                            std::string(kEvent)};
    log_.Write(LogLine(LogLevel::kError)
                   .Add("requestId", invocation.request_id)
                   .Add("message", error.message));
    return std::unexpected(std::move(error));
  }
  const auto captured_at = std::chrono::floor<std::chrono::seconds>(clock_());
  const auto places = SnapshotPlaces::Open(setup_.role_arns, setup_.regions);
  if (!places) return Fail(invocation, Describe(places.error().error));
  AwsDeadline until = AwsDeadline::max();
  if (invocation.deadline) until = start + (*invocation.deadline - clock_()) - kReserve;
  std::atomic<std::size_t> done = 0;
  const auto snapshot = CaptureSnapshot(
      places->places(), {.captured_at = captured_at, .vpc_ids = {}, .until = until}, done);
  if (!snapshot) return Fail(invocation, Joined(snapshot.error()));
  for (const std::string& warning : snapshot->warnings) {
    log_.Write(LogLine(LogLevel::kWarn).Add("message", warning));
  }
  std::vector<Error> failed;
  for (const std::string& output : setup_.outputs) {
    auto written = Store(output, captured_at, snapshot->json);
    if (!written) failed.push_back(std::move(written).error());
  }
  if (!failed.empty()) return Fail(invocation, Joined(failed));
  if (!snapshot->warnings.empty()) {
    return Fail(invocation, "the snapshot is written, but not all of it could be had: " +
                                snapshot->warnings.front());
  }

  const AwsCounters counters = places->counters();
  LogLine line(LogLevel::kInfo);
  line.Add("requestId", invocation.request_id).Add("message", "snapshot written");
  answer_ = "{";
  for (std::size_t kind = 0; kind < kSnapshotKinds.size(); ++kind) {
    line.Add(kSnapshotKinds[kind], snapshot->counts[kind]);
    fmt::format_to(std::back_inserter(answer_), R"({}"{}":{})", kind == 0 ? "" : ",",
                   kSnapshotKinds[kind], snapshot->counts[kind]);
  }
  answer_ += "}";
  log_.Write(line.Add("apiCalls", counters.requests)
                 .Add("throttles", counters.throttles)
                 .Add("milliseconds", std::chrono::steady_clock::now() - start));
  return answer_;
}

Result<void> SnapshotHandler::Store(const std::string& output, std::chrono::sys_seconds captured_at,
                                    std::string_view json) const {
  if (!IsPrefix(output)) {
    return WriteSnapshot(output, json, {.redis_password_secret = setup_.redis_password_secret});
  }
  auto folder = OpenDocumentFolder(output, {});
  if (!folder) return std::unexpected(std::move(folder.error()));
  const auto appended = AppendSnapshot(**folder, captured_at, json);
  if (!appended) return std::unexpected(appended.error());
  log_.Write(LogLine(LogLevel::kInfo)
                 .Add("message", appended->stored ? "stored" : "nothing has changed")
                 .Add("snapshot", appended->name));
  return {};
}

std::expected<std::string_view, FunctionError> SnapshotHandler::Fail(const Invocation& invocation,
                                                                     std::string message) {
  log_.Write(
      LogLine(LogLevel::kError).Add("requestId", invocation.request_id).Add("message", message));
  return std::unexpected(
      FunctionError{.type = "Function.SnapshotFailed", .message = std::move(message)});
}

}  // namespace sgflow
