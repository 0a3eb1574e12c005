// AWS Config's items, old and new, as files and as the API gives them.
#include "documents/config_item.h"

#include <gtest/gtest.h>

#include "documents/loading.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Texts;

struct Read {
  bool known = false;
  std::vector<ConfigItem> items;
  Texts errors;
};

Read ReadText(std::string_view text) {
  Read read;
  InventoryReport report;
  read.known = ReadConfig({.name = "c.json", .text = text}, read.items, report);
  for (const Error& error : report.TakeErrors()) read.errors.push_back(Describe(error));
  return read;
}

// The only item, without errors.
ConfigItem ItemOf(std::string_view text) {
  Read read = ReadText(text);
  EXPECT_EQ(read.errors, Texts{});
  EXPECT_EQ(read.items.size(), 1U);
  return read.items.empty() ? ConfigItem{} : std::move(read.items[0]);
}

// Ranges are texts, what is absent is null, and the configuration is a text: the API of 2017.
constexpr std::string_view kOld = R"({"configurationItems": [{
  "version": "1.2", "configurationItemCaptureTime": "2017-01-26T19:38:34.276000+00:00",
  "configurationItemStatus": "ResourceDiscovered", "configurationStateId": "1485459514276",
  "resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1", "configuration":
  "{\"groupId\":\"sg-1\",\"vpcId\":\"vpc-1\",\"ipPermissions\":[{\"ipProtocol\":\"-1\",\"fromPort\":null,\"toPort\":null,\"userIdGroupPairs\":[],\"ipRanges\":[\"10.0.0.0/8\"],\"prefixListIds\":[]}],\"ipPermissionsEgress\":[]}"}]})";

TEST(ConfigItem, OfTheOldestVersion) {
  const ConfigItem item = ItemOf(kOld);
  EXPECT_EQ(item.kind, ListedKind::kSecurityGroups);
  EXPECT_EQ(item.resource_id, "sg-1");
  EXPECT_EQ(item.captured_at, std::chrono::sys_days(2017y / 1 / 26) + 19h + 38min + 34s);
  EXPECT_EQ(item.state_id, 1485459514276U);
  EXPECT_EQ(item.json,
            R"({"GroupId":"sg-1","VpcId":"vpc-1","IpPermissions":[{"IpProtocol":"-1",)"
            R"("UserIdGroupPairs":[],"IpRanges":[{"CidrIp":"10.0.0.0/8"}],"PrefixListIds":[]}],)"
            R"("IpPermissionsEgress":[]})");
}

// Both spellings of a range stand there: one counts.
TEST(ConfigItem, OfANewerFile) {
  const ConfigItem item = ItemOf(R"({"fileVersion": "1.0", "configurationItems": [{
    "configurationItemVersion": "1.3", "configurationItemCaptureTime": "2026-01-02T03:04:05.001Z",
    "configurationItemStatus": "OK", "configurationStateId": 1767323045001, "awsAccountId": "1",
    "resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1", "configuration": {
      "groupId": "sg-1", "ipPermissions": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22,
        "ipv4Ranges": [{"cidrIp": "10.0.0.0/8", "description": "us"}],
        "ipRanges": ["10.0.0.0/8"], "ipv6Ranges": [{"cidrIpv6": "2001:db8::/32"}]}]}}]})");
  EXPECT_EQ(item.state_id, 1767323045001U);
  EXPECT_EQ(item.json,
            R"({"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,)"
            R"("IpRanges":[{"CidrIp":"10.0.0.0/8","Description":"us"}],)"
            R"("Ipv6Ranges":[{"CidrIpv6":"2001:db8::/32"}]}]})");
}

