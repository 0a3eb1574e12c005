// The function that takes snapshots, on a schedule: `sgflow snapshot` as an invocation.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "error/error.h"
#include "lambda/invocation_loop.h"
#include "lambda/json_log.h"
#include "store/inventory_source.h"

namespace sgflow {

struct SnapshotSetup {
  // What WriteSnapshot takes, or s3://BUCKET/PREFIX/, to which AppendSnapshot adds.
  std::vector<std::string> outputs;
  std::vector<std::string> regions;    // none: the environment's
  std::vector<std::string> role_arns;  // an account each; none: the function's own
  std::string redis_password_secret;   // an ARN
};

// Whether a snapshot could be put there, as far as can be told before.
[[nodiscard]] Result<void> CheckSnapshotOutput(const std::string& output);

class SnapshotHandler : public InvocationHandler {
 public:
  // The event that asks for a snapshot; any other is a Function.InvalidEvent, so that a stream or a
  // bucket that was wired to this function by mistake is told.
  static constexpr std::string_view kEvent = R"({"sgflow": "snapshot"})";

  // `log` must outlive it.
  SnapshotHandler(SnapshotSetup setup, JsonLog& log, WallClock clock)
      : setup_(std::move(setup)), log_(log), clock_(clock) {}

  // Answers how many elements of each kind the snapshot has. Where a place could not be listed
  // nothing is written; where an output could not be written, the others are; where AWS refused
  // entries of a prefix list, all are, without them. Each is a Function.SnapshotFailed, and Lambda
  // tries again.
  [[nodiscard]] std::expected<std::string_view, FunctionError> Handle(
      const Invocation& invocation) override;

 private:
  [[nodiscard]] Result<void> Store(const std::string& output, std::chrono::sys_seconds captured_at,
                                   std::string_view json) const;
  std::expected<std::string_view, FunctionError> Fail(const Invocation& invocation,
                                                      std::string message);

  SnapshotSetup setup_;
  JsonLog& log_;
  WallClock clock_;
  std::string answer_;
};

}  // namespace sgflow
