#include "lambda/http_runtime_api.h"

#include <httplib.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <string>
#include <utility>

#include "lambda/firehose_event.h"
#include "lambda/json_log.h"

namespace sgflow {
namespace {

constexpr std::string_view kInvocationPath = "/2018-06-01/runtime/invocation/";
constexpr const char* kInitErrorPath = "/2018-06-01/runtime/init/error";

constexpr int kOk = 200;
constexpr int kAccepted = 202;
constexpr int kPayloadTooLarge = 413;
constexpr int kInternalServerError = 500;

// "Without end": as long as select() can be told, and longer than Lambda keeps a function.
constexpr std::chrono::seconds kForever = std::chrono::hours(24 * 365);

// Never more is asked for ahead, whatever the server says will come; Lambda sends 6 MB at most.
constexpr std::size_t kMaxReserved = std::size_t{8} << 20;

std::string ErrorBody(const FunctionError& error) {
  std::string body = R"({"errorMessage":")";
  AppendForeignJson(error.message, body);
  body += R"(","errorType":")";
  AppendForeignJson(error.type, body);
  body += R"(","stackTrace":[]})";
  return body;
}

std::string Unreachable(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "cannot be reached";
    case httplib::Error::ConnectionTimeout:
      return "did not take the connection in time";
    case httplib::Error::Read:
      return "gave no whole answer: the connection was cut, or silent for too long";
    case httplib::Error::Write:
      return "did not take the whole request: the connection was cut, or stuck for too long";
    default:
      return "failed: " + httplib::to_string(error);
  }
}

class HttpRuntimeApi : public RuntimeApi {
 public:
  HttpRuntimeApi(const std::string& host, int port, HttpRuntimeApiOptions options)
      : options_(options), client_(host, port) {
    client_.set_keep_alive(true);
    // Else the end of an answer waits for the server to acknowledge its start.
    client_.set_tcp_nodelay(true);
    client_.set_decompress(false);
    client_.set_connection_timeout(options.connect_timeout);
    client_.set_write_timeout(options.answer_timeout);
  }

  RuntimeResult<Invocation> Next() override;
  RuntimeResult<void> SendResponse(const Invocation& invocation, std::string_view body) override;
  RuntimeResult<void> SendError(const Invocation& invocation, const FunctionError& error) override;
  RuntimeResult<void> SendInitError(const FunctionError& error) override;

 private:
  httplib::Result GetNext(const std::string& path);
  httplib::Result PostOnce(const std::string& path, const httplib::Headers& headers,
                           std::string_view body);
  RuntimeResult<void> Post(const std::string& path, const httplib::Headers& headers,
                           std::string_view body);

  HttpRuntimeApiOptions options_;
  httplib::Client client_;
  std::string event_;
};

RuntimeApiError UnreachableError(const std::string& path, httplib::Error error) {
  return {.kind = RuntimeApiError::Kind::kUnreachable,
          .message = "the Lambda Runtime API " + Unreachable(error) + " (" + path + ")"};
}

// `path` is the route that answered.
RuntimeApiError StatusError(const std::string& path, int status) {
  RuntimeApiError error{
      .kind = RuntimeApiError::Kind::kRefused,
      .message = "the Lambda Runtime API answered " + std::to_string(status) + " (" + path + ")"};
  if (status == kPayloadTooLarge) {
    error.kind = RuntimeApiError::Kind::kTooLarge;
    error.message += ": the answer is larger than Lambda takes";
  } else if (status == kInternalServerError) {
    error.kind = RuntimeApiError::Kind::kUnusable;
    error.message += ": the container is unusable";
  }
  return error;
}

httplib::Result HttpRuntimeApi::GetNext(const std::string& path) {
  event_.clear();
  client_.set_read_timeout(kForever);
  return client_.Get(
      path,
      [this](const httplib::Response& response) {
        const auto size = response.get_header_value<std::uint64_t>("Content-Length");
        event_.reserve(std::min<std::size_t>(size, kMaxReserved) + kEventPadding);
        return true;
      },
      [this](const char* bytes, std::size_t count) {
        event_.append(bytes, count);
        return true;
      });
}

