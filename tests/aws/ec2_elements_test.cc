// What is kept of EC2's answers by its id.
#include "aws/ec2_elements.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sgflow {
namespace {

AwsResult<std::vector<Ec2Element>> ReadRules(const std::vector<std::string>& pages) {
  return ReadElements({.action = Ec2Action::kDescribeSecurityGroupRules}, pages);
}

TEST(ReadElements, SetsOfARuleApartWhatDecidesNothing) {
  const std::vector<std::string> pages{R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-0a000000000000001", "GroupId": "sg-0a000000000000001",
     "GroupOwnerId": "111122223333", "IsEgress": false, "IpProtocol": "-1",
     "Tags": [{"Key": "team", "Value": "net"}], "CidrIpv4": "10.0.0.0/8",
     "SecurityGroupRuleArn": "arn:aws:ec2:eu-west-1:111122223333:security-group-rule/sgr-0a"}]})"};
  const auto read = ReadRules(pages);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 1U);
  const Ec2Element& rule = read->front();
  EXPECT_EQ(rule.id, "sgr-0a000000000000001");
  EXPECT_EQ(rule.owner_id, "111122223333");
  EXPECT_EQ(rule.related, std::vector<std::string>{"sg-0a000000000000001"});
  EXPECT_EQ(rule.json,
            R"({"SecurityGroupRuleId":"sgr-0a000000000000001","GroupId":"sg-0a000000000000001",)"
            R"("GroupOwnerId":"111122223333","IsEgress":false,"IpProtocol":"-1",)"
            R"("CidrIpv4":"10.0.0.0/8"})");

  std::string whole = rule.json;
  AppendMembers(rule.apart, whole);
  EXPECT_EQ(whole, rule.json.substr(0, rule.json.size() - 1) +
                       R"(,"Tags":[{"Key":"team","Value":"net"}],"SecurityGroupRuleArn":)"
                       R"("arn:aws:ec2:eu-west-1:111122223333:security-group-rule/sgr-0a"})");
}

TEST(ReadElements, SaysWhatAPageLacks) {
  for (const char* page : {"{}", "[]", R"({"SecurityGroupRules": [1]})", "no JSON"}) {
    const auto read = ReadRules({page});
    ASSERT_FALSE(read) << page;
    EXPECT_EQ(read.error().kind, AwsFault::Kind::kBadAnswer);
    EXPECT_EQ(read.error().error.message, "EC2's answer has no SecurityGroupRules");
  }
}

}  // namespace
}  // namespace sgflow
