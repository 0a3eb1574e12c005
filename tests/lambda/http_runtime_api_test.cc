// What needs a clock that the test can set, or a server that breaks HTTP; the whole program meets
// a whole server in test_lambda_runtime.py.
#include "lambda/http_runtime_api.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace sgflow {
namespace {

// Listens on loopback and lets `serve` have each connection in turn, until it is told to stop.
class LoopbackServer {
 public:
  using Serve = std::function<void(int connection)>;

  explicit LoopbackServer(Serve serve) : serve_(std::move(serve)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { Accept(); });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  const std::string& address() const { return address_; }

 private:
  void Accept() {
    while (true) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      serve_(connection);
      close(connection);
    }
  }

  Serve serve_;
  int listener_;
  std::string address_;
  std::thread thread_;
};

// Up to the end of the headers, and so many bytes of body; empty when the client went away.
std::string ReadRequest(int connection, std::size_t body = 0) {
  std::string request;
  char bytes[4096];
  std::size_t end = std::string::npos;
  while ((end = request.find("\r\n\r\n")) == std::string::npos || request.size() < end + 4 + body) {
    const ssize_t count = read(connection, bytes, sizeof bytes);
    if (count <= 0) return {};
    request.append(bytes, static_cast<std::size_t>(count));
  }
  return request;
}

