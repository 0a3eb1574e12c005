// SecurityGroups with their permissions, and SecurityGroupRules.
#include <gtest/gtest.h>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::ErrorsOf;
using testing::InventoryOf;
using testing::Texts;
using testing::WarningsOf;

// "ID DIRECTION PROTOCOL FROM-TO SOURCE (DESCRIPTION)"
std::string Told(const Rule& rule) {
  std::string text = rule.id;
  text += rule.direction == Direction::kIngress ? " in " : " out ";
  text += rule.protocol ? ProtocolName(*rule.protocol) : "all";
  text += ' ' + std::to_string(rule.from_port) + ".." + std::to_string(rule.to_port) + ' ' +
          rule.source.ToString();
  if (!rule.description.empty()) text += " (" + rule.description + ")";
  return text;
}

Texts RulesOf(std::string_view document) {
  Texts texts;
  const auto inventory = InventoryOf(document);
  for (const Rule& rule : inventory->rules()) texts.push_back(Told(rule));
  return texts;
}

TEST(SecurityGroupRules, AsDescribeSecurityGroupRulesPrintsThem) {
  EXPECT_EQ(RulesOf(R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "111122223333",
     "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 444,
     "CidrIpv4": "192.0.2.0/24", "Description": "office", "Tags": [{"Key": "a", "Value": "b"}]},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "icmpv6",
     "FromPort": 128, "ToPort": -1, "CidrIpv6": "2001:db8::/32"},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "FromPort": -1, "ToPort": -1, "PrefixListId": "pl-1"},
    {"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "50",
     "ReferencedGroupInfo": {"GroupId": "sg-2"}},
    {"SecurityGroupRuleId": "sgr-5", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "17",
     "FromPort": 0, "ToPort": 65535, "CidrIpv4": "10.0.0.0/8", "CidrIpv6": null}]})"),
            (Texts{"sgr-1 in tcp 443..444 192.0.2.0/24 (office)",
                   "sgr-2 in icmpv6 128..-1 2001:db8::/32", "sgr-3 out all -1..-1 pl-1",
                   "sgr-4 out 50 -1..-1 sg-2", "sgr-5 out udp 0..65535 10.0.0.0/8"}));
}

TEST(SecurityGroupRules, AnotherSpellingIsKeptBesides) {
  const auto inventory = InventoryOf(R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "6",
     "CidrIpv4": "192.0.2.0/24"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "CidrIpv4": "192.0.2.0/24"}]})");
  ASSERT_NE(inventory->rules()[0].spelling, nullptr);
  EXPECT_EQ(inventory->rules()[0].spelling->protocol, "6");
  EXPECT_EQ(inventory->rules()[0].spelling->source, "192.0.2.0/24");
  EXPECT_EQ(inventory->rules()[1].spelling, nullptr);
}

// Two documents may spell the same thing in two ways.
TEST(SecurityGroupRules, SpellingsAreNoDifference) {
  constexpr std::string_view kOne = R"({"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
    {"IpProtocol": "6", "IpRanges": [], "Ipv6Ranges": [{"CidrIpv6": "2001:DB8::/32"}]}]}]})";
  constexpr std::string_view kOther = R"({"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
    {"IpProtocol": "tcp", "IpRanges": [], "Ipv6Ranges": [{"CidrIpv6": "2001:db8::/32"}]}]}]})";
  EXPECT_EQ(ErrorsOf({{"a.json", kOne}, {"b.json", kOther}}), Texts{});
}

