#include <gtest/gtest.h>

#include "output/encoding.h"

namespace sgflow {
namespace {

std::string Classic(std::string_view layout, std::string_view line, std::string_view interface_id,
                    std::optional<Direction> direction) {
  return Encode({OutputFormat::kClassic, layout, line, interface_id, direction});
}

TEST(ClassicEncoder, JoinsTheRulesOfAllGroupsOfTheDirection) {
  EXPECT_EQ(Classic("srcaddr srcport", "192.0.2.1 443", "eni-1", Direction::kIngress),
            R"({"srcaddr": "192.0.2.1", "srcport": "443", "security-groups": ")"
            "sgr-1|tcp|443|0.0.0.0/0|sg-b;"
            "sgr-2|udp|1024-65535|2001:db8::/32|sg-b;"
            "sgr-3|All protocols|All ports|sg-a|sg-b;"
            "sgr-4|icmp|8-0|pl-1|sg-b;"
            "sgr-5|50|All ports|192.0.2.0/24|sg-b;"
            "no-inbound-rules||||sg-a\"}\n");
}

TEST(ClassicEncoder, SaysWhatIsNotThere) {
  EXPECT_EQ(Classic("srcaddr", "-", "eni-1", Direction::kEgress),
            "{\"srcaddr\": \"-\", \"security-groups\": \"no-outbound-rules||||sg-b;"
            "sgr-6|All protocols|All ports|0.0.0.0/0|sg-a\"}\n");
  const std::string nothing =
      "{\"srcaddr\": \"-\", \"security-groups\": \"||||no-security-groups\"}\n";
  EXPECT_EQ(Classic("srcaddr", "-", "eni-1", std::nullopt), nothing);
  EXPECT_EQ(Classic("srcaddr", "-", "eni-2", Direction::kEgress), nothing);
  EXPECT_EQ(Classic("srcaddr", "-", "", Direction::kEgress), nothing);
}

// That a group has no rules is said only of one whose rules somebody has listed.
TEST(ClassicEncoder, AGroupWhoseRulesAreUnknownIsNamedAlone) {
  constexpr std::string_view kInterface = R"({
    "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": "sg-a"},
                                                                     {"GroupId": "sg-b"}]}])";
  constexpr std::string_view kRule = R"({"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-a",
    "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
    "CidrIpv4": "0.0.0.0/0"})";
  const auto inbound = [&](const std::string& rest) {
    const std::string text =
        Encode({OutputFormat::kClassic, "srcaddr", "-", "eni-1", Direction::kIngress},
               std::string(kInterface) + rest + "}");
    const std::size_t begin = text.find("ups\": \"") + 7;
    return text.substr(begin, text.rfind('"') - begin);
  };
  const std::string rules = R"(, "SecurityGroupRules": [)" + std::string(kRule) + "]";
  EXPECT_EQ(inbound(""), "||||sg-a;||||sg-b");
  EXPECT_EQ(inbound(rules), "sgr-1|tcp|443|0.0.0.0/0|sg-a;no-inbound-rules||||sg-b");
  EXPECT_EQ(inbound(rules + R"(, "NextToken": "more")"), "sgr-1|tcp|443|0.0.0.0/0|sg-a;||||sg-b");
  EXPECT_EQ(inbound(rules + R"(, "Snapshot": {"Coverage": {"Kinds": [],
                                                            "RulesOfGroupIds": ["sg-a"]}})"),
            "sgr-1|tcp|443|0.0.0.0/0|sg-a;||||sg-b");
  EXPECT_EQ(inbound(R"(, "SecurityGroups": [{"GroupId": "sg-a", "IpPermissions": []},
                                            {"GroupId": "sg-b"}])"),
            "no-inbound-rules||||sg-a;||||sg-b");
}

// The earlier function repeated the inventory's texts; json has one spelling for each.
TEST(ClassicEncoder, SpellsProtocolAndSourceAsTheInventory) {
  constexpr std::string_view kInventory = R"({
    "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": "sg-a"},
                                                                     {"GroupId": "sg-b"}]}],
    "SecurityGroups": [
      {"GroupId": "sg-a", "IpPermissions": [
        {"IpProtocol": "TCP", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        {"IpProtocol": "58", "FromPort": -1, "ToPort": -1,
         "Ipv6Ranges": [{"CidrIpv6": "2001:DB8::/32"}, {"CidrIpv6": "::/0"}],
         "PrefixListIds": [{"PrefixListId": "pl-1"}]}]},
      {"GroupId": "sg-b"}],
    "SecurityGroupRules": [
      {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-b", "IsEgress": false, "IpProtocol": "6",
       "FromPort": 443, "ToPort": 443, "CidrIpv4": "10.1.2.3/8"},
      {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-b", "IsEgress": false, "IpProtocol": "-1",
       "CidrIpv6": "2001:0db8::/32"}]})";
  EXPECT_EQ(
      Encode({OutputFormat::kClassic, "srcaddr", "-", "eni-1", Direction::kIngress}, kInventory),
      "{\"srcaddr\": \"-\", \"security-groups\": \""
      "sg-a/IpPermissions/0|TCP|22|10.0.0.0/8|sg-a;"
      "sg-a/IpPermissions/1|58|All ports|2001:DB8::/32|sg-a;"
      "sg-a/IpPermissions/1|58|All ports|::/0|sg-a;"
      "sg-a/IpPermissions/1|58|All ports|pl-1|sg-a;"
      "sgr-1|6|443|10.1.2.3/8|sg-b;"
      "sgr-2|All protocols|All ports|2001:0db8::/32|sg-b\"}\n");
  const std::string json = Encode(
      {OutputFormat::kJson, "srcaddr", "-", "eni-1", Direction::kIngress, "sg_rules"}, kInventory);
  for (const char* const canonical :
       {"\"tcp\"", "\"icmpv6\"", "\"10.0.0.0/8\"", "\"2001:db8::/32\""}) {
    EXPECT_NE(json.find(canonical), std::string::npos) << json;
  }
}

TEST(ClassicEncoder, EscapesAsPythonDoes) {
  EXPECT_EQ(
      Classic("instance-tag srcaddr", "a\"\\\x01\x7f\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80 -", "",
              std::nullopt),
      "{\"instance-tag\": \"a\\\"\\\\\\u0001\\u007f\\u00e9\\u20ac\\ud83d\\ude00\", \"srcaddr\": "
      "\"-\", \"security-groups\": \"||||no-security-groups\"}\n");
}

TEST(ClassicEncoder, WritesWhatIsSelected) {
  const auto selected = [](std::string_view fields, std::string_view drop) {
    return Encode({OutputFormat::kClassic, "srcaddr dstaddr", "10.0.1.5 -", "eni-2",
                   Direction::kEgress, fields, drop});
  };
  EXPECT_EQ(selected("dstaddr", ""), "{\"dstaddr\": \"-\"}\n");
  EXPECT_EQ(selected("security-groups", ""), "{\"security-groups\": \"||||no-security-groups\"}\n");
  EXPECT_EQ(selected("", "security_groups,srcaddr,dstaddr"), "{}\n");
}

TEST(ClassicEncoder, KeepsNamesThatSgflowDoesNotKnow) {
  const std::string name(50, 'x');
  EXPECT_EQ(Classic("srcaddr " + name, "- y", "", std::nullopt),
            "{\"srcaddr\": \"-\", \"" + name +
                "\": \"y\", \"security-groups\": \"||||no-security-groups\"}\n");
}

}  // namespace
}  // namespace sgflow
