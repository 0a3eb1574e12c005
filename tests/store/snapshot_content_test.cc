#include "store/snapshot_content.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace sgflow {
namespace {

constexpr std::string_view kSnapshot = R"({
"Snapshot": {"Version": 1, "CapturedAt": "2026-01-01T00:00:00Z", "AccountId": "111122223333",
  "Region": "eu-west-1", "Coverage": {"Kinds": ["NetworkInterfaces", "SecurityGroupRules"],
  "AccountIds": ["111122223333"], "Regions": ["eu-west-1"]}},
"NetworkInterfaces": [
  {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Description": "web",
   "InterfaceType": "interface", "OwnerId": "111122223333", "Status": "in-use",
   "RequesterId": "amazon-elb",
   "Attachment": {"InstanceId": "i-1", "Status": "attached", "AttachTime": "2026-01-01T00:00:00Z"},
   "Groups": [{"GroupId": "sg-1", "GroupName": "web"}, {"GroupId": "sg-2", "GroupName": "admin"}],
   "PrivateIpAddress": "10.0.0.5",
   "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.5"}, {"PrivateIpAddress": "10.0.0.6"},
                          {"PrivateIpAddress": "10.0.0.7"}],
   "TagSet": [{"Key": "Name", "Value": "web-1"}, {"Key": "Team", "Value": "blue"}]},
  {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Groups": []},
  {"NetworkInterfaceId": "eni-3", "VpcId": "vpc-1", "SubnetId": "subnet-2", "Groups":[],
   "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.1.16/28"}, {"Ipv4Prefix": "10.0.1.32/28"}],
   "TagSet": [{"Key": "vpcresources.k8s.aws/trunk-eni-id", "Value": "eni-9"}]}],
"SecurityGroups": [
  {"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1", "OwnerId": "111122223333"},
  {"GroupId": "sg-2", "GroupName": "admin", "VpcId": "vpc-1", "OwnerId": "999988887777",
   "IpPermissions": [
     {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
      "IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24"}]},
     {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
   "IpPermissionsEgress": []}],
"SecurityGroupRules": [
  {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
   "FromPort": 443, "ToPort": 443, "PrefixListId": "pl-1", "Description": "offices"},
  {"SecurityGroupRuleId": "sgr-9", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "udp",
   "FromPort": 53, "ToPort": 53, "ReferencedGroupInfo": {"GroupId": "sg-7",
   "UserId": "444455556666", "VpcId": "vpc-7", "PeeringStatus": "active"}}],
"PrefixLists": [
  {"PrefixListId": "pl-1", "PrefixListName": "offices", "State": "create-complete", "Version": 1,
   "Entries": [{"Cidr": "192.0.2.0/24"}, {"Cidr": "198.51.100.0/24"}]}],
"NetworkAcls": [
  {"NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": true,
   "Associations": [{"NetworkAclAssociationId": "aclassoc-1", "SubnetId": "subnet-1"},
                    {"NetworkAclAssociationId": "aclassoc-2", "SubnetId": "subnet-2"}],
   "Entries": [
     {"RuleNumber": 100, "Egress": false, "Protocol": "-1", "RuleAction": "allow",
      "CidrBlock": "10.0.0.0/8"},
     {"RuleNumber": 200, "Egress": false, "Protocol": "-1", "RuleAction": "deny",
      "CidrBlock": "0.0.0.0/0"}]}],
"Subnets": [
  {"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/24",
   "AvailableIpAddressCount": 250, "State": "available"},
  {"SubnetId": "subnet-2", "VpcId": "vpc-1", "OwnerId": "111122223333",
   "CidrBlock": "10.0.1.0/24"}]})";

// Of the snapshot with each of the texts once in it.
std::string With(std::string_view old_text, std::string_view new_text) {
  std::string json(kSnapshot);
  const std::size_t at = json.find(old_text);
  EXPECT_NE(at, std::string::npos) << old_text;
  EXPECT_EQ(json.find(old_text, at + 1), std::string::npos) << old_text;
  return json.replace(at, old_text.size(), new_text);
}