TEST(SecurityGroupRules, AReferenceMayNameAccountVpcAndPeering) {
  const auto inventory = InventoryOf(R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1",
     "ReferencedGroupInfo": {"GroupId": "sg-2", "UserId": "444455556666", "VpcId": "vpc-2",
                             "VpcPeeringConnectionId": "pcx-1", "PeeringStatus": "active"}},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1",
     "ReferencedGroupInfo": {"GroupId": "sg-2", "PeeringStatus": "deleted"}},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1",
     "ReferencedGroupInfo": {"GroupId": "sg-2", "PeeringStatus": "pending-acceptance"}},
    {"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "-1",
     "ReferencedGroupInfo": {"GroupId": "sg-2"}}]})");

  EXPECT_EQ(inventory->rules()[0].source.account_id, "444455556666");
  EXPECT_EQ(inventory->rules()[0].source.vpc_id, "vpc-2");
  EXPECT_EQ(inventory->rules()[0].source.peering, PeeringStatus::kActive);
  EXPECT_EQ(inventory->rules()[1].source.peering, PeeringStatus::kDeleted);
  EXPECT_EQ(inventory->rules()[2].source.peering, PeeringStatus::kOther);
  EXPECT_EQ(inventory->rules()[3].source.peering, PeeringStatus::kNone);
}

TEST(SecurityGroups, AsDescribeSecurityGroupsPrintsThem) {
  constexpr std::string_view kText = R"({"SecurityGroups": [{
    "GroupId": "sg-1", "GroupName": "web", "Description": "d", "OwnerId": "111122223333",
    "VpcId": "vpc-1",
    "IpPermissions": [
      {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
       "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "111122223333", "Description": "two"}],
       "PrefixListIds": [{"PrefixListId": "pl-1"}],
       "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
       "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "ten"}, {"CidrIp": "192.0.2.0/24"}]},
      {"IpProtocol": "icmp", "FromPort": 8, "ToPort": 0, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]})";

  EXPECT_EQ(RulesOf(kText), (Texts{"sg-1/IpPermissions/0 in tcp 22..22 10.0.0.0/8 (ten)",
                                   "sg-1/IpPermissions/0 in tcp 22..22 192.0.2.0/24",
                                   "sg-1/IpPermissions/0 in tcp 22..22 ::/0",
                                   "sg-1/IpPermissions/0 in tcp 22..22 pl-1",
                                   "sg-1/IpPermissions/0 in tcp 22..22 sg-2 (two)",
                                   "sg-1/IpPermissions/1 in icmp 8..0 0.0.0.0/0",
                                   "sg-1/IpPermissionsEgress/0 out all -1..-1 0.0.0.0/0"}));
  const auto inventory = InventoryOf(kText);
  const SecurityGroup& group = inventory->groups()[0];
  EXPECT_EQ(group.name, "web");
  EXPECT_EQ(group.vpc_id, "vpc-1");
  EXPECT_EQ(group.owner_id, "111122223333");
  EXPECT_TRUE(group.rules_known);
}

TEST(SecurityGroupRules, ARuleHasOneSourceAndADirection) {
  EXPECT_EQ(ErrorsOf(R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv4": "10.0.0.0/8", "PrefixListId": "pl-1"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1"},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IpProtocol": "-1",
     "CidrIpv4": "10.0.0.0/8"}]})"),
            (Texts{"a.json:2:5: SecurityGroupRules[0]: it has two sources, CidrIpv4 and "
                   "PrefixListId; make two rules of it",
                   "a.json:4:5: SecurityGroupRules[1]: it has no source; a rule has CidrIpv4, "
                   "CidrIpv6, PrefixListId or ReferencedGroupInfo",
                   "a.json:5:5: SecurityGroupRules[2]: IsEgress is missing"}));
}

TEST(SecurityGroups, APermissionHasASource) {
  EXPECT_EQ(ErrorsOf(R"({"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
    {"IpProtocol": "-1", "IpRanges": [], "UserIdGroupPairs": []},
    {"IpProtocol": "-1", "IpRanges": [{"Description": "office"}]}]}]})"),
            (Texts{"a.json:2:5: SecurityGroups[0].IpPermissions[0]: it has no source; a permission "
                   "has IpRanges, Ipv6Ranges, PrefixListIds or UserIdGroupPairs",
                   "a.json:3:39: SecurityGroups[0].IpPermissions[1].IpRanges[0]: CidrIp is "
                   "missing"}));
}

