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

TEST(FlowLogKey, FirehoseFileNameTellsTheSecond) {
  for (const char* name :
       {"2026/01/02/03/PUT-S3-abc-1-2026-01-02-03-45-12-0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d",
        "2026/01/02/03/flow-17-2026-01-02-03-45-12-0a1b2c3d-4e5f-6a7b-8c9d-0e1f2a3b4c5d.gz",
        "records/day=2026-01-02/s-1-2026-01-02-03-45-12-0a1b",
        // A stream may be called anything, and the folders be of another time.
        "2025/12/31/23/a-1-2020-02-02-02-02-02-b-1-2026-01-02-03-45-12-0a1b.jsonl.gz"}) {
    EXPECT_EQ(ParseFlowLogKey(name).time, kDay + 3h + 45min + 12s) << name;
  }
  const FlowLogKey hive = ParseFlowLogKey(
      "aws-account-id=111122223333/aws-region=eu-west-1/s-1-2026-01-02-03-45-12-0a1b");
  EXPECT_EQ(hive.account, "111122223333");
  EXPECT_EQ(hive.time, kDay + 3h + 45min + 12s);
}

TEST(FlowLogKey, WhatLooksAlikeTellsNothing) {
  for (const char* name :
       {"flow.log", "2026/13/02/a.log", "2026/02/30/a.log", "2026/1/2/a.log", "01/02/a.log",
        "111122223333_vpcflowlogs_eu-west-1_fl-0a_20260102T2405Z_0a.log.gz",
        "s-1-2026-01-02-03-45-60-0a1b", "s-1-2026-01-32-03-45-12-0a1b", "s-1-2026-01-02-03-45-12",
        "1-2026-01-02-03-45-12-0a1b", "s-v-2026-01-02-03-45-12-0a1b", "s-1-2026-1-2-3-45-12-0a1b",
        "111122223333_elasticloadbalancing_eu-west-1_x_20260102T0305Z_0a.log.gz"}) {
    EXPECT_FALSE(ParseFlowLogKey(name).time) << name;
    EXPECT_EQ(ParseFlowLogKey(name).account, "") << name;
  }
}

TEST(FlowLogKey, WhatANameCanHave) {
  EXPECT_TRUE(IsFlowLogId("fl-0123456789abcdef0"));
  for (const char* text : {"", "-", "fl-", "0123456789abcdef0", "fl-0A", "fl-0a,fl-0b"}) {
    EXPECT_FALSE(IsFlowLogId(text)) << text;
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

using Part = KeySelection::Part;

constexpr const char* kPlain = "logs/AWSLogs/111122223333/vpcflowlogs/eu-west-1/";
constexpr const char* kHive =
    "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/";

TEST(KeySelection, OfFoldersOnlyThoseAreLookedAtThatCanHoldATime) {
  // From the evening of the 30th of December on to the morning of the 2nd of February.
  const KeySelection selection{.from = std::chrono::sys_days(2025y / 12 / 30) + 20h,
                               .to = std::chrono::sys_days(2026y / 2 / 2) + 8h};
  const auto part = [&](const std::string& date) {
    std::string hive;
    for (std::size_t at = 0; const char* name : {"year=", "month=", "day="}) {
      const std::size_t end = date.find('/', at);
      if (end == std::string::npos) break;
      hive += name + date.substr(at, end + 1 - at);
      at = end + 1;
    }
    EXPECT_EQ(selection.PartOf(kPlain + date), selection.PartOf(kHive + hive)) << date;
    return selection.PartOf(kPlain + date);
  };
  EXPECT_EQ(part(""), Part::kSome);
  EXPECT_EQ(part("2024/"), Part::kNone);
  EXPECT_EQ(part("2025/"), Part::kSome);
  EXPECT_EQ(part("2025/11/"), Part::kNone);
  EXPECT_EQ(part("2025/12/"), Part::kSome);
  // A file of the 30th may lie in the folder beside.
  EXPECT_EQ(part("2025/12/28/"), Part::kNone);
  EXPECT_EQ(part("2025/12/29/"), Part::kAll);
  EXPECT_EQ(part("2025/12/30/"), Part::kAll);
  EXPECT_EQ(part("2026/01/"), Part::kAll) << "all of it is wanted";
  EXPECT_EQ(part("2026/02/"), Part::kSome);
  EXPECT_EQ(part("2026/02/02/"), Part::kAll);
  EXPECT_EQ(part("2026/02/03/"), Part::kAll);
  EXPECT_EQ(part("2026/02/04/"), Part::kNone);
  EXPECT_EQ(part("2026/03/"), Part::kNone);
}

TEST(KeySelection, OfFoldersOnlyThoseAreLookedAtThatAreOfTheAccountAndRegion) {
  const KeySelection selection{.accounts = {"111122223333"}, .regions = {"eu-west-1"}};
  for (const char* top : {"AWSLogs/", "AWSLogs/111122223333/", "AWSLogs/111122223333/vpcflowlogs/",
                          "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/"}) {
    EXPECT_EQ(selection.PartOf(top), Part::kSome) << top;
  }
  EXPECT_EQ(selection.PartOf("AWSLogs/444455556666/"), Part::kNone);
  EXPECT_EQ(selection.PartOf("AWSLogs/111122223333/vpcflowlogs/us-east-1/"), Part::kNone);
  EXPECT_EQ(selection.PartOf(kPlain), Part::kAll);
  EXPECT_EQ(selection.PartOf(std::string(kHive) + "year=2026/"), Part::kAll);
}

TEST(KeySelection, FoldersThatAreNotAwssAreLookedAtAsAWhole) {
  const KeySelection selection{
      .from = kDay, .accounts = {"111122223333"}, .regions = {"eu-west-1"}};
  for (const char* folder :
       {"", "logs/", "2020/", "MyAWSLogs/444455556666/", "AWSLogs/elsewhere/",
        "AWSLogs/111122223333/elsewhere/eu-west-1/2020/",
        "AWSLogs/111122223333/vpcflowlogs/eu-west-1/20/", "AWSLogs/111122223333/vpcflowlogs//",
        "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2020/13/",
        "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2020/02/30/",
        "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2020/02/03/04/"}) {
    EXPECT_EQ(selection.PartOf(folder), Part::kAll) << folder;
  }
  EXPECT_EQ(KeySelection().PartOf("AWSLogs/"), Part::kAll);
}

TEST(KeySelection, LogsOfOtherServicesAreNotWanted) {
  for (const char* service : {"CloudTrail", "Config", "elasticloadbalancing", "vpcdnsquerylogs"}) {
    const std::string folder = std::string("a/AWSLogs/111122223333/") + service + "/";
    EXPECT_EQ(KeySelection().PartOf(folder), Part::kNone) << folder;
    EXPECT_EQ(KeySelection().Includes(folder + "eu-west-1/2026/01/02/a.json.gz"),
              Answer::kExcluded);
  }
  for (const char* name : {"AWSLogs/111122223333/CloudTrail", "AWSLogs/a/CloudTrail/b",
                           "MyAWSLogs/111122223333/CloudTrail/b", "111122223333/CloudTrail/b",
                           "AWSLogs/111122223333/vpcflowlogs/CloudTrail/b"}) {
    EXPECT_EQ(KeySelection().Includes(name), Answer::kIncluded) << name;
  }
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
