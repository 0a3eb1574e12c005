#include "lambda/reingestion.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "aws/firehose.h"
#include "fake_stream.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using Turn = FakeStream::Turn;

const auto kStart = Reingestion::Time(1'700'000'000s);
Reingestion::Time now;

class ReingestionTest : public ::testing::Test {
 protected:
  ReingestionTest() { now = kStart; }

  // Which of them were accepted, as a text of + and -.
  std::string Send(const std::vector<std::string>& records,
                   std::optional<Reingestion::Time> until = kStart + 60s) {
    outcome_ =
        reingestion_.Send(std::vector<std::string_view>(records.begin(), records.end()), until);
    std::string text;
    for (const bool accepted : outcome_.accepted) text += accepted ? '+' : '-';
    return text;
  }
  std::string Fault() const { return outcome_.fault ? outcome_.fault->message : ""; }

  FakeStream* stream_ = new FakeStream;
  std::vector<std::chrono::milliseconds> pauses_;
  Reingestion reingestion_{std::unique_ptr<AwsClient>(stream_), "flow-logs", [] { return now; },
                           [this](std::chrono::milliseconds pause) {
                             pauses_.push_back(pause);
                             now += pause;
                           }};
  ReingestionOutcome outcome_;
};

TEST_F(ReingestionTest, SendsTheBytesAsTheyAre) {
  const std::vector<std::string> records = {"one", std::string("\0\xff\n", 3), "three"};
  EXPECT_EQ(Send(records), "+++");
  EXPECT_EQ(stream_->taken, records);
  EXPECT_EQ(Fault(), "");
  EXPECT_TRUE(pauses_.empty());
}

// Of many calls the last ones wait for others to end, which may not.
TEST_F(ReingestionTest, EveryCallEndsInTheTimeThatIsReckonedForAllOfThem) {
  EXPECT_EQ(Send(std::vector<std::string>(1100, "x")), std::string(1100, '+'));
  ASSERT_EQ(stream_->deadlines.size(), 3U);
  const AwsDeadline latest = std::chrono::steady_clock::now() + Reingestion::kLongestCall;
  for (const AwsDeadline deadline : stream_->deadlines) EXPECT_LE(deadline, latest);
}

TEST_F(ReingestionTest, SendsOnlyWhatWasNotTakenOnceMore) {
  stream_->turns = {Turn::kTakesEveryOther, Turn::kTakesNone, Turn::kTakesAll};
  EXPECT_EQ(Send({"0", "1", "2", "3", "4"}), "+++++");
  EXPECT_EQ(stream_->taken, (std::vector<std::string>{"0", "2", "4", "1", "3"}));
  EXPECT_EQ(stream_->sizes, (std::vector<std::size_t>{5, 2, 2}));
  EXPECT_EQ(pauses_, (std::vector<std::chrono::milliseconds>{100ms, 200ms}));
}

TEST_F(ReingestionTest, GoesOnAfterThrottlesAndCutConnections) {
  stream_->turns = {Turn::kThrottles, Turn::kCutsOffBefore, Turn::kCutsOffBehind};
  EXPECT_EQ(Send({"0"}), "+");
  EXPECT_EQ(stream_->lost.size(), 1U) << "at least once, not exactly once";
  EXPECT_EQ(stream_->taken.size(), 1U);
}

TEST_F(ReingestionTest, GivesUpWhereWaitingDoesNotHelp) {
  stream_->turns = {Turn::kDenies};
  EXPECT_EQ(Send({"0", "1"}), "--");
  EXPECT_EQ(stream_->sizes.size(), 1U);
  EXPECT_EQ(Fault(), "you may not");
}

TEST_F(ReingestionTest, KeepsWhatWasTakenBeforeItGaveUp) {
  stream_->turns = {Turn::kTakesEveryOther, Turn::kDenies};
  EXPECT_EQ(Send({"0", "1", "2"}), "+-+");
}

TEST_F(ReingestionTest, BeginsNoCallThatMightNotBeOverInTime) {
  stream_->turns.assign(100, Turn::kThrottles);
  EXPECT_EQ(Send({"0"}, kStart + Reingestion::kLongestCall + 250ms), "-");
  EXPECT_EQ(stream_->sizes.size(), 2U) << "at 0 and 100 ms; the next would be at 300 ms";
  EXPECT_EQ(Fault(), "too many requests");

  EXPECT_EQ(Send({"0"}, now + Reingestion::kLongestCall - 1ms), "-");
  EXPECT_EQ(stream_->sizes.size(), 2U);
  EXPECT_EQ(Fault(), "no time was left to send records to the stream again");
}

TEST_F(ReingestionTest, DoesNotGoOnForever) {
  stream_->turns.assign(100, Turn::kTakesNone);
  EXPECT_EQ(Send({"0"}, std::nullopt), "-");
  EXPECT_EQ(stream_->sizes.size(), static_cast<std::size_t>(Reingestion::kMostAttempts));
  EXPECT_EQ(Fault(), "firehose:PutRecordBatch: ServiceUnavailableException");
}

// One of them would have the whole call refused.
TEST_F(ReingestionTest, DoesNotSendWhatIsLargerThanTheStreamTakes) {
  EXPECT_EQ(Send({"0", std::string(kFirehoseMaxRecordBytes + 1, 'x'), "2"}), "+-+");
  EXPECT_EQ(stream_->sizes, std::vector<std::size_t>{2});
}

TEST_F(ReingestionTest, KeepsToTheLimitsOfACall) {
  EXPECT_EQ(Send(std::vector<std::string>(1001, "x")), std::string(1001, '+'));
  EXPECT_EQ(stream_->sizes, (std::vector<std::size_t>{500, 500, 1}));
  stream_->sizes.clear();
  EXPECT_EQ(Send(std::vector<std::string>(9, std::string(std::size_t{1} << 19, 'x'))), "+++++++++");
  EXPECT_EQ(stream_->sizes, (std::vector<std::size_t>{8, 1}));
}

}  // namespace
}  // namespace sgflow
