// NetworkAcls and Subnets.
#include <gtest/gtest.h>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::ErrorsOf;
using testing::InventoryOf;
using testing::Texts;
using testing::WarningsOf;

// "NUMBER DIRECTION ACTION PROTOCOL PREFIX PORTS ICMP"
std::string Told(const NetworkAclEntry& entry) {
  return std::to_string(entry.number) +
         (entry.direction == Direction::kIngress ? " in " : " out ") +
         (entry.allow ? "allow " : "deny ") +
         (entry.protocol ? ProtocolName(*entry.protocol) : "all") + ' ' + entry.prefix.ToString() +
         ' ' + std::to_string(entry.from_port) + ".." + std::to_string(entry.to_port) + ' ' +
         std::to_string(entry.icmp_type) + '/' + std::to_string(entry.icmp_code);
}

TEST(NetworkAcls, AsDescribeNetworkAclsPrintsThem) {
  const auto inventory = InventoryOf(R"({"NetworkAcls": [{
    "NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": true, "OwnerId": "111122223333",
    "Associations": [{"NetworkAclAssociationId": "aclassoc-1", "NetworkAclId": "acl-1",
                      "SubnetId": "subnet-1"}],
    "Entries": [
      {"CidrBlock": "0.0.0.0/0", "Egress": false, "Protocol": "-1", "RuleAction": "deny",
       "RuleNumber": 32767},
      {"Ipv6CidrBlock": "2001:db8::/32", "Egress": false, "Protocol": "6", "RuleAction": "allow",
       "RuleNumber": 100, "PortRange": {"From": 443, "To": 444}},
      {"CidrBlock": "10.0.0.0/8", "Egress": true, "Protocol": "1", "RuleAction": "allow",
       "RuleNumber": 200, "IcmpTypeCode": {"Type": 8, "Code": -1}}]}]})");

  const NetworkAcl& acl = inventory->acls()[0];
  EXPECT_EQ(acl.id, "acl-1");
  EXPECT_EQ(acl.vpc_id, "vpc-1");
  EXPECT_TRUE(acl.is_default);
  Texts entries;
  for (const NetworkAclEntry& entry : acl.entries) entries.push_back(Told(entry));
  EXPECT_EQ(entries, (Texts{"100 in allow tcp 2001:db8::/32 443..444 -1/-1",
                            "200 out allow icmp 10.0.0.0/8 -1..-1 8/-1",
                            "32767 in deny all 0.0.0.0/0 -1..-1 -1/-1"}));
  EXPECT_EQ(inventory->FindSubnet("subnet-1")->acl, 0U);
  EXPECT_EQ(inventory->FindSubnet("subnet-1")->vpc_id, "vpc-1");
}

TEST(NetworkAcls, AnEntryHasNumberDirectionActionAndOneBlock) {
  EXPECT_EQ(
      ErrorsOf(R"({"NetworkAcls": [{"NetworkAclId": "acl-1", "Entries": [
    {"CidrBlock": "0.0.0.0/0", "Egress": true, "Protocol": "-1", "RuleAction": "permit",
     "RuleNumber": 0},
    {"CidrBlock": "0.0.0.0/0", "Ipv6CidrBlock": "::/0", "Protocol": "-1", "RuleAction": "deny"},
    {"Egress": true, "RuleNumber": 1},
    {"CidrBlock": "0.0.0.0/0", "Egress": true, "Protocol": "1", "RuleAction": "deny",
     "RuleNumber": 2, "IcmpTypeCode": {"Type": 256}}]}]})"),
      (Texts{"a.json:3:20: NetworkAcls[0].Entries[0].RuleNumber: 0 is no rule number; rules "
             "go from 1 to 32766; 32767 and 32768 are the default denies",
             "a.json:2:80: NetworkAcls[0].Entries[0].RuleAction: \"permit\" is no action; an "
             "entry's action is allow or deny",
             "a.json:4:5: NetworkAcls[0].Entries[1]: RuleNumber is missing",
             "a.json:4:5: NetworkAcls[0].Entries[1]: Egress is missing",
             "a.json:4:5: NetworkAcls[0].Entries[1]: it has two sources, CidrBlock and "
             "Ipv6CidrBlock; make two entries of it",
             "a.json:5:5: NetworkAcls[0].Entries[2]: Protocol is missing",
             "a.json:5:5: NetworkAcls[0].Entries[2]: RuleAction is missing",
             "a.json:5:5: NetworkAcls[0].Entries[2]: it has no source; an entry has CidrBlock "
             "or Ipv6CidrBlock",
             "a.json:7:48: NetworkAcls[0].Entries[3].IcmpTypeCode.Type: 256 is no ICMP type "
             "or code; they go from 0 to 255; -1 is all"}));
}

