// The client against a server in this process: parallel calls, retries and what they count.
#include "aws/client.h"

#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace sgflow {
namespace {

constexpr const char* kThrottled =
    "<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded."
    "</Message></Error></Errors></Response>";

class ClientTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.set_keep_alive_max_count(1000);
    server_.set_tcp_nodelay(true);
    // A thread serves one connection as long as it is open.
    server_.new_task_queue = [] { return new httplib::ThreadPool(32); };
    const int port = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    Set("AWS_ENDPOINT_URL", "http://127.0.0.1:" + std::to_string(port));
    Set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    Set("AWS_SECRET_ACCESS_KEY", "not-to-be-shown");
    Set("NO_PROXY", "127.0.0.1");
  }
  void TearDown() override {
    server_.stop();
    thread_.join();
  }

  static void Set(const char* name, const std::string& value) { setenv(name, value.c_str(), 1); }

  static AwsClientOptions WithoutWaiting() {
    AwsClientOptions options;
    options.retry_delay = options.throttled_retry_delay = std::chrono::milliseconds(0);
    // httplib lets 5 wait to be accepted; the next one would be dropped, and try again in a second.
    options.max_connections = 4;
    return options;
  }

  static AwsCall Call(std::string body, std::string path = "/") {
    return {.service = "ec2",
            .region = "eu-west-1",
            .iam_action = "ec2:DescribeSubnets",
            .path = std::move(path),
            .body = std::move(body)};
  }

  httplib::Server server_;
  std::thread thread_;
};

TEST_F(ClientTest, AnswersStandInTheOrderOfTheCalls) {
  server_.Post("/", [](const httplib::Request& request, httplib::Response& response) {
    response.set_content("<a>" + request.body + "</a>", "text/xml");
  });
  std::vector<AwsCall> calls;
  for (int i = 0; i < 100; ++i) calls.push_back(Call(std::to_string(i)));
  const auto client = MakeAwsClient(WithoutWaiting());
  const auto answers = client->Send(calls);
  ASSERT_EQ(answers.size(), calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_TRUE(answers[i]) << Describe(answers[i].error().error);
    EXPECT_EQ(answers[i]->body, "<a>" + calls[i].body + "</a>");
    EXPECT_EQ(answers[i]->Header("content-type"), "text/xml");
  }
  EXPECT_EQ(client->counters().requests, 100U);
}

TEST_F(ClientTest, CallsGoInParallelAndNeverMoreThanAllowed) {
  std::mutex mutex;
  std::condition_variable changed;
  int here = 0;
  int most = 0;
  // The first is not answered before a second is here: one after the other would wait for ever.
  server_.Post("/", [&](const httplib::Request&, httplib::Response& response) {
    std::unique_lock lock(mutex);
    most = std::max(most, ++here);
    changed.notify_all();
    changed.wait(lock, [&] { return most >= 2; });
    --here;
    response.set_content("<a/>", "text/xml");
  });
  AwsClientOptions options;
  options.max_connections = 2;
  for (const auto& answer : MakeAwsClient(options)->Send(std::vector<AwsCall>(8, Call("x")))) {
    EXPECT_TRUE(answer);
  }
  EXPECT_EQ(most, 2);
}

TEST_F(ClientTest, ConnectionsAreUsedAgain) {
  std::mutex mutex;
  std::set<int> ports;
  server_.Post("/", [&](const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex);
    ports.insert(request.remote_port);
    response.set_content("<a/>", "text/xml");
  });
  const auto client = MakeAwsClient({});
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(client->Send(Call("x")));
  EXPECT_EQ(ports.size(), 1U);
}

TEST_F(ClientTest, ABurstOfThrottlingPasses) {
  std::atomic<int> asked = 0;
  server_.Post("/", [&](const httplib::Request&, httplib::Response& response) {
    const bool refused = asked++ < 2;
    response.status = refused ? 503 : 200;
    response.set_content(refused ? kThrottled : "<a/>", "text/xml");
  });
  const auto client = MakeAwsClient(WithoutWaiting());
  const auto answer = client->Send(Call("x"));
  ASSERT_TRUE(answer) << Describe(answer.error().error);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(client->counters().requests, 3U);
  EXPECT_EQ(client->counters().throttles, 2U);
}

