#include "aws/crt_connections.h"

#include <aws/common/error.h>
#include <aws/http/connection.h>
#include <aws/http/http.h>
#include <aws/http/request_response.h>
#include <aws/io/io.h>
#include <aws/io/socket.h>

#include <algorithm>
#include <string>
#include <utility>

#include "aws/fault.h"

namespace sgflow {
namespace {

// Shorter than what services keep an idle connection for.
constexpr std::uint64_t kMaxIdleMilliseconds = 15000;

// One request on its way, from the wait for a connection to the end of its answer. The runtime's
// callbacks own it.
struct UnderWay {
  aws_http_connection_manager* manager = nullptr;
  CrtMessage request;
  std::function<void(CrtConnections::Outcome)> done;
  std::size_t max_answer_bytes = 0;
  std::chrono::milliseconds answer_timeout{};
  AwsDeadline deadline = AwsDeadline::max();
  aws_http_connection* connection = nullptr;
  AwsAnswer answer{};
};

void Finish(UnderWay* exchange, int error) {
  const std::unique_ptr<UnderWay> ended(exchange);
  if (ended->connection != nullptr) {
    aws_http_connection_manager_release_connection(ended->manager, ended->connection);
  }
  if (error != AWS_ERROR_SUCCESS) {
    ended->done(std::unexpected(error));
  } else {
    ended->done(std::move(ended->answer));
  }
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return lower;
}

int OnHeaders(aws_http_stream*, aws_http_header_block block, const aws_http_header* headers,
              std::size_t count, void* user_data) {
  auto& exchange = *static_cast<UnderWay*>(user_data);
  if (block != AWS_HTTP_HEADER_BLOCK_MAIN) return AWS_OP_SUCCESS;
  for (std::size_t i = 0; i < count; ++i) {
    exchange.answer.headers.emplace_back(LowerCase(View(headers[i].name)), View(headers[i].value));
  }
  return AWS_OP_SUCCESS;
}

int OnBody(aws_http_stream*, const aws_byte_cursor* data, void* user_data) {
  auto& exchange = *static_cast<UnderWay*>(user_data);
  if (data->len > exchange.max_answer_bytes - exchange.answer.body.size()) {
    return aws_raise_error(AWS_ERROR_SHORT_BUFFER);
  }
  // Else one that comes byte by byte would never end.
  if (std::chrono::steady_clock::now() > exchange.deadline) {
    return aws_raise_error(AWS_ERROR_HTTP_RESPONSE_FIRST_BYTE_TIMEOUT);
  }
  exchange.answer.body += View(*data);
  return AWS_OP_SUCCESS;
}

void OnComplete(aws_http_stream* stream, int error, void* user_data) {
  auto* exchange = static_cast<UnderWay*>(user_data);
  if (error == AWS_ERROR_SUCCESS) {
    aws_http_stream_get_incoming_response_status(stream, &exchange->answer.status);
  }
  aws_http_stream_release(stream);
  Finish(exchange, error);
}

// For the first byte: never more than the client waits for others; 0 is as long as those.
std::uint64_t MillisecondsUntil(AwsDeadline deadline, std::chrono::milliseconds most) {
  if (deadline == AwsDeadline::max()) return 0;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<std::uint64_t>(std::clamp(left, std::chrono::milliseconds(1), most).count());
}

void OnConnection(aws_http_connection* connection, int error, void* user_data) {
  auto* exchange = static_cast<UnderWay*>(user_data);
  if (error != AWS_ERROR_SUCCESS) {
    Finish(exchange, error);
    return;
  }
  exchange->connection = connection;
  const aws_http_make_request_options options{.self_size = sizeof options,
                                              .request = exchange->request.get(),
                                              .user_data = exchange,
                                              .on_response_headers = OnHeaders,
                                              .on_response_body = OnBody,
                                              .on_complete = OnComplete,
                                              .response_first_byte_timeout_ms = MillisecondsUntil(
                                                  exchange->deadline, exchange->answer_timeout)};
  aws_http_stream* stream = aws_http_connection_make_request(connection, &options);
  if (stream == nullptr) {
    Finish(exchange, aws_last_error());
  } else if (aws_http_stream_activate(stream) != AWS_OP_SUCCESS) {
    // OnComplete is not called for a stream that has never been active.
    error = aws_last_error();
    aws_http_stream_release(stream);
    Finish(exchange, error);
  }
}

std::string Why(int error) {
  switch (error) {
    case AWS_IO_DNS_INVALID_NAME:
    case AWS_IO_DNS_NO_ADDRESS_FOR_HOST:
    case AWS_IO_DNS_QUERY_FAILED:
    case AWS_IO_DNS_QUERY_AGAIN:
    case AWS_IO_DNS_HOST_REMOVED_FROM_CACHE:
      return "has no address: its name cannot be looked up";
    case AWS_IO_SOCKET_CONNECTION_REFUSED:
      return "refuses connections";
    case AWS_IO_SOCKET_TIMEOUT:
    case AWS_IO_SOCKET_CONNECT_ABORTED:
      return "does not take connections in time";
    case AWS_IO_SOCKET_NO_ROUTE_TO_HOST:
    case AWS_IO_SOCKET_NETWORK_DOWN:
      return "cannot be reached from this network";
    case AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE:
      return "has a certificate that is not trusted here, or does not agree on TLS";
    case AWS_IO_TLS_NEGOTIATION_TIMEOUT:
      return "does not agree on TLS in time";
    case AWS_ERROR_HTTP_RESPONSE_FIRST_BYTE_TIMEOUT:
    case AWS_ERROR_HTTP_CHANNEL_THROUGHPUT_FAILURE:
      return "does not answer in time";
    case AWS_ERROR_HTTP_CONNECTION_CLOSED:
    case AWS_ERROR_HTTP_SERVER_CLOSED:
    case AWS_IO_SOCKET_CLOSED:
    case AWS_IO_BROKEN_PIPE:
      return "cut the connection before its answer was whole";
    case AWS_ERROR_HTTP_PROXY_CONNECT_FAILED:
      return "cannot be reached through the proxy";
    default:
      return std::string("gave no answer: ") + aws_error_str(error);
  }
}

std::string WhatToDo(int error) {
  switch (error) {
    case AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE:
      return "if its certificate is your company's own, name the file that has it in AWS_CA_BUNDLE";
    case AWS_ERROR_HTTP_PROXY_CONNECT_FAILED:
      return "see HTTPS_PROXY and NO_PROXY";
    case AWS_IO_SOCKET_TIMEOUT:
    case AWS_IO_SOCKET_NO_ROUTE_TO_HOST:
    case AWS_IO_DNS_INVALID_NAME:
      return "see the region, AWS_ENDPOINT_URL, HTTPS_PROXY, and whether the subnet has a way to "
             "it";
    default:
      return {};
  }
}

}  // namespace

AwsResult<std::unique_ptr<CrtConnections>> CrtConnections::Make(
    const std::shared_ptr<AwsRuntime>& runtime, const Endpoint& endpoint,
    const AwsClientOptions& options) {
  aws_socket_options socket{};
  socket.type = AWS_SOCKET_STREAM;
  socket.connect_timeout_ms = static_cast<std::uint32_t>(options.connect_timeout.count());
  socket.tcp_nodelay = AWS_SOCKET_TCP_NODELAY_ON;

  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.answer_timeout);
  const aws_http_connection_monitoring_options monitoring{
      .minimum_throughput_bytes_per_second = 1,
      .allowable_throughput_failure_interval_seconds = static_cast<std::uint32_t>(seconds.count())};