// One spelling may be left empty: the other one counts then.
TEST(ConfigItem, AnEmptySpellingOfRangesHidesNone) {
  const auto ranges_of = [](const std::string& ranges) {
    return ItemOf(R"({"configurationItems": [{"resourceType": "AWS::EC2::SecurityGroup",
      "resourceId": "sg-1", "configuration": {"groupId": "sg-1", "ipPermissions": [
        {"ipProtocol": "-1", "ipv6Ranges": [{"cidrIpv6": "::/0"}], )" +
                  ranges + "}]}}]}")
        .json;
  };
  const auto json = [](const std::string& ranges) {
    return R"({"GroupId":"sg-1","IpPermissions":[{"IpProtocol":"-1","Ipv6Ranges":[{"CidrIpv6":)"
           R"("::/0"}],"IpRanges":[)" +
           ranges + "]}]}";
  };
  const std::string range = R"({"CidrIp":"198.51.100.0/24"})";
  EXPECT_EQ(ranges_of(R"("ipv4Ranges": [], "ipRanges": ["198.51.100.0/24"])"), json(range));
  EXPECT_EQ(ranges_of(R"("ipRanges": ["198.51.100.0/24"], "ipv4Ranges": [])"), json(range));
  EXPECT_EQ(ranges_of(R"("ipRanges": [], "ipv4Ranges": [{"cidrIp": "198.51.100.0/24"}])"),
            json(range));
  EXPECT_EQ(ranges_of(R"("ipRanges": [], "ipv4Ranges": [])"), json(""));
  EXPECT_EQ(ranges_of(R"("ipRanges": null, "ipv4Ranges": [])"), json(""));
}

TEST(ConfigItem, ATimeMayBeInSeconds) {
  const auto item_of = [](const std::string& time) {
    return R"({"configurationItems": [{"resourceType": "AWS::EC2::Subnet", "resourceId": "s",
      "configurationItemStatus": "ResourceDeleted", "configurationItemCaptureTime": )" +
           time + "}]}";
  };
  for (const std::string time :
       {"1767225600", "1767225600.276", R"("1767225600")", R"("1767225600.276")"}) {
    EXPECT_EQ(ItemOf(item_of(time)).captured_at, std::chrono::sys_days(2026y / 1 / 1)) << time;
  }
  EXPECT_FALSE(ItemOf(item_of("null")).captured_at);
  for (const std::string time :
       {R"("yesterday")", R"("1767225600x")", R"("1767225600.")", "-1", "1767225600276", "true"}) {
    EXPECT_EQ(ReadText(item_of(time)).errors,
              Texts{"c.json: configurationItems[0].configurationItemCaptureTime: " + time +
                    " is no time"});
  }
}

TEST(ConfigItem, KnowsWhereItsResourceIsAndWhereItStands) {
  const ConfigItem file = ItemOf(R"({"configurationItems": [{"resourceType": "AWS::EC2::Subnet",
    "resourceId": "s", "awsAccountId": "1", "awsRegion": "r",
    "configuration": {"subnetId": "s", "vpcId": "vpc-1"}}]})");
  EXPECT_EQ(file.account_id, "1");
  EXPECT_EQ(file.region, "r");
  EXPECT_EQ(file.vpc_id, "vpc-1");
  EXPECT_EQ(file.place(), InFile("c.json", "configurationItems[0].configuration"));
  EXPECT_EQ(ItemOf(R"({"baseConfigurationItems": [{"resourceType": "AWS::EC2::Subnet",
    "resourceId": "s", "accountId": "1", "configuration": "{\"subnetId\":\"s\"}"}]})")
                .account_id,
            "1")
      << "as the API calls it";
}

// What changes without a meaning must not look like a change.
TEST(ConfigItem, LeavesOutWhatIsNotRead) {
  const ConfigItem item = ItemOf(R"({"configurationItems": [{"resourceId": "eni-1",
    "resourceType": "AWS::EC2::NetworkInterface", "configuration": {
      "networkInterfaceId": "eni-1", "status": "in-use", "association": {"publicIp": "192.0.2.1"},
      "attachment": {"attachTime": "2026-01-02T03:04:05.001Z", "instanceId": "i-1"},
      "groups": [{"groupId": "sg-1", "groupName": "web"}]}}]})");
  EXPECT_EQ(item.json, R"({"NetworkInterfaceId":"eni-1","Attachment":{"InstanceId":"i-1"},)"
                       R"("Groups":[{"GroupId":"sg-1","GroupName":"web"}]})");
  EXPECT_FALSE(item.captured_at);
}

TEST(ConfigItem, OfWhatIsGoneIsEmpty) {
  for (const std::string status :
       {"ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"}) {
    EXPECT_EQ(ItemOf(R"({"configurationItems": [{"resourceType": "AWS::EC2::Subnet",
      "resourceId": "subnet-1", "configuration": null, "configurationItemStatus": ")" +
                     status + R"("}]})")
                  .json,
              "");
  }
}

TEST(ConfigItem, OfAQueryTellsItsKindByItsMembers) {
  const ConfigItem item = ItemOf(R"({"Results": [
    "{\"resourceId\":\"acl-1\",\"configuration\":{\"networkAclId\":\"acl-1\",\"entries\":[]}}"],
    "QueryInfo": {}})");
  EXPECT_EQ(item.kind, ListedKind::kNetworkAcls);
  EXPECT_EQ(item.json, R"({"NetworkAclId":"acl-1","Entries":[]})");
}

TEST(ConfigItem, OfOtherKindsIsPassedOver) {
  const Read read = ReadText(R"({"configurationItems": [
    {"resourceType": "AWS::S3::Bucket", "resourceId": "b", "configuration": {"name": "b"}}]})");
  EXPECT_TRUE(read.known);
  EXPECT_TRUE(read.items.empty());
}

TEST(ConfigItem, WhatIsNotConfigIsLeftToOthers) {
  EXPECT_FALSE(ReadText(R"({"NetworkInterfaces": []})").known);
  EXPECT_FALSE(ReadText(R"({"Subnets": [{"SubnetId": "\"configurationItems\""}]})").known);
  EXPECT_FALSE(ReadText(R"({"configurationItems": [)").known);
}

TEST(ConfigItem, WhatIsWrongIsToldWithItsPlace) {
  EXPECT_EQ(ReadText(R"({"configurationItems": [
    7,
    {"resourceType": "AWS::EC2::Subnet", "configuration": {"cidrBlock": "10.0.0.0/8"}},
    {"resourceType": "AWS::EC2::Subnet", "resourceId": "s", "configuration": "{"},
    {"resourceType": "AWS::EC2::Subnet", "resourceId": "s", "configuration": []}]})")
                .errors,
            (Texts{"c.json: configurationItems[0]: an object is expected",
                   "c.json: configurationItems[1].resourceId: is missing",
                   "c.json: configurationItems[1].configuration: SubnetId is missing",
                   "c.json: configurationItems[2].configuration: is no JSON in a text",
                   "c.json: configurationItems[3].configuration: an object is expected"}));
}

}  // namespace
}  // namespace sgflow