RuntimeResult<Invocation> HttpRuntimeApi::Next() {
  const std::string path = std::string(kInvocationPath) + "next";
  const auto answer = GetNext(path);
  if (!answer) return std::unexpected(UnreachableError(path, answer.error()));
  if (answer->status != kOk) return std::unexpected(StatusError(path, answer->status));

  Invocation invocation{
      .request_id = answer->get_header_value("Lambda-Runtime-Aws-Request-Id"),
      .trace_id = answer->get_header_value("Lambda-Runtime-Trace-Id"),
      .function_arn = answer->get_header_value("Lambda-Runtime-Invoked-Function-Arn"),
      .invocation_id = answer->get_header_value("Lambda-Runtime-Invocation-Id"),
      .deadline = {},
      .event = {}};
  if (invocation.request_id.empty()) {
    return std::unexpected(RuntimeApiError{.kind = RuntimeApiError::Kind::kRefused,
                                           .message =
                                               "the Lambda Runtime API gave an invocation without "
                                               "Lambda-Runtime-Aws-Request-Id"});
  }
  if (const auto milliseconds =
          answer->get_header_value<std::uint64_t>("Lambda-Runtime-Deadline-Ms")) {
    // A clock that counts nanoseconds ends in 2262.
    const auto last = std::chrono::floor<std::chrono::milliseconds>(
        std::chrono::system_clock::time_point::max().time_since_epoch());
    invocation.deadline.emplace(
        std::min(std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds)), last));
  }
  const std::size_t size = event_.size();
  event_.append(kEventPadding, '\0');
  invocation.event = std::string_view(event_).substr(0, size);
  return invocation;
}

httplib::Result HttpRuntimeApi::PostOnce(const std::string& path, const httplib::Headers& headers,
                                         std::string_view body) {
  client_.set_read_timeout(options_.answer_timeout);
  // A string would be copied twice on its way.
  return client_.Post(
      path, headers, body.size(),
      [body](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        return sink.write(body.data() + offset, length);
      },
      "application/json");
}

RuntimeResult<void> HttpRuntimeApi::Post(const std::string& path, const httplib::Headers& headers,
                                         std::string_view body) {
  const auto start = std::chrono::steady_clock::now();
  auto answer = PostOnce(path, headers, body);
  // The server may have closed the kept connection as we wrote. Once more does no harm: an
  // invocation that has its answer refuses another. After a silence it would help nobody.
  if (!answer && std::chrono::steady_clock::now() - start < options_.answer_timeout) {
    answer = PostOnce(path, headers, body);
  }
  if (!answer) return std::unexpected(UnreachableError(path, answer.error()));
  if (answer->status != kAccepted && answer->status != kOk) {
    return std::unexpected(StatusError(path, answer->status));
  }
  return {};
}

httplib::Headers InvocationHeaders(const Invocation& invocation) {
  httplib::Headers headers;
  if (!invocation.invocation_id.empty()) {
    headers.emplace("Lambda-Runtime-Invocation-Id", invocation.invocation_id);
  }
  return headers;
}

RuntimeResult<void> HttpRuntimeApi::SendResponse(const Invocation& invocation,
                                                 std::string_view body) {
  return Post(std::string(kInvocationPath) + invocation.request_id + "/response",
              InvocationHeaders(invocation), body);
}

RuntimeResult<void> HttpRuntimeApi::SendError(const Invocation& invocation,
                                              const FunctionError& error) {
  httplib::Headers headers = InvocationHeaders(invocation);
  headers.emplace("Lambda-Runtime-Function-Error-Type", error.type);
  return Post(std::string(kInvocationPath) + invocation.request_id + "/error", headers,
              ErrorBody(error));
}

RuntimeResult<void> HttpRuntimeApi::SendInitError(const FunctionError& error) {
  return Post(kInitErrorPath, {{"Lambda-Runtime-Function-Error-Type", error.type}},
              ErrorBody(error));
}

}  // namespace

Result<std::unique_ptr<RuntimeApi>> MakeHttpRuntimeApi(std::string_view address,
                                                       HttpRuntimeApiOptions options) {
  const std::size_t colon = address.rfind(':');
  std::string_view host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  if (colon != std::string_view::npos) {
    const char* end = address.data() + address.size();
    const auto parsed = std::from_chars(address.data() + colon + 1, end, port);
    if (parsed.ptr != end || parsed.ec != std::errc{}) port = 0;
  }
  if (host.empty() || port == 0) {
    return std::unexpected(
        Error{.kind = ErrorKind::kUsage,
              .message = "'" + std::string(address) + "' is no HOST:PORT",
              .place = {.file = {}, .line = 0, .column = 0, .field = "AWS_LAMBDA_RUNTIME_API"},
              .hint = {}});
  }
  std::signal(SIGPIPE, SIG_IGN);
  return std::make_unique<HttpRuntimeApi>(std::string(host), port, options);
}

}  // namespace sgflow