TEST(NetworkAcls, ANumberTwiceIsAWarning) {
  EXPECT_EQ(
      WarningsOf(R"({"NetworkAcls": [{"NetworkAclId": "acl-1", "Associations": [], "Entries": [
    {"CidrBlock": "0.0.0.0/0", "Egress": true, "Protocol": "-1", "RuleAction": "deny",
     "RuleNumber": 100},
    {"CidrBlock": "10.0.0.0/8", "Egress": true, "Protocol": "-1", "RuleAction": "allow",
     "RuleNumber": 100}]}]})"),
      Texts{"a.json:1:18: NetworkAcls[0]: acl-1 has two outbound entries with the number 100: "
            "which of them acts is unknown; write the file anew: aws ec2 "
            "describe-network-acls"});
}

TEST(NetworkAcls, WhatIsNotToldIsAWarning) {
  EXPECT_EQ(
      WarningsOf(R"({"NetworkAcls": [
    {"NetworkAclId": "acl-1", "IsDefault": true, "Entries": null}]})"),
      Texts{"a.json:2:5: NetworkAcls[0]: acl-1 is described without Entries: what it lets pass is "
            "unknown; write the file anew: aws ec2 describe-network-acls"});
  EXPECT_EQ(
      WarningsOf(R"({"NetworkAcls": [
    {"NetworkAclId": "acl-2", "Entries": []}]})"),
      Texts{"a.json:2:5: NetworkAcls[0]: acl-2 is described without Associations: which subnets "
            "it is of is unknown; write the file anew: aws ec2 describe-network-acls"});
}

TEST(NetworkAcls, ASubnetUnderTwoIsAWarning) {
  EXPECT_EQ(
      WarningsOf(R"({"NetworkAcls": [
    {"NetworkAclId": "acl-1", "Entries": [], "Associations": [{"SubnetId": "subnet-1"}]},
    {"NetworkAclId": "acl-2", "Entries": [], "Associations": [{"SubnetId": "subnet-1"}]}]})"),
      Texts{"a.json:3:5: NetworkAcls[1]: subnet-1 is associated with acl-1 and acl-2: its ACL "
            "is taken as unknown; write the file anew: aws ec2 describe-network-acls"});
}

TEST(Subnets, AsDescribeSubnetsPrintsThem) {
  const auto inventory = InventoryOf(R"({"Subnets": [
    {"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "111122223333",
     "CidrBlock": "10.0.0.0/24", "Ipv6CidrBlockAssociationSet": [
       {"Ipv6CidrBlock": "2001:db8::/64", "Ipv6CidrBlockState": {"State": "associated"}},
       {"Ipv6CidrBlock": "2001:db8:1::/64", "Ipv6CidrBlockState": {"State": "disassociated"}}]},
    {"SubnetId": "subnet-2", "VpcId": "vpc-1", "CidrBlock": "", "Ipv6Native": true}]})");

  const Subnet* subnet = inventory->FindSubnet("subnet-1");
  EXPECT_EQ(subnet->vpc_id, "vpc-1");
  EXPECT_EQ(subnet->owner_id, "111122223333");
  EXPECT_EQ(subnet->prefixes, (std::vector{IpPrefix::Parse("10.0.0.0/24").value(),
                                           IpPrefix::Parse("2001:db8::/64").value()}));
  EXPECT_EQ(subnet->acl, std::nullopt) << "no ACL is told";
  EXPECT_TRUE(inventory->FindSubnet("subnet-2")->prefixes.empty());
}

}  // namespace
}  // namespace sgflow
