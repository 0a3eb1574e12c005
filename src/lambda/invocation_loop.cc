#include "lambda/invocation_loop.h"

#include <cstdlib>
#include <optional>
#include <string>

namespace sgflow {
namespace {

constexpr int kEnvironmentFailed = 3;
constexpr std::chrono::milliseconds kFirstWait{10};

// Libraries and tools that trace look for it there.
void SetTraceId(const std::string& trace_id) {
  if (trace_id.empty()) {
    unsetenv("_X_AMZN_TRACE_ID");
  } else {
    setenv("_X_AMZN_TRACE_ID", trace_id.c_str(), 1);
  }
}

int GiveUp(JsonLog& log, const std::string& message) {
  log.Write(LogLine(LogLevel::kFatal).Add("message", message));
  return kEnvironmentFailed;
}

// None where the Runtime API can be used no more, and `log` has been told why.
std::optional<Invocation> NextInvocation(RuntimeApi& api, JsonLog& log, const Wait& wait) {
  std::chrono::milliseconds pause = kFirstWait;
  for (int attempt = 1;; ++attempt, pause *= 4) {
    auto invocation = api.Next();
    if (invocation) return std::move(*invocation);
    const RuntimeApiError& error = invocation.error();
    if (error.kind == RuntimeApiError::Kind::kUnusable) {
      GiveUp(log, error.message);
      return std::nullopt;
    }
    if (attempt == kMaxNextAttempts) {
      GiveUp(log, error.message + "; giving up after " + std::to_string(attempt) + " attempts");
      return std::nullopt;
    }
    log.Write(LogLine(LogLevel::kWarn).Add("message", error.message + "; trying again"));
    wait(pause);
  }
}

}  // namespace

int RunInvocationLoop(RuntimeApi& api, InvocationHandler& handler, JsonLog& log, const Wait& wait) {
  while (true) {
    const auto invocation = NextInvocation(api, log, wait);
    if (!invocation) return kEnvironmentFailed;
    SetTraceId(invocation->trace_id);
    const auto answer = handler.Handle(*invocation);
    const auto sent = answer ? api.SendResponse(*invocation, *answer)
                             : api.SendError(*invocation, answer.error());
    if (!sent && sent.error().kind == RuntimeApiError::Kind::kUnusable) {
      return GiveUp(log, sent.error().message);
    }
    if (!sent) {
      log.Write(LogLine(LogLevel::kError)
                    .Add("requestId", invocation->request_id)
                    .Add("message", sent.error().message));
    }
    handler.AfterAnswer();
  }
}

}  // namespace sgflow