TEST_F(ClientTest, ThreeAttemptsAreAllThereAre) {
  std::atomic<int> asked = 0;
  server_.Post("/", [&](const httplib::Request&, httplib::Response& response) {
    ++asked;
    response.status = 503;
    response.set_content(kThrottled, "text/xml");
  });
  const auto answer = MakeAwsClient(WithoutWaiting())->Send(Call("x"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(answer.error().kind, AwsFault::Kind::kThrottled);
  EXPECT_EQ(Describe(answer.error().error),
            "ec2:DescribeSubnets in eu-west-1: RequestLimitExceeded: Request limit exceeded "
            "(3 attempts); AWS limits this account's calls: fewer at once, or later, will pass");
}

TEST_F(ClientTest, WhenAllIsThrottledTheQuotaEndsTheRetries) {
  std::atomic<int> asked = 0;
  server_.Post("/", [&](const httplib::Request&, httplib::Response& response) {
    ++asked;
    response.status = 503;
    response.set_content(kThrottled, "text/xml");
  });
  const auto client = MakeAwsClient(WithoutWaiting());
  for (const auto& answer : client->Send(std::vector<AwsCall>(200, Call("x"))))
    EXPECT_FALSE(answer);
  // 200 first attempts, and retries of 5 tokens each from 500.
  EXPECT_EQ(asked, 200 + 100);
  EXPECT_FALSE(client->Send(Call("x")));
  EXPECT_EQ(asked, 200 + 100 + 1);
}

TEST_F(ClientTest, WhoIsInNoHurryAsksAThrottlingServiceAgainAndAgain) {
  std::atomic<int> asked = 0;
  server_.Post("/", [&](const httplib::Request&, httplib::Response& response) {
    const bool refused = asked++ < 200;
    response.status = refused ? 503 : 200;
    response.set_content(refused ? kThrottled : "<a/>", "text/xml");
  });
  AwsClientOptions options = WithoutWaiting();
  options.patience = std::chrono::hours(1);
  const auto answer = MakeAwsClient(options)->Send(Call("x"));
  ASSERT_TRUE(answer) << Describe(answer.error().error);
  EXPECT_EQ(asked, 201) << "more than the quota has tokens for";
}

TEST_F(ClientTest, ButNotForEver) {
  server_.Post("/", [&](const httplib::Request&, httplib::Response& response) {
    response.status = 503;
    response.set_content(kThrottled, "text/xml");
  });
  AwsClientOptions options = WithoutWaiting();
  options.patience = std::chrono::milliseconds(20);
  const auto answer = MakeAwsClient(options)->Send(Call("x"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, AwsFault::Kind::kThrottled);
}

TEST_F(ClientTest, PatienceIsForThrottlingAlone) {
  std::atomic<int> asked = 0;
  server_.Post("/", [&](const httplib::Request&, httplib::Response& response) {
    ++asked;
    response.status = 500;
  });
  AwsClientOptions options = WithoutWaiting();
  options.patience = std::chrono::hours(1);
  EXPECT_FALSE(MakeAwsClient(options)->Send(Call("x")));
  EXPECT_EQ(asked, 3);
}

TEST_F(ClientTest, ARefusalIsNotTriedAgainAndSparesTheOthers) {
  std::atomic<int> refused = 0;
  server_.Post("/denied", [&](const httplib::Request&, httplib::Response& response) {
    ++refused;
    response.status = 403;
    response.set_content(
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>No."
        "</Message></Error></Errors></Response>",
        "text/xml");
  });
  server_.Post("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("<a/>", "text/xml");
  });
  const auto answers = MakeAwsClient(WithoutWaiting())
                           ->Send(std::vector<AwsCall>{Call("x"), Call("x", "/denied"), Call("x")});
  EXPECT_TRUE(answers[0]);
  EXPECT_TRUE(answers[2]);
  ASSERT_FALSE(answers[1]);
  EXPECT_EQ(answers[1].error().kind, AwsFault::Kind::kAccessDenied);
  EXPECT_EQ(refused, 1);
}

TEST_F(ClientTest, AnAnswerThatIsTooLargeIsNotTaken) {
  server_.Post("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(std::string(5000, 'x'), "text/xml");
  });
  AwsClientOptions options = WithoutWaiting();
  options.max_answer_bytes = 4999;
  const auto client = MakeAwsClient(options);
  const auto answer = client->Send(Call("x"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, AwsFault::Kind::kBadAnswer);
  EXPECT_EQ(client->counters().requests, 1U);
}

TEST_F(ClientTest, AServerThatSaysNothingIsNotWaitedForForEver) {
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  server_.Post("/", [&](const httplib::Request&, httplib::Response&) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return over; });
  });
  AwsClientOptions options = WithoutWaiting();
  options.answer_timeout = std::chrono::milliseconds(50);
  options.max_attempts = 1;
  const auto answer = MakeAwsClient(options)->Send(Call("x"));
  {
    const std::lock_guard lock(mutex);
    over = true;
    changed.notify_all();
  }
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, AwsFault::Kind::kUnreachable);
  EXPECT_NE(answer.error().error.message.find("does not answer in time"), std::string::npos);
}

TEST_F(ClientTest, NothingIsSentAfterTheDeadline) {
  server_.Post("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("<a/>", "text/xml");
  });
  AwsCall call = Call("x");
  call.deadline = std::chrono::steady_clock::now();
  const auto client = MakeAwsClient({});
  const auto answer = client->Send(call);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, AwsFault::Kind::kUnreachable);
  EXPECT_EQ(client->counters().requests, 0U);
}