void Send(int connection, std::string_view text) {
  ASSERT_EQ(write(connection, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

void WaitForClient(int connection) {
  char byte = 0;
  while (read(connection, &byte, 1) > 0) {
  }
}

Invocation InvocationNamed(std::string id) {
  Invocation invocation;
  invocation.request_id = std::move(id);
  return invocation;
}

std::unique_ptr<RuntimeApi> Connect(const LoopbackServer& server,
                                    std::chrono::milliseconds answer_timeout = {}) {
  HttpRuntimeApiOptions options;
  if (answer_timeout.count() != 0) options.answer_timeout = answer_timeout;
  auto api = MakeHttpRuntimeApi(server.address(), options);
  EXPECT_TRUE(api);
  return std::move(*api);
}

TEST(HttpRuntimeApiTest, ReadsAnInvocation) {
  const LoopbackServer server([](int connection) {
    EXPECT_TRUE(ReadRequest(connection)
                    .starts_with("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n"));
    Send(connection,
         "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n"
         "Lambda-Runtime-Aws-Request-Id: 8476a536\r\n"
         "lambda-runtime-deadline-ms: 1542409706888\r\n"
         "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:111122223333:function:f\r\n"
         "Lambda-Runtime-Trace-Id: Root=1-5bef4de7;Parent=9a9197af;Sampled=1\r\n"
         "Lambda-Runtime-Invocation-Id: i-1\r\n\r\n{\"a\":1}");
    WaitForClient(connection);
  });
  const auto api = Connect(server);
  const auto invocation = api->Next();
  ASSERT_TRUE(invocation) << invocation.error().message;
  EXPECT_EQ(invocation->request_id, "8476a536");
  EXPECT_EQ(invocation->trace_id, "Root=1-5bef4de7;Parent=9a9197af;Sampled=1");
  EXPECT_EQ(invocation->function_arn, "arn:aws:lambda:us-east-1:111122223333:function:f");
  EXPECT_EQ(invocation->invocation_id, "i-1");
  ASSERT_TRUE(invocation->deadline);
  EXPECT_EQ(invocation->deadline->time_since_epoch().count(), 1542409706888);
  EXPECT_EQ(invocation->event, "{\"a\":1}");
}

TEST(HttpRuntimeApiTest, DoesNotTakeAnInvocationThatWasCutOff) {
  const LoopbackServer server([](int connection) {
    ReadRequest(connection);
    Send(connection,
         "HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 1\r\nContent-Length: 700\r\n\r\n{\"a");
  });
  const auto invocation = Connect(server)->Next();
  ASSERT_FALSE(invocation);
  EXPECT_EQ(invocation.error().kind, RuntimeApiError::Kind::kUnreachable);
  EXPECT_EQ(invocation.error().message,
            "the Lambda Runtime API gave no whole answer: the connection was cut, or silent for "
            "too long (/2018-06-01/runtime/invocation/next)");
}

TEST(HttpRuntimeApiTest, DoesNotTakeWhatIsNoHttp) {
  const LoopbackServer server([](int connection) {
    ReadRequest(connection);
    Send(connection, "+PONG\r\n");
  });
  const auto invocation = Connect(server)->Next();
  ASSERT_FALSE(invocation);
  EXPECT_EQ(invocation.error().kind, RuntimeApiError::Kind::kUnreachable);
}

TEST(HttpRuntimeApiTest, NeedsARequestId) {
  const LoopbackServer server([](int connection) {
    ReadRequest(connection);
    Send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  });
  const auto invocation = Connect(server)->Next();
  ASSERT_FALSE(invocation);
  EXPECT_EQ(invocation.error().kind, RuntimeApiError::Kind::kRefused);
}

TEST(HttpRuntimeApiTest, GivesUpOnAServerThatTakesAnAnswerAndSaysNothing) {
  int connections = 0;
  {
    const LoopbackServer server([&connections](int connection) {
      ++connections;
      WaitForClient(connection);
    });
    const auto api = Connect(server, std::chrono::milliseconds(20));
    const auto sent = api->SendResponse(InvocationNamed("1"), "{}");
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().kind, RuntimeApiError::Kind::kUnreachable);
  }
  EXPECT_EQ(connections, 1);  // once more would be as long a wait again
}

TEST(HttpRuntimeApiTest, SendsAnAnswerAgainWhenTheConnectionWasCut) {
  int connections = 0;
  std::string request;
  {
    const LoopbackServer server([&](int connection) {
      request = ReadRequest(connection, 2);
      if (++connections > 1) Send(connection, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
    });
    Invocation invocation = InvocationNamed("8476a536");
    invocation.invocation_id = "i-1";
    const auto sent = Connect(server)->SendResponse(invocation, "{}");
    EXPECT_TRUE(sent) << sent.error().message;
  }
  EXPECT_EQ(connections, 2);
  EXPECT_TRUE(
      request.starts_with("POST /2018-06-01/runtime/invocation/8476a536/response HTTP/1.1\r\n"));
  EXPECT_NE(request.find("\r\nLambda-Runtime-Invocation-Id: i-1\r\n"), std::string::npos);
  EXPECT_TRUE(request.ends_with("\r\n\r\n{}"));
}

TEST(HttpRuntimeApiTest, TellsWhichStatusCameFromWhere) {
  const LoopbackServer server([](int connection) {
    for (const std::string_view status : {"413", "403", "500"}) {
      ReadRequest(connection, 2);
      Send(connection, "HTTP/1.1 " + std::string(status) + " No\r\nContent-Length: 0\r\n\r\n");
    }
    WaitForClient(connection);
  });
  const auto api = Connect(server);
  const auto too_large = api->SendResponse(InvocationNamed("1"), "{}");
  ASSERT_FALSE(too_large);
  EXPECT_EQ(too_large.error().kind, RuntimeApiError::Kind::kTooLarge);
  EXPECT_EQ(too_large.error().message,
            "the Lambda Runtime API answered 413 (/2018-06-01/runtime/invocation/1/response): the "
            "answer is larger than Lambda takes");
  EXPECT_EQ(api->SendResponse(InvocationNamed("1"), "{}").error().kind,
            RuntimeApiError::Kind::kRefused);
  EXPECT_EQ(api->SendResponse(InvocationNamed("1"), "{}").error().kind,
            RuntimeApiError::Kind::kUnusable);
}

TEST(HttpRuntimeApiTest, NeedsAHostAndAPort) {
  for (const std::string_view address : {"", "localhost", ":9001", "localhost:", "localhost:x",
                                         "localhost:0", "localhost:70000", "localhost:80 "}) {
    const auto api = MakeHttpRuntimeApi(address);
    ASSERT_FALSE(api) << address;
    EXPECT_EQ(Describe(api.error()),
              "AWS_LAMBDA_RUNTIME_API: '" + std::string(address) + "' is no HOST:PORT");
  }
  EXPECT_TRUE(MakeHttpRuntimeApi("127.0.0.1:9001"));
  EXPECT_TRUE(MakeHttpRuntimeApi("[::1]:9001"));
}

}  // namespace
}  // namespace sgflow
