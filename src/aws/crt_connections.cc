#include "aws/crt_connections.h"

#include <aws/common/error.h>
#include <aws/http/connection.h>
#include <aws/http/http.h>
#include <aws/http/request_response.h>
#include <aws/io/io.h>
#include <aws/io/socket.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "aws/crt_proxy.h"
#include "aws/fault.h"

namespace sgflow {
namespace {

// Shorter than what services keep an idle connection for.
constexpr std::uint64_t kMaxIdleMilliseconds = 15000;

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return lower;
}

// Lives until the runtime's callbacks are done with it, whoever has abandoned it.
class UnderWay : public CrtConnections::Exchange {
 public:
  UnderWay(aws_http_connection_manager* manager, CrtMessage request, std::size_t max_answer_bytes,
           std::function<void(CrtConnections::Outcome)> done)
      : manager_(manager),
        request_(std::move(request)),
        max_answer_bytes_(max_answer_bytes),
        done_(std::move(done)) {}

  static std::shared_ptr<UnderWay> Start(std::shared_ptr<UnderWay> exchange) {
    exchange->self_ = exchange;
    aws_http_connection_manager_acquire_connection(exchange->manager_, OnConnection,
                                                   exchange.get());
    return exchange;
  }

  bool Abandon() override {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    if (stream_ != nullptr) aws_http_stream_cancel(stream_, TimeoutError());
    return !connected_;
  }

 private:
  static void OnConnection(aws_http_connection* connection, int error, void* user_data) {
    static_cast<UnderWay*>(user_data)->Connected(connection, error);
  }

  static int OnHeaders(aws_http_stream*, aws_http_header_block block,
                       const aws_http_header* headers, std::size_t count, void* user_data) {
    auto& exchange = *static_cast<UnderWay*>(user_data);
    if (block != AWS_HTTP_HEADER_BLOCK_MAIN) return AWS_OP_SUCCESS;
    for (std::size_t i = 0; i < count; ++i) {
      exchange.answer_.headers.emplace_back(LowerCase(View(headers[i].name)),
                                            View(headers[i].value));
    }
    return AWS_OP_SUCCESS;
  }

  static int OnBody(aws_http_stream*, const aws_byte_cursor* data, void* user_data) {
    auto& exchange = *static_cast<UnderWay*>(user_data);
    if (data->len > exchange.max_answer_bytes_ - exchange.answer_.body.size()) {
      return aws_raise_error(AWS_ERROR_SHORT_BUFFER);
    }
    // An answer after which the server closes cannot be cancelled, only refused.
    if (exchange.IsAbandoned()) return aws_raise_error(TimeoutError());
    exchange.answer_.body += View(*data);
    return AWS_OP_SUCCESS;
  }

  static void OnComplete(aws_http_stream* stream, int error, void* user_data) {
    auto& exchange = *static_cast<UnderWay*>(user_data);
    if (error == AWS_ERROR_SUCCESS) {
      aws_http_stream_get_incoming_response_status(stream, &exchange.answer_.status);
    }
    exchange.Drop(stream);
    exchange.Finish(error);
  }

  void Connected(aws_http_connection* connection, int error) {
    connection_ = connection;
    bool is_wanted = false;
    {
      const std::lock_guard lock(mutex_);
      is_wanted = !abandoned_;
      connected_ = is_wanted;
    }
    if (!is_wanted) done_ = nullptr;
    if (!is_wanted || error != AWS_ERROR_SUCCESS) return Finish(error);

    const aws_http_make_request_options options{.self_size = sizeof options,
                                                .request = request_.get(),
                                                .user_data = this,
                                                .on_response_headers = OnHeaders,
                                                .on_response_body = OnBody,
                                                .on_complete = OnComplete};
    aws_http_stream* stream = aws_http_connection_make_request(connection, &options);
    if (stream == nullptr) return Finish(aws_last_error());
    if (aws_http_stream_activate(stream) != AWS_OP_SUCCESS) {
      // OnComplete is not called for a stream that has never been active.
      error = aws_last_error();
      Drop(stream);
      return Finish(error);
    }
    const std::lock_guard lock(mutex_);
    stream_ = stream;
    // Only an active one can be cancelled.
    if (abandoned_) aws_http_stream_cancel(stream, TimeoutError());
  }

