// AWS's standard mode, as its SDKs have it: reference "Retry behavior" in the AWS SDKs and Tools
// guide.
#include "aws/retry.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

using std::chrono::milliseconds;

TEST(RetryCauseTest, ThrottlingIsToldByItsCodeOrByStatus429) {
  EXPECT_EQ(RetryCauseOf(503, "RequestLimitExceeded"), RetryCause::kThrottled);
  EXPECT_EQ(RetryCauseOf(400, "ThrottlingException"), RetryCause::kThrottled);
  EXPECT_EQ(RetryCauseOf(503, "SlowDown"), RetryCause::kThrottled);
  EXPECT_EQ(RetryCauseOf(429, ""), RetryCause::kThrottled);
}

TEST(RetryCauseTest, AServiceThatFailsMayDoBetterLater) {
  for (const int status : {500, 502, 503, 504}) {
    EXPECT_EQ(RetryCauseOf(status, ""), RetryCause::kTransient) << status;
  }
  EXPECT_EQ(RetryCauseOf(400, "RequestTimeout"), RetryCause::kTransient);
}

TEST(RetryCauseTest, WhatIsWrongStaysWrong) {
  EXPECT_EQ(RetryCauseOf(403, "UnauthorizedOperation"), RetryCause::kNone);
  EXPECT_EQ(RetryCauseOf(400, "InvalidParameterValue"), RetryCause::kNone);
  EXPECT_EQ(RetryCauseOf(404, "NoSuchKey"), RetryCause::kNone);
  EXPECT_EQ(RetryCauseOf(501, "NotImplemented"), RetryCause::kNone);
}

TEST(RetryDelayTest, DoublesEachTimeUpToTwentySeconds) {
  const AwsClientOptions options;
  EXPECT_EQ(RetryDelay(options, RetryCause::kTransient, 0, 1.0), milliseconds(50));
  EXPECT_EQ(RetryDelay(options, RetryCause::kTransient, 1, 1.0), milliseconds(100));
  EXPECT_EQ(RetryDelay(options, RetryCause::kTransient, 30, 1.0), milliseconds(20000));
  EXPECT_EQ(RetryDelay(options, RetryCause::kThrottled, 0, 1.0), milliseconds(1000));
  EXPECT_EQ(RetryDelay(options, RetryCause::kThrottled, 3, 1.0), milliseconds(8000));
}

TEST(RetryDelayTest, IsARandomPartOfThat) {
  const AwsClientOptions options;
  EXPECT_EQ(RetryDelay(options, RetryCause::kThrottled, 0, 0.0), milliseconds(0));
  EXPECT_EQ(RetryDelay(options, RetryCause::kThrottled, 0, 0.25), milliseconds(250));
}

int RetriesUntilEmpty(RetryQuota& quota, RetryCause cause) {
  int retries = 0;
  while (quota.Take(cause) > 0) ++retries;
  return retries;
}

TEST(RetryQuotaTest, HoldsFiveHundredTokens) {
  RetryQuota transient;
  EXPECT_EQ(RetriesUntilEmpty(transient, RetryCause::kTransient), 500 / 14);
  RetryQuota throttled;
  EXPECT_EQ(RetriesUntilEmpty(throttled, RetryCause::kThrottled), 500 / 5);
}

TEST(RetryQuotaTest, ARetryThatSucceedsGivesBackWhatItTook) {
  RetryQuota quota;
  RetriesUntilEmpty(quota, RetryCause::kThrottled);
  quota.Succeed(14);
  EXPECT_EQ(quota.Take(RetryCause::kTransient), 14);
  EXPECT_EQ(quota.Take(RetryCause::kTransient), 0);
}

TEST(RetryQuotaTest, ASuccessWithoutRetryAddsOneTokenAndNeverMoreThanThereWere) {
  RetryQuota quota;
  quota.Succeed(0);
  EXPECT_EQ(RetriesUntilEmpty(quota, RetryCause::kThrottled), 100);
  for (int i = 0; i < 5; ++i) quota.Succeed(0);
  EXPECT_EQ(RetriesUntilEmpty(quota, RetryCause::kThrottled), 1);
}

}  // namespace
}  // namespace sgflow
