// Firehose's events as invocations of the function, with the log line that each leaves.
#pragma once

#include <expected>
#include <string_view>

#include "lambda/firehose_transform.h"
#include "lambda/invocation_loop.h"
#include "lambda/json_log.h"

namespace sgflow {

class FirehoseHandler : public InvocationHandler {
 public:
  // Both must outlive it.
  FirehoseHandler(FirehoseTransform& transform, JsonLog& log) : transform_(transform), log_(log) {}

  // An event that cannot be answered is a Function.InvalidEvent.
  [[nodiscard]] std::expected<std::string_view, FunctionError> Handle(
      const Invocation& invocation) override;

 private:
  FirehoseTransform& transform_;
  JsonLog& log_;
};

}  // namespace sgflow
