#include "batch/flow_log_key.h"

#include <gtest/gtest.h>

#include <chrono>

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using Answer = KeySelection::Answer;

constexpr std::chrono::sys_seconds kDay = std::chrono::sys_days(2026y / 1 / 2);

TEST(FlowLogKey, AwsFileName) {
  const FlowLogKey key = ParseFlowLogKey(
      "somewhere/111122223333_vpcflowlogs_eu-west-1_fl-0a1b_20260102T0305Z_0a1b2c3d.log.gz");
  EXPECT_EQ(key.account, "111122223333");
  EXPECT_EQ(key.region, "eu-west-1");
  EXPECT_EQ(key.flow_log, "fl-0a1b");
  EXPECT_EQ(key.time, kDay + 3h + 5min);
}

TEST(FlowLogKey, FoldersTellWhereTheFileDoesNot) {
  const FlowLogKey plain =
      ParseFlowLogKey("prefix/AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/01/02/03/renamed.gz");
  EXPECT_EQ(plain.account, "111122223333");
  EXPECT_EQ(plain.region, "eu-west-1");
  EXPECT_EQ(plain.flow_log, "");
  EXPECT_EQ(plain.time, kDay + 3h);

  const FlowLogKey hive = ParseFlowLogKey(
      "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/"
      "year=2026/month=01/day=02/hour=03/renamed.gz");
  EXPECT_EQ(hive.account, "111122223333");
  EXPECT_EQ(hive.region, "eu-west-1");
  EXPECT_EQ(hive.time, kDay + 3h);

  EXPECT_EQ(ParseFlowLogKey("processing-failed/2026/01/02/03/stream-1").time, kDay + 3h);
  EXPECT_EQ(ParseFlowLogKey("2026/01/02/a.log").time, kDay);
}

TEST(FlowLogKey, WhatLooksAlikeTellsNothing) {
  for (const char* name :
       {"flow.log", "2026/13/02/a.log", "2026/02/30/a.log", "2026/1/2/a.log", "01/02/a.log",
        "111122223333_vpcflowlogs_eu-west-1_fl-0a_20260102T2405Z_0a.log.gz",
        "111122223333_elasticloadbalancing_eu-west-1_x_20260102T0305Z_0a.log.gz"}) {
    EXPECT_FALSE(ParseFlowLogKey(name).time) << name;
    EXPECT_EQ(ParseFlowLogKey(name).account, "") << name;
  }
}

TEST(KeySelection, TimeIsFromOnAndBeforeTo) {
  const KeySelection selection{.from = kDay, .to = kDay + 24h};
  const auto at = [&](const std::string& folders) {
    return selection.Includes(folders + "/file.log");
  };
  EXPECT_EQ(at("2026/01/01/23"), Answer::kExcluded);
  EXPECT_EQ(at("2026/01/02/00"), Answer::kIncluded);
  EXPECT_EQ(at("2026/01/02/23"), Answer::kIncluded);
  EXPECT_EQ(at("2026/01/03/00"), Answer::kExcluded);
  EXPECT_EQ(at("elsewhere"), Answer::kUnknown);
}

TEST(KeySelection, WhatIsKnownNotToFitIsExcludedWhateverElseIsUnknown) {
  const KeySelection selection{.accounts = {"111122223333"}, .flow_logs = {"fl-0a"}};
  EXPECT_EQ(selection.Includes("444455556666/vpcflowlogs/eu-west-1/2026/01/02/a.log"),
            Answer::kExcluded);
  EXPECT_EQ(selection.Includes("111122223333/vpcflowlogs/eu-west-1/2026/01/02/a.log"),
            Answer::kUnknown);
  EXPECT_EQ(KeySelection().Includes("a.log"), Answer::kIncluded);
}

}  // namespace
}  // namespace sgflow