// The server says nothing until the client has given up, however long the client may wait else.
TEST_F(ClientTest, ASilentServerIsNotWaitedForBeyondTheDeadline) {
  std::promise<void> over;
  const std::shared_future<void> is_over = over.get_future().share();
  server_.Post("/", [&](const httplib::Request&, httplib::Response&) { is_over.wait(); });
  AwsCall call = Call("x");
  call.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  AwsClientOptions options;
  options.answer_timeout = std::chrono::hours(1);
  const auto client = MakeAwsClient(options);
  const auto answer = client->Send(call);
  over.set_value();
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().error.message.find("does not answer in time"), std::string::npos);
  EXPECT_EQ(client->counters().requests, 1U) << "there was no time for another attempt";
}

// Takes no connection: those that would fill its queue are there already.
class FullListener {
 public:
  FullListener() : descriptor_(NewSocket()) {
    bind(descriptor_, Address(), sizeof address_);
    listen(descriptor_, 0);
    socklen_t size = sizeof address_;
    getsockname(descriptor_, Address(), &size);
    for (int& waiting : waiting_) {
      waiting = NewSocket();
      connect(waiting, Address(), sizeof address_);
    }
  }
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;
  ~FullListener() {
    for (const int waiting : waiting_) close(waiting);
    close(descriptor_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  static int NewSocket() { return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }
  sockaddr* Address() { return reinterpret_cast<sockaddr*>(&address_); }

  sockaddr_in address_{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  int descriptor_;
  std::array<int, 4> waiting_{};
};

// As long as the listener lives no connection is there, however long the client may wait else.
TEST_F(ClientTest, AConnectionIsNotWaitedForBeyondTheDeadline) {
  AwsClientOptions options;
  options.connect_timeout = options.answer_timeout = std::chrono::hours(1);
  std::unique_ptr<AwsClient> client;
  {
    const FullListener listener;
    Set("AWS_ENDPOINT_URL", listener.url());
    AwsCall call = Call("x");
    call.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
    client = MakeAwsClient(options);
    const auto answer = client->Send(call);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, AwsFault::Kind::kUnreachable);
    EXPECT_NE(answer.error().error.message.find("does not answer in time"), std::string::npos);
  }
}

TEST_F(ClientTest, ARoleIsAssumedOnceAndThenSignedWith) {
  std::atomic<int> assumed = 0;
  std::mutex mutex;
  std::vector<std::string> tokens;
  std::string form;
  server_.Post("/", [&](const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex);
    if (request.body.find("Action=AssumeRole") != std::string::npos) {
      ++assumed;
      form = request.body;
      response.set_content(
          "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
          "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
          "<SessionToken>the-token</SessionToken>"
          "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
          "</AssumeRoleResult></AssumeRoleResponse>",
          "text/xml");
      return;
    }
    tokens.push_back(request.get_header_value("X-Amz-Security-Token"));
    EXPECT_NE(request.get_header_value("Authorization").find("Credential=ASIAROLE/"),
              std::string::npos);
    response.set_content("<a/>", "text/xml");
  });
  AwsClientOptions options = WithoutWaiting();
  options.role_arn = "arn:aws:iam::444455556666:role/flow logs";
  options.external_id = "ours=1";
  const auto client = MakeAwsClient(options);
  ASSERT_TRUE(client->Send(Call("x")));
  ASSERT_TRUE(client->Send(Call("x")));
  EXPECT_EQ(assumed, 1);
  EXPECT_EQ(client->counters().requests, 3U) << "that one counts too";
  EXPECT_EQ(tokens, (std::vector<std::string>{"the-token", "the-token"}));
  EXPECT_EQ(form,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3A"
            "role%2Fflow%20logs&RoleSessionName=sgflow&ExternalId=ours%3D1");
}

TEST_F(ClientTest, NoSecretIsInAMessage) {
  server_.Post("/", [](const httplib::Request& request, httplib::Response& response) {
    response.status = 403;
    response.set_content(
        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The "
        "signature does not match\n\nThe Canonical String was\n" +
            request.get_header_value("X-Amz-Security-Token") + "</Message></Error></ErrorResponse>",
        "text/xml");
  });
  Set("AWS_SESSION_TOKEN", "a-session-token");
  const auto answer = MakeAwsClient(WithoutWaiting())->Send(Call("x"));
  unsetenv("AWS_SESSION_TOKEN");
  ASSERT_FALSE(answer);
  const std::string told = Describe(answer.error().error);
  EXPECT_EQ(told.find("a-session-token"), std::string::npos) << told;
  EXPECT_EQ(told.find("not-to-be-shown"), std::string::npos) << told;
}

TEST_F(ClientTest, TheRuntimeStartsAgainAfterItHasEnded) {
  server_.Post("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("<a/>", "text/xml");
  });
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(MakeAwsClient({})->Send(Call("x")));
}

TEST_F(ClientTest, ManyThreadsUseOneClient) {
  server_.Post("/", [](const httplib::Request& request, httplib::Response& response) {
    response.set_content(request.body, "text/xml");
  });
  const auto client = MakeAwsClient({});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 20; ++n) {
        const auto answer = client->Send(Call("<a>" + std::to_string(i) + "</a>"));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->body, "<a>" + std::to_string(i) + "</a>");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace sgflow
