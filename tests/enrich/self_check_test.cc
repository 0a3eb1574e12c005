#include "enrich/self_check.h"

#include <gtest/gtest.h>

#include <string>

#include "output/encoding.h"

namespace sgflow {
namespace {

constexpr std::uint64_t kNoonOfJune9 = 1'781'006'400;

EnrichCounters Counted(std::uint64_t explained, std::uint64_t allowed_unexplained,
                       std::uint64_t denied_unexplained, std::uint64_t of_unknown_acl) {
  EnrichCounters counters;
  const auto count = [&](VerdictKind kind) -> std::uint64_t& {
    return counters.verdicts[static_cast<std::size_t>(kind)];
  };
  count(VerdictKind::kAllowedByRule) = explained;
  count(VerdictKind::kAllowedUnexplained) = allowed_unexplained;
  count(VerdictKind::kDeniedUnexplained) = denied_unexplained;
  count(VerdictKind::kNotJudged) = 1000;
  counters.refused_with_unknown_acl = of_unknown_acl;
  counters.latest_end = kNoonOfJune9;
  return counters;
}

std::string Hint(const EnrichCounters& counters, std::string_view captured_at = "",
                 bool is_live = false) {
  std::string json = R"({"NetworkInterfaces":[{"NetworkInterfaceId":"eni-1","VpcId":"vpc-1",
    "PrivateIpAddress":"10.0.1.5","Groups":[]}])";
  if (!captured_at.empty()) {
    json += R"(,"Snapshot":{"AccountId":"111122223333","Region":"eu-west-1","CapturedAt":")" +
            std::string(captured_at) + R"("})";
  }
  return HintOf(counters, *InventoryOf(json + "}"), is_live).value_or("");
}

TEST(SelfCheck, OneInAHundredIsNoAlarm) {
  EXPECT_EQ(Hint(Counted(99, 1, 0, 0)), "");
  EXPECT_EQ(Hint(Counted(98, 1, 1, 0)),
            "the inventory is probably of another time than these records: records up to "
            "2026-06-09");
}

TEST(SelfCheck, SaysHowOldTheInventoryIs) {
  EXPECT_EQ(Hint(Counted(0, 5, 0, 0), "2026-06-01T08:00:00Z"),
            "the inventory is probably older than these records: taken 2026-06-01, records up to "
            "2026-06-09");
  // Of one day only the time tells.
  EXPECT_EQ(Hint(Counted(0, 5, 0, 0), "2026-06-09T13:05:09Z"),
            "the inventory is probably newer than these records: taken 2026-06-09 13:05:09, "
            "records up to 2026-06-09 12:00:00 (UTC)");
}

TEST(SelfCheck, AsksForNetworkAclsThatAreNotThere) {
  constexpr std::string_view kAcls =
      "the inventory does not tell the network ACLs of 5 refused records: add NetworkAcls and "
      "Subnets (aws ec2 describe-network-acls, aws ec2 describe-subnets)";
  EXPECT_EQ(Hint(Counted(50, 0, 5, 5)), kAcls);
  EXPECT_EQ(Hint(Counted(50, 5, 5, 5)),
            std::string(kAcls) +
                "; the inventory is probably of another time than these records: records up to "
                "2026-06-09");
}

TEST(SelfCheck, AsksForRulesThatAreNotThere) {
  EnrichCounters counters = Counted(50, 5, 0, 0);
  counters.allowed_with_unknown_rules = 5;
  EXPECT_EQ(Hint(counters),
            "the inventory does not tell all rules of the security groups of 5 accepted records: "
            "add SecurityGroups and SecurityGroupRules (aws ec2 describe-security-groups, aws ec2 "
            "describe-security-group-rules)");
  EXPECT_EQ(Hint(counters, "", /*is_live=*/true),
            "AWS did not tell all rules of the security groups of 5 accepted records: see "
            "sg_reason and the log for why");
  counters.allowed_with_unknown_rules = 1;
  EXPECT_EQ(Hint(counters, "", /*is_live=*/true),
            "AWS did not tell all rules of the security groups of 1 accepted record: see "
            "sg_reason and the log for why; the inventory is probably of another time than these "
            "records: records up to 2026-06-09");
}

TEST(SelfCheck, SaysNoTimeOfRecordsThatHaveNone) {
  EnrichCounters counters = Counted(0, 5, 0, 0);
  counters.latest_end = 0;
  EXPECT_EQ(Hint(counters), "the inventory is probably of another time than these records");
  EXPECT_EQ(Hint(counters, "2026-06-01T08:00:00Z"),
            "the inventory is probably of another time than these records: taken 2026-06-01");
}

TEST(SelfCheck, AsksForRightsWhereAwsIsAsked) {
  EXPECT_EQ(Hint(Counted(50, 0, 5, 5), "", /*is_live=*/true),
            "AWS did not tell the network ACLs of 5 refused records: allow "
            "ec2:DescribeNetworkAcls and ec2:DescribeSubnets");
}

TEST(SelfCheck, EnricherCountsRefusalsWithoutAnAcl) {
  Enricher enricher(InventoryOf(kEveryKindOfRule), {.format = OutputFormat::kJson});
  FlowRecord record;
  constexpr std::string_view kLayout =
      "interface-id flow-direction srcaddr srcport dstaddr dstport protocol action";
  ASSERT_TRUE(record.Split(*RecordLayout::Parse(kLayout),
                           "eni-1 egress 10.0.1.5 50000 192.0.2.9 443 6 REJECT", ' '));
  OutputBuffer buffer;
  enricher.Enrich(record, buffer);
  EXPECT_EQ(CheckOf(enricher.counters()).unexplained, 1U);
  EXPECT_EQ(enricher.counters().refused_with_unknown_acl, 1U);
}

TEST(SelfCheck, EnricherCountsWhatUnknownRulesMayHaveAllowed) {
  const auto unexplained_of = [](std::string_view group) {
    Enricher enricher(InventoryOf(R"({
      "Snapshot": {"Coverage": {"RulesOfGroupIds": ["sg-1"]}},
      "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1",
        "PrivateIpAddress": "10.0.1.5", "Groups": [{"GroupId": ")" +
                                  std::string(group) + R"("}]}],
      "SecurityGroups": [{"GroupId": "sg-1"}]})"),
                      {.format = OutputFormat::kJson});
    FlowRecord record;
    constexpr std::string_view kLayout =
        "interface-id flow-direction srcaddr srcport dstaddr dstport protocol action";
    EXPECT_TRUE(record.Split(*RecordLayout::Parse(kLayout),
                             "eni-1 ingress 192.0.2.9 50000 10.0.1.5 443 6 ACCEPT", ' '));
    OutputBuffer buffer;
    enricher.Enrich(record, buffer);
    EXPECT_EQ(CheckOf(enricher.counters()).unexplained, 1U);
    return enricher.counters().allowed_with_unknown_rules;
  };
  EXPECT_EQ(unexplained_of("sg-1"), 0U);
  EXPECT_EQ(unexplained_of("sg-2"), 1U);
}

}  // namespace
}  // namespace sgflow
