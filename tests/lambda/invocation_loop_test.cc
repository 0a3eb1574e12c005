#include "lambda/invocation_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sgflow {
namespace {

using Kind = RuntimeApiError::Kind;

RuntimeApiError Failure(Kind kind, std::string message) {
  return {.kind = kind, .message = std::move(message)};
}

// Plays what is set, in order, and ends the loop when nothing is left.
class FakeRuntimeApi : public RuntimeApi {
 public:
  RuntimeResult<Invocation> Next() override {
    calls.emplace_back("next");
    if (invocations.empty()) return std::unexpected(Failure(Kind::kUnusable, "the end"));
    auto next = std::move(invocations.front());
    invocations.pop_front();
    return next;
  }
  RuntimeResult<void> SendResponse(const Invocation& invocation, std::string_view body) override {
    calls.push_back("response " + invocation.request_id + " " + std::string(body));
    return Answer();
  }
  RuntimeResult<void> SendError(const Invocation& invocation, const FunctionError& error) override {
    calls.push_back("error " + invocation.request_id + " " + error.type + " " + error.message);
    return Answer();
  }
  RuntimeResult<void> SendInitError(const FunctionError& error) override {
    calls.push_back("init/error " + error.type);
    return Answer();
  }

  void Invoke(std::string request_id, std::string trace_id = {}) {
    invocations.emplace_back(Invocation{.request_id = std::move(request_id),
                                        .trace_id = std::move(trace_id),
                                        .function_arn = {},
                                        .invocation_id = {},
                                        .deadline = {},
                                        .event = "event"});
  }
  void FailNext(Kind kind, std::string message) {
    invocations.emplace_back(std::unexpected(Failure(kind, std::move(message))));
  }

  std::deque<RuntimeResult<Invocation>> invocations;
  std::deque<RuntimeResult<void>> answers;  // to what is sent; accepted where there is none
  std::vector<std::string> calls;

 private:
  RuntimeResult<void> Answer() {
    if (answers.empty()) return {};
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
};

// Answers with the event and the trace id it saw; fails what is named "bad".
class EchoHandler : public InvocationHandler {
 public:
  std::expected<std::string_view, FunctionError> Handle(const Invocation& invocation) override {
    if (invocation.request_id == "bad") {
      return std::unexpected(FunctionError{.type = "Function.Bad", .message = "no good"});
    }
    const char* trace_id = std::getenv("_X_AMZN_TRACE_ID");
    answer_ = std::string(invocation.event) + (trace_id == nullptr ? "" : trace_id);
    return answer_;
  }
  void AfterAnswer() override { after_answer(); }

  std::function<void()> after_answer = [] {};

 private:
  std::string answer_;
};

class InvocationLoopTest : public ::testing::Test {
 protected:
  int Run() {
    return RunInvocationLoop(api_, handler_, log_,
                             [this](std::chrono::milliseconds pause) { waits_.push_back(pause); });
  }

  bool Logged(std::string_view text) const { return logged_.find(text) != std::string::npos; }

  FakeRuntimeApi api_;
  EchoHandler handler_;
  std::string logged_;
  JsonLog log_{LogLevel::kInfo, [this](std::string_view line) { logged_ += line; }};
  std::vector<std::chrono::milliseconds> waits_;
};

using Calls = std::vector<std::string>;

TEST_F(InvocationLoopTest, AnswersOneInvocationAfterTheOther) {
  api_.Invoke("1");
  api_.Invoke("2");
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(api_.calls, (Calls{"next", "response 1 event", "next", "response 2 event", "next"}));
}

TEST_F(InvocationLoopTest, HandsTheFunctionsErrorOverAndGoesOn) {
  api_.Invoke("bad");
  api_.Invoke("2");
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(api_.calls,
            (Calls{"next", "error bad Function.Bad no good", "next", "response 2 event", "next"}));
}

TEST_F(InvocationLoopTest, LeavesTimeForWorkAfterEachAnswerAndBeforeTheNextInvocation) {
  handler_.after_answer = [this] { api_.calls.emplace_back("work"); };
  api_.Invoke("1");
  api_.Invoke("bad");
  api_.answers.emplace_back();
  api_.answers.emplace_back(std::unexpected(Failure(Kind::kTooLarge, "not taken")));
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(api_.calls, (Calls{"next", "response 1 event", "work", "next",
                               "error bad Function.Bad no good", "work", "next"}));
}

TEST_F(InvocationLoopTest, SetsTheTraceIdOfEachInvocation) {
  api_.Invoke("1", "Root=1-5bef4de7");
  api_.Invoke("2");
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(api_.calls,
            (Calls{"next", "response 1 eventRoot=1-5bef4de7", "next", "response 2 event", "next"}));
}

TEST_F(InvocationLoopTest, GoesOnWhenAnAnswerIsNotTaken) {
  for (const Kind kind : {Kind::kTooLarge, Kind::kRefused, Kind::kUnreachable}) {
    api_.Invoke("1");
    api_.answers.emplace_back(std::unexpected(Failure(kind, "not taken")));
  }
  api_.Invoke("2");
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(api_.calls.size(), 9U);
  EXPECT_TRUE(Logged(R"({"level":"ERROR","requestId":"1","message":"not taken",)")) << logged_;
}

TEST_F(InvocationLoopTest, ExitsAtOnceWhenTheContainerIsUnusable) {
  api_.Invoke("1");
  api_.answers.emplace_back(std::unexpected(Failure(Kind::kUnusable, "answered 500")));
  api_.Invoke("2");
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(api_.calls, (Calls{"next", "response 1 event"}));
  EXPECT_TRUE(Logged(R"({"level":"FATAL","message":"answered 500",)")) << logged_;
  EXPECT_TRUE(waits_.empty());
}

TEST_F(InvocationLoopTest, AsksAgainAndForgetsFailuresOnceItWorks) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 1; i < kMaxNextAttempts; ++i) api_.FailNext(Kind::kUnreachable, "cut");
    api_.Invoke("1");
  }
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(std::ranges::count(api_.calls, "response 1 event"), 3);
  EXPECT_EQ(waits_.size(), 3U * (kMaxNextAttempts - 1));
  EXPECT_TRUE(Logged(R"({"level":"WARN","message":"cut; trying again",)")) << logged_;
}

TEST_F(InvocationLoopTest, GivesUpAfterSoManyFailuresInARow) {
  for (int i = 0; i < kMaxNextAttempts; ++i) api_.FailNext(Kind::kRefused, "answered 403");
  api_.Invoke("1");
  EXPECT_EQ(Run(), 3);
  EXPECT_EQ(api_.calls, Calls(kMaxNextAttempts, "next"));
  EXPECT_TRUE(Logged(R"("message":"answered 403; giving up after 4 attempts",)")) << logged_;
  EXPECT_EQ(waits_.size(), kMaxNextAttempts - 1U);
}

}  // namespace
}  // namespace sgflow