  bool IsAbandoned() {
    const std::lock_guard lock(mutex_);
    return abandoned_;
  }

  void Drop(aws_http_stream* stream) {
    const std::lock_guard lock(mutex_);
    stream_ = nullptr;
    aws_http_stream_release(stream);
  }

  void Finish(int error) {
    const std::shared_ptr<UnderWay> ended = std::move(self_);
    if (connection_ != nullptr) {
      aws_http_connection_manager_release_connection(manager_, connection_);
    }
    if (!done_) return;
    if (error != AWS_ERROR_SUCCESS) {
      done_(std::unexpected(error));
    } else {
      done_(std::move(answer_));
    }
  }

  aws_http_connection_manager* manager_;
  CrtMessage request_;
  std::size_t max_answer_bytes_;
  std::function<void(CrtConnections::Outcome)> done_;
  std::shared_ptr<UnderWay> self_;
  aws_http_connection* connection_ = nullptr;
  AwsAnswer answer_;

  std::mutex mutex_;
  bool connected_ = false;
  bool abandoned_ = false;
  aws_http_stream* stream_ = nullptr;  // while it can be cancelled
};

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
      return "does not let it through";
    default:
      return std::string("gave no answer: ") + aws_error_str(error);
  }
}

// Where a proxy stands before the endpoint, such an error is the proxy's.
bool IsOfConnecting(int error) {
  switch (error) {
    case AWS_IO_DNS_INVALID_NAME:
    case AWS_IO_DNS_NO_ADDRESS_FOR_HOST:
    case AWS_IO_DNS_QUERY_FAILED:
    case AWS_IO_DNS_QUERY_AGAIN:
    case AWS_IO_DNS_HOST_REMOVED_FROM_CACHE:
    case AWS_IO_SOCKET_CONNECTION_REFUSED:
    case AWS_IO_SOCKET_TIMEOUT:
    case AWS_IO_SOCKET_CONNECT_ABORTED:
    case AWS_IO_SOCKET_NO_ROUTE_TO_HOST:
    case AWS_IO_SOCKET_NETWORK_DOWN:
    case AWS_ERROR_HTTP_PROXY_CONNECT_FAILED:
      return true;
    default:
      return false;
  }
}

std::string WhatToDo(int error) {
  switch (error) {
    case AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE:
      return "if its certificate is your company's own, name the file that has it in AWS_CA_BUNDLE";
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

  auto proxy = FindProxy(endpoint, runtime->allocator());
  if (!proxy) return std::unexpected(std::move(proxy.error()));

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
  std::unique_ptr<CrtConnections> connections(
      new CrtConnections(runtime, endpoint, std::move(*proxy), options.max_answer_bytes));
  connections->manager_.reset(aws_http_connection_manager_new(runtime->allocator(), &manager));
  if (connections->manager_ == nullptr) {
    return std::unexpected(connections->FaultOf(aws_last_error()));
  }
  return connections;
}

std::shared_ptr<CrtConnections::Exchange> CrtConnections::Start(CrtMessage request,
                                                                std::function<void(Outcome)> done) {
  return UnderWay::Start(std::make_shared<UnderWay>(manager_.get(), std::move(request),
                                                    max_answer_bytes_, std::move(done)));
}

int TimeoutError() { return AWS_ERROR_HTTP_RESPONSE_FIRST_BYTE_TIMEOUT; }

bool MayPass(int error) {
  // Who is not trusted now is not trusted a second later.
  return error != AWS_ERROR_SHORT_BUFFER && error != AWS_IO_TLS_ERROR_NEGOTIATION_FAILURE;
}

AwsFault CrtConnections::FaultOf(int error) const {
  const std::string host = endpoint_.Authority();
  if (error == AWS_ERROR_SHORT_BUFFER) {
    return MakeFault(AwsFault::Kind::kBadAnswer,
                     host + " answers with more than sgflow takes at once");
  }
  if (!proxy_.empty() && IsOfConnecting(error)) {
    return MakeFault(
        AwsFault::Kind::kUnreachable,
        host + " cannot be reached: the proxy that " + proxy_ + " names " + Why(error),
        "see " + proxy_ + ", or name " + endpoint_.host + " in NO_PROXY if it needs no proxy");
  }
  return MakeFault(AwsFault::Kind::kUnreachable, host + " " + Why(error), WhatToDo(error));
}

}  // namespace sgflow
