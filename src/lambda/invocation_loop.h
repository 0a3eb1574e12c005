// The life of a Lambda function: ask for an invocation, answer it, and again.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <string_view>

#include "lambda/json_log.h"
#include "lambda/runtime_api.h"

namespace sgflow {

class InvocationHandler {
 public:
  InvocationHandler() = default;
  InvocationHandler(const InvocationHandler&) = delete;
  InvocationHandler& operator=(const InvocationHandler&) = delete;
  virtual ~InvocationHandler() = default;

  // The answer is valid until the next Handle.
  [[nodiscard]] virtual std::expected<std::string_view, FunctionError> Handle(
      const Invocation& invocation) = 0;

  // The answer was handed over, and Lambda has not been asked for the next invocation yet: work
  // that nobody waits for.
  virtual void AfterAnswer() {}
};

// How often in a row `next` may fail before the loop gives up.
inline constexpr int kMaxNextAttempts = 4;

using Wait = std::function<void(std::chrono::milliseconds)>;

// Ends only when the Runtime API can be used no more, and returns the exit code: 3. An answer that
// could not be handed over is logged and the loop goes on. Sets _X_AMZN_TRACE_ID for each
// invocation. `wait` is called between attempts at `next`.
[[nodiscard]] int RunInvocationLoop(RuntimeApi& api, InvocationHandler& handler, JsonLog& log,
                                    const Wait& wait);

}  // namespace sgflow