  aws_tls_connection_options tls_options{};
  const CrtPointer<aws_tls_connection_options, aws_tls_connection_options_clean_up> cleaned_up(
      &tls_options);
  const aws_byte_cursor host = Cursor(endpoint.host);
  if (endpoint.tls) {
    const auto tls = runtime->Tls();
    if (!tls) return std::unexpected(tls.error());
    aws_tls_connection_options_init_from_ctx(&tls_options, *tls);
    tls_options.timeout_ms = static_cast<std::uint32_t>(options.connect_timeout.count());
    aws_tls_connection_options_set_server_name(&tls_options, runtime->allocator(), &host);
  }

  const aws_http_connection_manager_options manager{
      .bootstrap = runtime->bootstrap(),
      .initial_window_size = SIZE_MAX,
      .socket_options = &socket,
      .response_first_byte_timeout_ms = static_cast<std::uint64_t>(options.answer_timeout.count()),
      .tls_connection_options = endpoint.tls ? &tls_options : nullptr,
      .monitoring_options = &monitoring,
      .host = host,
      .port = endpoint.port,
      .proxy_ev_settings = &runtime->proxy(),
      .max_connections = options.max_connections,
      .max_connection_idle_in_milliseconds = kMaxIdleMilliseconds};
  // Not make_unique: the constructor is private.
  std::unique_ptr<CrtConnections> connections(new CrtConnections(runtime, options));
  connections->manager_.reset(aws_http_connection_manager_new(runtime->allocator(), &manager));
  if (connections->manager_ == nullptr) {
    return std::unexpected(UnreachableFault(endpoint, aws_last_error()));
  }
  return connections;
}

void CrtConnections::Exchange(CrtMessage request, AwsDeadline deadline,
                              std::function<void(Outcome)> done) {
  auto exchange = std::make_unique<UnderWay>(manager_.get(), std::move(request), std::move(done),
                                             max_answer_bytes_, answer_timeout_, deadline);
  aws_http_connection_manager_acquire_connection(manager_.get(), OnConnection, exchange.release());
}

bool MayPass(int error) {
  // s2n holds each failure back for 10 to 30 seconds, so that nobody learns from how long it took.
  return error != AWS_ERROR_SHORT_BUFFER && error != AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE;
}

AwsFault UnreachableFault(const Endpoint& endpoint, int error) {
  if (error == AWS_ERROR_SHORT_BUFFER) {
    return MakeFault(AwsFault::Kind::kBadAnswer,
                     endpoint.Authority() + " answers with more than sgflow takes at once");
  }
  return MakeFault(AwsFault::Kind::kUnreachable, endpoint.Authority() + " " + Why(error),
                   WhatToDo(error));
}

}  // namespace sgflow
