// What a function says to AWS Lambda: the Runtime API, without how it is carried.
// docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

struct Invocation {
  std::string request_id;    // Lambda-Runtime-Aws-Request-Id
  std::string trace_id;      // Lambda-Runtime-Trace-Id; empty where not traced
  std::string function_arn;  // Lambda-Runtime-Invoked-Function-Arn
  // Lambda-Runtime-Invocation-Id: goes back with the answer; empty where Lambda gave none.
  std::string invocation_id;
  // Lambda-Runtime-Deadline-Ms: when Lambda gives the invocation up.
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> deadline;
  // The payload. Valid until the next Next; the kEventPadding bytes behind it are readable.
  std::string_view event;
};

// An error of the function, as Lambda hands it to whoever invoked it.
struct FunctionError {
  std::string type;  // category and reason, as Runtime.ConfigInvalid
  std::string message;

  friend bool operator==(const FunctionError&, const FunctionError&) = default;
};

// What went wrong with the Runtime API itself.
struct RuntimeApiError {
  enum class Kind : std::uint8_t {
    kUnreachable,  // refused, cut off, silent for too long, or not HTTP
    kRefused,      // answered with a status that says no, mostly 4xx
    kTooLarge,     // 413: the invocation has failed; the function goes on
    kUnusable,     // 500: the container cannot go on; exit at once
  };

  Kind kind = Kind::kUnreachable;
  std::string message;
};

template <typename T>
using RuntimeResult = std::expected<T, RuntimeApiError>;

// For one invocation after the other, on one thread.
class RuntimeApi {
 public:
  RuntimeApi() = default;
  RuntimeApi(const RuntimeApi&) = delete;
  RuntimeApi& operator=(const RuntimeApi&) = delete;
  virtual ~RuntimeApi() = default;

  // Waits for the next invocation, for as long as it takes: Lambda freezes a function that waits.
  [[nodiscard]] virtual RuntimeResult<Invocation> Next() = 0;

  [[nodiscard]] virtual RuntimeResult<void> SendResponse(const Invocation& invocation,
                                                         std::string_view body) = 0;
  [[nodiscard]] virtual RuntimeResult<void> SendError(const Invocation& invocation,
                                                      const FunctionError& error) = 0;
  // The function could not start. The process must exit after it.
  [[nodiscard]] virtual RuntimeResult<void> SendInitError(const FunctionError& error) = 0;
};

}  // namespace sgflow