SnapshotContent ContentOf(std::string_view json) {
  const auto content = SnapshotContent::Read(json);
  EXPECT_TRUE(content) << json;
  return content.value_or(SnapshotContent());
}

bool AddsNothing(const std::string& later) {
  return ContentOf(later).AddsNothingTo(ContentOf(kSnapshot));
}

struct Change {
  const char* name;
  std::string_view old_text;
  std::string_view new_text;
};

class SnapshotContentTest : public ::testing::TestWithParam<Change> {};
class NoNews : public SnapshotContentTest {};
class News : public SnapshotContentTest {};

TEST_P(NoNews, AddsNothing) {
  EXPECT_TRUE(AddsNothing(With(GetParam().old_text, GetParam().new_text)));
}

TEST_P(News, AddsSomething) {
  EXPECT_FALSE(AddsNothing(With(GetParam().old_text, GetParam().new_text)));
}

std::string NameOf(const ::testing::TestParamInfo<Change>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Changes, NoNews,
    ::testing::Values(
        Change{"Moment", "2026-01-01T00:00:00Z\", \"AccountId",
               "2026-02-01T00:00:00Z\", \"AccountId"},
        Change{"Layout", ",\n  {\"NetworkInterfaceId\": \"eni-2\"",
               ",{\"NetworkInterfaceId\": \"eni-2\""},
        Change{"Status", "\"Status\": \"in-use\"", "\"Status\": \"available\""},
        Change{"AttachmentStatus", "\"attached\"", "\"detaching\""},
        Change{"FreeAddresses", "250", "249"},
        Change{"StateOfSubnet", ", \"State\": \"available\"", ", \"State\": \"pending\""},
        Change{"VersionOfList", "\"Version\": 1,\n", "\"Version\": 2,\n"},
        Change{"AnotherTag", "\"blue\"", "\"green\""},
        Change{
            "OrderOfGroups",
            R"({"GroupId": "sg-1", "GroupName": "web"}, {"GroupId": "sg-2", "GroupName": "admin"})",
            R"({"GroupId": "sg-2", "GroupName": "admin"}, {"GroupId": "sg-1", "GroupName": "web"})"},
        Change{"OrderOfTags",
               R"({"Key": "Name", "Value": "web-1"}, {"Key": "Team", "Value": "blue"})",
               R"({"Key": "Team", "Value": "blue"}, {"Key": "Name", "Value": "web-1"})"},
        Change{"OrderOfFurtherAddresses",
               R"({"PrivateIpAddress": "10.0.0.6"},
                          {"PrivateIpAddress": "10.0.0.7"})",
               R"({"PrivateIpAddress": "10.0.0.7"}, {"PrivateIpAddress": "10.0.0.6"})"},
        Change{"OrderOfDelegatedPrefixes",
               R"({"Ipv4Prefix": "10.0.1.16/28"}, {"Ipv4Prefix": "10.0.1.32/28"})",
               R"({"Ipv4Prefix": "10.0.1.32/28"}, {"Ipv4Prefix": "10.0.1.16/28"})"},
        Change{"OrderOfRanges", R"({"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24"})",
               R"({"CidrIp": "198.51.100.0/24"}, {"CidrIp": "192.0.2.0/24"})"},
        Change{
            "OrderOfPermissions",
            R"({"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
      "IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24"}]},
     {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]})",
            R"({"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
     {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
      "IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "198.51.100.0/24"}]})"},
        Change{"OrderOfListEntries", R"({"Cidr": "192.0.2.0/24"}, {"Cidr": "198.51.100.0/24"})",
               R"({"Cidr": "198.51.100.0/24"}, {"Cidr": "192.0.2.0/24"})"},
        Change{"OrderOfAssociations",
               R"({"NetworkAclAssociationId": "aclassoc-1", "SubnetId": "subnet-1"},
                    {"NetworkAclAssociationId": "aclassoc-2", "SubnetId": "subnet-2"})",
               R"({"NetworkAclAssociationId": "aclassoc-2", "SubnetId": "subnet-2"},
                    {"NetworkAclAssociationId": "aclassoc-1", "SubnetId": "subnet-1"})"},
        Change{"OrderOfAclEntries",
               R"({"RuleNumber": 100, "Egress": false, "Protocol": "-1", "RuleAction": "allow",
      "CidrBlock": "10.0.0.0/8"},
     {"RuleNumber": 200, "Egress": false, "Protocol": "-1", "RuleAction": "deny",
      "CidrBlock": "0.0.0.0/0"})",
               R"({"RuleNumber": 200, "Egress": false, "Protocol": "-1", "RuleAction": "deny",
      "CidrBlock": "0.0.0.0/0"},
     {"RuleNumber": 100, "Egress": false, "Protocol": "-1", "RuleAction": "allow",
      "CidrBlock": "10.0.0.0/8"})"},
        // That AWS did not tell it this time.
        Change{"EntriesUntold", R"(,
   "Entries": [{"Cidr": "192.0.2.0/24"}, {"Cidr": "198.51.100.0/24"}])",
               ""}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Changes, News,
    ::testing::Values(
        Change{"Account", "\"AccountId\": \"111122223333\"", "\"AccountId\": \"444455556666\""},
        Change{"Region", "\"Region\": \"eu-west-1\"", "\"Region\": \"us-east-1\""},
        Change{"Narrowed", "\"Regions\": [\"eu-west-1\"]",
               "\"Regions\": [\"eu-west-1\"], \"VpcIds\": [\"vpc-1\"]"},
        Change{"InterfacesNotWhole", "\"Kinds\": [\"NetworkInterfaces\", ", "\"Kinds\": ["},
        Change{"RulesNotWhole", ", \"SecurityGroupRules\"]", "]"},
        Change{"InterfaceGone",
               ",\n  {\"NetworkInterfaceId\": \"eni-2\", \"VpcId\": \"vpc-1\", "
               "\"SubnetId\": \"subnet-1\", \"Groups\": []}",
               ""},
        Change{"Description", "\"Description\": \"web\"", "\"Description\": \"proxy\""},
        Change{"Type", "\"InterfaceType\": \"interface\"", "\"InterfaceType\": \"trunk\""},
        Change{"IdOfInterface", "eni-2", "eni-4"}, Change{"Trunk", "eni-9", "eni-8"},
        Change{"OwnerOfInterface", "\"OwnerId\": \"111122223333\", \"Status\"",
               "\"OwnerId\": \"444455556666\", \"Status\""},
        Change{"DelegatedPrefix", "10.0.1.32/28", "10.0.1.48/28"},
        Change{"GroupOfRule", "\"sgr-9\", \"GroupId\": \"sg-1\"",
               "\"sgr-9\", \"GroupId\": \"sg-3\""},
        Change{"Requester", "amazon-elb", "amazon-rds"},
        Change{"SubnetOfInterface", "\"SubnetId\": \"subnet-1\", \"Groups\": []",
               "\"SubnetId\": \"subnet-2\", \"Groups\": []"},
        Change{"VpcOfGroup", "\"GroupName\": \"admin\", \"VpcId\": \"vpc-1\"",
               "\"GroupName\": \"admin\", \"VpcId\": \"vpc-2\""},
        Change{"OwnerOfGroup", "999988887777", "999988886666"},
        Change{"ReferencedAccount", "\"UserId\": \"444455556666\"", "\"UserId\": \"555566667777\""},
        Change{"ReferencedVpc", "\"VpcId\": \"vpc-7\"", "\"VpcId\": \"vpc-8\""},
        Change{"ReferencedGroup", "\"sg-7\"", "\"sg-8\""},
        Change{"Peering", "\"active\"", "\"deleted\""},
        Change{"OwnerOfSubnet", "\"OwnerId\": \"111122223333\", \"CidrBlock\"",
               "\"OwnerId\": \"444455556666\", \"CidrBlock\""},
        Change{"HostBits", "\"CidrBlock\": \"10.0.1.0/24\"", "\"CidrBlock\": \"10.0.1.5/24\""},
        Change{"DefaultAcl", "\"IsDefault\": true", "\"IsDefault\": false"},
        Change{"NumberTwice", "\"RuleNumber\": 200", "\"RuleNumber\": 100"},
        Change{"Instance", "\"i-1\"", "\"i-2\""}, Change{"Name", "\"web-1\"", "\"web-2\""},
        Change{"GroupLeft", R"(, {"GroupId": "sg-2", "GroupName": "admin"}])", "]"},
        Change{"GroupsUntold", ", \"Groups\": []", ""},
        Change{"OtherAddress", "10.0.0.7", "10.0.0.8"},
        Change{"OtherPrimaryAddress", "\"PrivateIpAddress\": \"10.0.0.5\",\n",
               "\"PrivateIpAddress\": \"10.0.0.6\",\n"},
        Change{"NameOfGroup", "\"GroupId\": \"sg-1\", \"GroupName\": \"web\", \"VpcId\"",
               "\"GroupId\": \"sg-1\", \"GroupName\": \"proxy\", \"VpcId\""},
        Change{"PortOfPermission", "\"ToPort\": 22", "\"ToPort\": 23"},
        Change{"ProtocolOfPermission", "\"icmp\"", "\"udp\""},
        Change{"IdOfRule", "\"sgr-1\"", "\"sgr-2\""},
        Change{"PortOfRule", "\"FromPort\": 443", "\"FromPort\": 80"},
        Change{"DirectionOfRule", "\"IsEgress\": false", "\"IsEgress\": true"},
        Change{"DescriptionOfRule", "\"Description\": \"offices\"", "\"Description\": \"homes\""},
        Change{"ListOfRule", "443, \"PrefixListId\": \"pl-1\"", "443, \"PrefixListId\": \"pl-2\""},
        Change{"Entry", "{\"Cidr\": \"192.0.2.0/24\"}", "{\"Cidr\": \"192.0.2.0/25\"}"},
        Change{"NameOfList", "\"PrefixListName\": \"offices\"", "\"PrefixListName\": \"homes\""},
        Change{"NumberOfAclEntry", "\"RuleNumber\": 100", "\"RuleNumber\": 300"},
        Change{"Association", R"(,
                    {"NetworkAclAssociationId": "aclassoc-2", "SubnetId": "subnet-2"})",
               ""},
        Change{"BlockOfSubnet", "10.0.1.0/24", "10.0.2.0/24"}),
    NameOf);

TEST(SnapshotContentOfLists, IsMoreWhereItWasUntold) {
  const std::string untold = With(R"(,
   "Entries": [{"Cidr": "192.0.2.0/24"}, {"Cidr": "198.51.100.0/24"}])",
                                  "");
  EXPECT_FALSE(ContentOf(kSnapshot).AddsNothingTo(ContentOf(untold)));
  EXPECT_TRUE(ContentOf(untold).AddsNothingTo(ContentOf(untold)));
}

TEST(SnapshotContentOfTexts, AreToldApartWhereverTheyEnd) {
  const std::string moved = With("\"Description\": \"web\",\n   \"InterfaceType\": \"interface\"",
                                 "\"Description\": \"we\",\n   \"InterfaceType\": \"binterface\"");
  EXPECT_FALSE(AddsNothing(moved));
}

TEST(SnapshotContentOfDocuments, IsNoneWhereNoInventoryCanBeMade) {
  EXPECT_FALSE(SnapshotContent::Read("{"));
  EXPECT_FALSE(SnapshotContent::Read(With("\"icmp\"", "\"icmmp\"")));
}

}  // namespace
}  // namespace sgflow