TEST(SecurityGroupRules, PortsAndProtocols) {
  EXPECT_EQ(ErrorsOf(R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "tpc",
     "FromPort": 65536, "ToPort": -2, "CidrIpv4": "10.0.0.0/8"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": true,
     "FromPort": 99999999999999999, "CidrIpv4": "10.0.0.0/8"}]})"),
            (Texts{"a.json:2:89: SecurityGroupRules[0].IpProtocol: \"tpc\" is no protocol; a "
                   "protocol is tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all",
                   "a.json:3:18: SecurityGroupRules[0].FromPort: 65536 is no port; ports go from 0 "
                   "to 65535, ICMP types and codes to 255; -1 is all",
                   "a.json:3:35: SecurityGroupRules[0].ToPort: -2 is no port; ports go from 0 to "
                   "65535, ICMP types and codes to 255; -1 is all",
                   "a.json:4:5: SecurityGroupRules[1]: IpProtocol is missing",
                   "a.json:5:18: SecurityGroupRules[1].FromPort: 99999999999999999 is no port; "
                   "ports go from 0 to 65535, ICMP types and codes to 255; -1 is all"}));
}

TEST(SecurityGroupRules, ACidrThatIsNone) {
  EXPECT_EQ(ErrorsOf(R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv4": "203.0.113.4"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv4": "203.0.113.0/33"},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv4": "::/0"},
    {"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv6": ""}]})"),
            (Texts{"a.json:3:18: SecurityGroupRules[0].CidrIpv4: \"203.0.113.4\" is no CIDR; for a "
                   "single address write \"203.0.113.4/32\"",
                   "a.json:5:18: SecurityGroupRules[1].CidrIpv4: \"203.0.113.0/33\" is no CIDR; a "
                   "CIDR is an address and a length, as 192.0.2.0/24 or 2001:db8::/32",
                   "a.json:7:18: SecurityGroupRules[2].CidrIpv4: \"::/0\" is no IPv4 CIDR",
                   "a.json:9:18: SecurityGroupRules[3].CidrIpv6: is empty"}));
}

TEST(SecurityGroupRules, HostBitsAreMaskedWithAWarningAndDoubt) {
  constexpr std::string_view kText = R"({"SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv4": "192.0.2.2/28"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv6": "2001:db8::1/64"},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "CidrIpv4": "192.0.2.0/28"}]})";

  EXPECT_EQ(RulesOf(kText),
            (Texts{"sgr-1 out all -1..-1 192.0.2.0/28", "sgr-2 out all -1..-1 2001:db8::/64",
                   "sgr-3 out all -1..-1 192.0.2.0/28"}));
  EXPECT_EQ(WarningsOf(kText),
            Texts{"a.json:3:18: SecurityGroupRules[0].CidrIpv4: 192.0.2.2/28 has bits set behind "
                  "its length; it is taken as 192.0.2.0/28 (2 in all); write it so, as AWS does"});
  const auto inventory = InventoryOf(kText);
  EXPECT_TRUE(inventory->rules()[0].doubtful);
  EXPECT_TRUE(inventory->rules()[1].doubtful);
  EXPECT_FALSE(inventory->rules()[2].doubtful);
}

TEST(SecurityGroups, DoubtStaysWithTheSourceThatGaveRise) {
  const auto inventory = InventoryOf(R"({"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [
    {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.1/8"}, {"CidrIp": "192.0.2.0/24"}]},
    {"IpProtocol": "tcp", "fromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]},
    {"IpProtocol": "udp", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]})");

  EXPECT_TRUE(inventory->rules()[0].doubtful);
  EXPECT_FALSE(inventory->rules()[1].doubtful);
  EXPECT_TRUE(inventory->rules()[2].doubtful) << "its ports are not read";
  EXPECT_FALSE(inventory->rules()[3].doubtful);
  EXPECT_FALSE(inventory->groups()[0].doubtful);
}

}  // namespace
}  // namespace sgflow
