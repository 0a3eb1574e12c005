// An AWS that never answers.
#include "live/live_source.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "live/live_source_fixture.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Interfaces;
using testing::kAccount;
using testing::LiveSourceTest;
using testing::NoAnswer;
using testing::Sleep;
using testing::Texts;

class SilenceTest : public LiveSourceTest {
 protected:
  void SetUp() override {
    LiveSourceTest::SetUp();
    FallSilent();
  }
  void FallSilent() {
    world_.faults[Ec2Action::kDescribeNetworkInterfaces] = NoAnswer();
    world_.on_ask = [] { Sleep(10s); };
  }
  void Answer() {
    world_.faults.clear();
    world_.on_ask = [] {};
  }
  Texts Silent() { return source_->counters().silent; }
};

TEST_F(SilenceTest, TheNextBatchDoesNotWaitForItAgain) {
  Learn(Interfaces({"eni-1"}));
  EXPECT_EQ(world_.TakeCalls().size(), 1U);
  EXPECT_EQ(Silent(), Texts{"eu-west-1: no answer for 10 s, left alone until 22:14:30Z"});
  EXPECT_TRUE(Learn(Interfaces({"eni-2"})));
  EXPECT_EQ(world_.TakeCalls(), Texts{});
  EXPECT_EQ(WhyNot("eni-2"), "AWS could not be asked for the interface: it cannot be reached");
  EXPECT_EQ(source_->counters().failures, 2U);
  EXPECT_EQ(source_->Refresh(),
            (Texts{"EC2 does not answer in time",
                   "EC2 in eu-west-1: no answer for 10 s, left alone until 22:14:30Z"}));
}

TEST_F(SilenceTest, AfterAPauseItIsTriedForAShortTimeAndEachTimeLaterStill) {
  Learn(Interfaces({"eni-1"}));
  for (const auto pause : {60s, 120s, 240s, 300s, 300s}) {
    world_.TakeCalls();
    Sleep(pause - 1s);
    Learn(Interfaces({"eni-" + std::to_string(1000 + pause.count())}));
    EXPECT_EQ(world_.calls, Texts{}) << pause.count();
    Sleep(1s);
    world_.deadlines.clear();
    Learn(Interfaces({"eni-2"}));
    ASSERT_EQ(world_.deadlines.size(), 1U) << pause.count();
    EXPECT_LE(world_.deadlines[0], std::chrono::steady_clock::now() + 3s);
  }
}

TEST_F(SilenceTest, AnAnswerEndsIt) {
  Learn(Interfaces({"eni-1"}));
  Answer();
  Sleep(60s);
  EXPECT_TRUE(Learn(Interfaces({"eni-1"})));
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_EQ(Silent(), Texts{});
  EXPECT_TRUE(Learn(Interfaces({"eni-3"})));
  EXPECT_EQ(world_.deadlines.back(), Deadline::max()) << "as before";
}

TEST_F(SilenceTest, OtherRegionsAreAskedAllTheSame) {
  Learn(Interfaces({"eni-1"}));
  Answer();
  EXPECT_TRUE(Learn({.interfaces = {{kAccount, "ap-south-1", "eni-2"}}}));
  EXPECT_TRUE(Knows("eni-2"));
}

TEST_F(SilenceTest, WhatFailsQuicklyIsNotSilence) {
  world_.on_ask = [] {};
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  Learn(Interfaces({"eni-2"}));
  EXPECT_EQ(world_.calls.size(), 1U);
  EXPECT_EQ(Silent(), Texts{});
}

TEST_F(SilenceTest, WhoWantsBatchesToFailWaitsEachTime) {
  Start({.fail_on_error = true});
  for (const char* id : {"eni-1", "eni-1", "eni-2"}) {
    EXPECT_FALSE(source_->Learn(Interfaces({id}), Deadline::max()));
    EXPECT_EQ(world_.TakeCalls().size(), 1U);
  }
}

}  // namespace
}  // namespace sgflow
