// The Runtime API over HTTP, as AWS Lambda offers it to a custom runtime.
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "error/error.h"
#include "lambda/runtime_api.h"

namespace sgflow {

struct HttpRuntimeApiOptions {
  std::chrono::milliseconds connect_timeout{1'000};
  // For all but the wait for an invocation, which has none. Each time bytes come it starts anew.
  std::chrono::milliseconds answer_timeout{5'000};
};

// `address` is HOST:PORT, the value of AWS_LAMBDA_RUNTIME_API; kUsage where it is not. Connects
// when first used, without any proxy, and keeps the connection while the server does. From here on
// the process ignores SIGPIPE: a connection that is cut is an error like others.
[[nodiscard]] Result<std::unique_ptr<RuntimeApi>> MakeHttpRuntimeApi(
    std::string_view address, HttpRuntimeApiOptions options = {});

}  // namespace sgflow
