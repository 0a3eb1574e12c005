// EC2's XML as the CLI's JSON, and what is refused.
#include "aws/ec2_answer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "aws/action.h"
#include "documents/documents.h"

namespace sgflow {
namespace {

std::string InAnswer(std::string_view action, std::string_view inner) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + std::string(action) +
         "Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>1</requestId>" +
         std::string(inner) + "</" + std::string(action) + "Response>\n";
}

std::string JsonOf(Ec2Action action, std::string_view xml) {
  const auto answer = ReadEc2Answer({.action = action}, xml);
  return answer ? answer->json : Describe(answer.error().error);
}

// Of an answer with one group's name.
std::string NameOf(std::string_view name) {
  return JsonOf(Ec2Action::kDescribeSecurityGroups,
                InAnswer("DescribeSecurityGroups", "<securityGroupInfo><item><groupName>" +
                                                       std::string(name) +
                                                       "</groupName></item></securityGroupInfo>"));
}

std::string RefusalOf(std::string_view xml) {
  const auto answer = ReadEc2Answer({.action = Ec2Action::kDescribeSubnets}, xml);
  if (answer) return "taken: " + answer->json;
  EXPECT_EQ(answer.error().kind, AwsFault::Kind::kBadAnswer);
  return Describe(answer.error().error);
}

TEST(Ec2Answer, IsWhatTheCliPrints) {
  EXPECT_EQ(
      JsonOf(Ec2Action::kDescribeNetworkInterfaces, InAnswer("DescribeNetworkInterfaces", R"(
        <networkInterfaceSet><item>
          <networkInterfaceId>eni-1</networkInterfaceId>
          <description/>
          <attachment><deviceIndex>0</deviceIndex><instanceId>i-1</instanceId>
            <deleteOnTermination>true</deleteOnTermination></attachment>
          <groupSet><item><groupId>sg-1</groupId><groupName>web</groupName></item>
            <item><groupId>sg-2</groupId></item></groupSet>
          <ipv6PrefixSet><item><ipv6Prefix>2001:db8::/80</ipv6Prefix></item></ipv6PrefixSet>
          <tagSet/>
          <memberOfTomorrow>1</memberOfTomorrow>
        </item></networkInterfaceSet>)")),
      R"({"NetworkInterfaces":[{"Attachment":{"DeleteOnTermination":true,"DeviceIndex":0,)"
      R"("InstanceId":"i-1"},"Description":"","Groups":[{"GroupId":"sg-1","GroupName":"web"},)"
      R"({"GroupId":"sg-2"}],"NetworkInterfaceId":"eni-1",)"
      R"("Ipv6Prefixes":[{"Ipv6Prefix":"2001:db8::/80"}],"TagSet":[]}]})");
  EXPECT_EQ(
      JsonOf(Ec2Action::kDescribeSecurityGroups, InAnswer("DescribeSecurityGroups", R"(
        <securityGroupInfo><item><groupId>sg-1</groupId><groupDescription>of the web</groupDescription>
          <ipPermissions><item><ipProtocol>icmp</ipProtocol><fromPort>8</fromPort><toPort>-1</toPort>
            <groups><item><userId>111122223333</userId><groupId>sg-2</groupId></item></groups>
            <ipRanges/></item></ipPermissions></item></securityGroupInfo>)")),
      R"({"SecurityGroups":[{"GroupId":"sg-1","Description":"of the web",)"
      R"("IpPermissions":[{"IpProtocol":"icmp","FromPort":8,"ToPort":-1,)"
      R"("UserIdGroupPairs":[{"UserId":"111122223333","GroupId":"sg-2"}],"IpRanges":[]}]}]})");
}

TEST(Ec2Answer, EntriesSayWhichListTheyAreOf) {
  const auto answer =
      ReadEc2Answer({.action = Ec2Action::kGetManagedPrefixListEntries, .prefix_list_id = "pl-1"},
                    InAnswer("GetManagedPrefixListEntries",
                             "<entrySet><item><cidr>192.0.2.0/24</cidr></item></entrySet>"
                             "<nextToken>a/b+c=</nextToken>"));

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->json, R"({"PrefixListId":"pl-1","Entries":[{"Cidr":"192.0.2.0/24"}]})");
  EXPECT_EQ(answer->next_token, "a/b+c=");
}

TEST(Ec2Answer, AnEmptyPageIsAnEmptyList) {
  for (const char* inner : {"", "<subnetSet/>", "<subnetSet></subnetSet>"}) {
    EXPECT_EQ(JsonOf(Ec2Action::kDescribeSubnets, InAnswer("DescribeSubnets", inner)),
              R"({"Subnets":[]})");
  }
}

TEST(Ec2Answer, TextIsKeptToTheLetter) {
  EXPECT_EQ(NameOf("a &lt;b&gt; &amp;amp; &quot;c&quot; &#8364;&#x20ac;\xE2\x82\xAC"),
            "{\"SecurityGroups\":[{\"GroupName\":\"a <b> &amp; \\\"c\\\" "
            "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC\"}]}");
  EXPECT_EQ(NameOf(" "), R"({"SecurityGroups":[{"GroupName":" "}]})");
  EXPECT_EQ(NameOf("  two\\ \r\n lines\t"),
            R"({"SecurityGroups":[{"GroupName":"  two\\ \u000a lines\u0009"}]})");
  EXPECT_EQ(NameOf("a<!-- b -->c<![CDATA[<d>]]>"), R"({"SecurityGroups":[{"GroupName":"ac<d>"}]})");
}

TEST(Ec2Answer, IsReadByDocumentsLikeAFile) {
  const char* folder = std::getenv("SGFLOW_REAL_DATA");
  if (folder == nullptr) GTEST_SKIP() << "skipped: SGFLOW_REAL_DATA is unset";
  int count = 0;
  const auto files = std::filesystem::path(folder) / "aws-documents/xml";
  for (const auto& entry : std::filesystem::directory_iterator(files)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string xml{std::istreambuf_iterator<char>(file), {}};
    for (const AwsAction& action : AwsActions()) {
      if (xml.find(std::string(action.name) + "Response>") == std::string::npos) continue;
      const auto index = static_cast<Ec2Action>(&action - AwsActions().data());
      const auto answer = ReadEc2Answer({.action = index, .prefix_list_id = "pl-1"}, xml);
      ASSERT_TRUE(answer) << Describe(answer.error().error);
      const Document document{entry.path().filename(), answer->json};
      const auto loaded = LoadInventory(std::span(&document, 1));
      ASSERT_TRUE(loaded) << Describe(loaded.error().front());
      ++count;
    }
  }
  EXPECT_GE(count, 8);
}

TEST(Ec2Answer, HtmlIsNamed) {
  EXPECT_EQ(RefusalOf("\n<HTML><body>\n 502 Bad\tGateway</body></html>"),
            "the answer is HTML, not XML: \"<HTML><body> 502 Bad "
            "Gateway</body></html>\"; a proxy or a login page stands in between: see HTTPS_PROXY, "
            "NO_PROXY and AWS_ENDPOINT_URL");
  EXPECT_TRUE(RefusalOf("<!DOCTYPE html><p>")
                  .starts_with("the answer is HTML, not XML: \"<!DOCTYPE html><p>\""));
}

TEST(Ec2Answer, AnAnswerToSomethingElseIsRefused) {
  EXPECT_EQ(RefusalOf("<DescribeVpcsResponse></DescribeVpcsResponse>"),
            "the answer is no <DescribeSubnetsResponse>: "
            "\"<DescribeVpcsResponse></DescribeVpcsResponse>\"");
  EXPECT_EQ(RefusalOf(""), "the answer is empty");
  EXPECT_EQ(RefusalOf(R"({"Subnets": []})"), "the answer is no XML: \"{\"Subnets\": []}\"");
}

TEST(Ec2Answer, CutOffAnywhereItIsRefused) {
  const std::string whole = InAnswer(
      "DescribeSubnets", "<subnetSet><item><subnetId>subnet-1</subnetId></item></subnetSet>");
  // What follows the last tag is white space.
  for (std::size_t size = 1; size < whole.size() - 1; ++size) {
    const std::string refusal = RefusalOf(whole.substr(0, size));
    EXPECT_NE(refusal.find("after " + std::to_string(size) + " bytes"), std::string::npos)
        << size << ": " << refusal;
  }
  EXPECT_EQ(RefusalOf(whole.substr(0, 200)),
            "the answer is cut off after 200 bytes: \"<?xml version=\"1.0\" "
            "encoding=\"UTF-8\"?> <DescribeSubnetsRespo...\"");
}

TEST(Ec2Answer, DocumentTypesAndEntitiesAreRefusedAndNotExpanded) {
  constexpr std::string_view kRefused = "declares a document type, as AWS never does";
  const std::string bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>" +
      std::string("<DescribeSubnetsResponse>&b;</DescribeSubnetsResponse>");
  EXPECT_NE(RefusalOf(bomb).find(kRefused), std::string::npos) << RefusalOf(bomb);
  const std::string external =
      "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><DescribeSubnetsResponse/>";
  EXPECT_NE(RefusalOf(external).find(kRefused), std::string::npos) << RefusalOf(external);
  EXPECT_NE(RefusalOf("<!DOCTYPE r [<!ENTITY a ").find(kRefused), std::string::npos);
  for (const char* foreign : {"&b;", "&b", "& ", "&#0;", "&#xD800;", "&#x110000;", "&#;"}) {
    EXPECT_NE(NameOf(foreign).find("which is no reference of XML's own"), std::string::npos)
        << NameOf(foreign);
  }
  EXPECT_NE(NameOf("&two\nlines;").find("has \"&two lines\", which"), std::string::npos);
}

TEST(Ec2Answer, NestedTooDeeplyItIsRefused) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  EXPECT_NE(RefusalOf(InAnswer("DescribeSubnets", deep)).find("is nested deeper than 64 levels"),
            std::string::npos);
}

TEST(Ec2Answer, WhatIsNoNumberNoFlagAndNoUtf8IsRefused) {
  const auto refusal = [](const std::string& member) {
    return RefusalOf(
        InAnswer("DescribeSubnets", "<subnetSet><item>" + member + "</item></subnetSet>"));
  };
  EXPECT_EQ(refusal("<availableIpAddressCount>25x</availableIpAddressCount>"),
            "the answer has \"25x\" as availableIpAddressCount, where a number "
            "is expected");
  EXPECT_EQ(refusal("<defaultForAz>yes</defaultForAz>"),
            "the answer has \"yes\" as defaultForAz, where true or false is "
            "expected");
  EXPECT_NE(refusal("<subnetId>\xFF</subnetId>").find("is not XML in UTF-8"), std::string::npos);
  EXPECT_NE(refusal(std::string("<subnetId>a\0b</subnetId>", 24)).find("is not XML in UTF-8"),
            std::string::npos);
}

}  // namespace
}  // namespace sgflow
