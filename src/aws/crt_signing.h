// AWS's Signature Version 4 in the headers of a request.
#pragma once

#include <aws/auth/credentials.h>
#include <aws/http/request_response.h>

#include <chrono>
#include <string_view>

#include "aws/crt_pointer.h"

namespace sgflow {

using CrtMessage = CrtPointer<aws_http_message, aws_http_message_release>;

struct SigningScope {
  std::string_view service;
  std::string_view region;
  std::chrono::system_clock::time_point time;
};

// Adds to `request` the headers of its signature. False where the runtime refuses, with its
// aws_last_error.
[[nodiscard]] bool Sign(aws_http_message& request, const aws_credentials& credentials,
                        const SigningScope& scope);

}  // namespace sgflow
