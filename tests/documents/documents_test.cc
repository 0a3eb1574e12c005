// What holds for every document, whatever it describes.
#include "documents/documents.h"

#include <gtest/gtest.h>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::ErrorsOf;
using testing::InventoryOf;
using testing::MessagesOf;
using testing::Texts;
using testing::WarningsOf;

TEST(LoadInventory, BrokenJsonIsToldByLineAndColumn) {
  EXPECT_EQ(ErrorsOf("{\n  \"Subnets\": [\n    {},\n  ]\n}\n"),
            Texts{"a.json:3:7: a comma stands before the closing ]; remove the comma"});
  EXPECT_EQ(ErrorsOf("\xEF\xBB\xBF{\"Subnets\": ["),
            Texts{"a.json:1:14: the text ends before the array that line 1 opens is closed; the "
                  "file was cut short: write it anew"})
      << "a byte-order mark is no column";
}

TEST(LoadInventory, WhatIsNoJsonIsNamed) {
  EXPECT_EQ(ErrorsOf(""), Texts{"a.json: is empty; run the command that writes it again, and look "
                                "at what it says"});
  EXPECT_EQ(ErrorsOf("SecurityGroups:\n- GroupId: sg-1\n"),
            Texts{"a.json: is YAML, not JSON; write it anew with --output json"});
}

TEST(LoadInventory, AByteOrderMarkIsFine) {
  EXPECT_EQ(
      InventoryOf("\xEF\xBB\xBF{\"Subnets\": [{\"SubnetId\": \"subnet-1\"}]}")->subnets().size(),
      1U);
}

TEST(LoadInventory, OnlyAnObjectIsADocument) {
  constexpr const char* kMessage =
      "a.json: an object is expected, as the AWS CLI prints it; write it anew, without --query";
  for (const char* text : {"[]", "12", "\"text\"", "null"}) {
    EXPECT_EQ(ErrorsOf(text), Texts{kMessage}) << text;
  }
}

TEST(LoadInventory, WrongTypesAreToldByTheirPath) {
  EXPECT_EQ(
      ErrorsOf(R"({
    "NetworkInterfaces": {"NetworkInterfaceId": "eni-1"},
    "Subnets": ["subnet-1"],
    "SecurityGroupRules": [
      {"SecurityGroupRuleId": "sgr-1", "GroupId": 1, "IsEgress": "true", "IpProtocol": -1,
       "FromPort": "22", "ToPort": 22.5, "ReferencedGroupInfo": "sg-2", "Description": []}]})"),
      (Texts{"a.json:2:26: NetworkInterfaces: a list is expected, not an object",
             "a.json:5:51: SecurityGroupRules[0].GroupId: text is expected, not the number "
             "1; write it in quotes",
             "a.json:5:66: SecurityGroupRules[0].IsEgress: true or false is expected, not the "
             "text \"true\"; write it without quotes",
             "a.json:5:88: SecurityGroupRules[0].IpProtocol: text is expected, not the number "
             "-1; write it in quotes",
             "a.json:6:20: SecurityGroupRules[0].FromPort: a whole number is expected, not "
             "the text \"22\"; write it without quotes",
             "a.json:6:36: SecurityGroupRules[0].ToPort: a whole number is expected, not the "
             "number 22.5",
             "a.json:6:65: SecurityGroupRules[0].ReferencedGroupInfo: an object is expected, "
             "not the text \"sg-2\"",
             "a.json:6:88: SecurityGroupRules[0].Description: text is expected, not a list",
             "a.json:3:17: Subnets[0]: an object is expected, not the text \"subnet-1\""}));
}

TEST(LoadInventory, AKeyTwiceInOneObjectIsAnErrorAnywhere) {
  EXPECT_EQ(
      ErrorsOf(R"({
    "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1",
                 "VpcId": "vpc-2"}],
    "Unknown": {"deep": [{"a": 1, "b": 2, "a": 1}]},
    "Subnets": []})"),
      (Texts{"a.json:5:16: Subnets: this key stands twice in its object; keep the one that is "
             "true",
             "a.json: Subnets[0].VpcId: this key stands twice in its object; keep the one "
             "that is true",
             "a.json:4:48: Unknown.deep[0].a: this key stands twice in its object; keep the "
             "one that is true"}));
  EXPECT_EQ(
      ErrorsOf(R"({"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1",
                 "VpcId": "vpc-1"}]})"),
      Texts{"a.json:2:27: Subnets[0].VpcId: this key stands twice in its object; keep the one "
            "that is true"});
}

TEST(LoadInventory, UnknownKeysAreLeftAlone) {
  EXPECT_EQ(WarningsOf(R"({"Subnets": [{"SubnetId": "subnet-1", "Tomorrow": {"a": [1, null]}}],
                           "ResponseMetadata": {"HTTPStatusCode": 200}, "NextToken": null})"),
            Texts{});
}

TEST(LoadInventory, KeysInTheWrongCaseAreAskedBackAbout) {
  constexpr std::string_view kText = R"({
    "Subnets": [{"SubnetId": "subnet-1", "vpcId": "vpc-1"}],
    "securityGroupRules": [],
    "network-acls": []})";
  EXPECT_EQ(WarningsOf(kText),
            Texts{"a.json:2:51: Subnets[0].vpcId: this key is not known and not read (3 in all); "
                  "did you mean VpcId?"});
  EXPECT_TRUE(InventoryOf(kText)->subnets()[0].doubtful);
  EXPECT_EQ(ErrorsOf(R"({"Subnets": [{"subnet_id": "subnet-1"}]})"),
            Texts{"a.json:1:14: Subnets[0]: SubnetId is missing; did you mean it by subnet_id?"});
}

TEST(LoadInventory, NothingKnownInOneFileIsAWarningInAllAnError) {
  EXPECT_EQ(WarningsOf({{"a.json", R"({"Subnets": []})"}, {"b.json", R"({"Vpcs": []})"}}),
            Texts{"b.json: nothing in it is known to sgflow; known are NetworkInterfaces, "
                  "SecurityGroups, SecurityGroupRules, PrefixLists, Entries, NetworkAcls, Subnets, "
                  "Reservations, Instances, Snapshot, Snapshots"});
  EXPECT_EQ(
      ErrorsOf({{"a.json", R"({"securityGroups": []})"}, {"b.json", "{}"}}),
      (Texts{"a.json: nothing in it is known to sgflow; did you mean SecurityGroups by "
             "securityGroups?",
             "b.json: nothing in it is known to sgflow; known are NetworkInterfaces, "
             "SecurityGroups, SecurityGroupRules, PrefixLists, Entries, NetworkAcls, Subnets, "
             "Reservations, Instances, Snapshot, Snapshots"}));
  EXPECT_EQ(ErrorsOf(std::vector<Document>{}), Texts{"no inventory document is given"});
}

TEST(LoadInventory, AnInventoryWithoutInterfacesIsAWarning) {
  EXPECT_EQ(MessagesOf({{"a.json", R"({"Subnets": []})"}}).warnings,
            Texts{"a.json: it describes no network interface, so no record can be enriched; add "
                  "what this writes: aws ec2 describe-network-interfaces"});
  EXPECT_EQ(
      MessagesOf({{"a.json", R"({"Subnets": []})"}, {"b.json", R"({"Subnets": []})"}}).warnings,
      Texts{"a.json: no file describes a network interface, so no record can be enriched; "
            "add what this writes: aws ec2 describe-network-interfaces"});
}

TEST(LoadInventory, ANextTokenThatIsSetIsAWarning) {
  EXPECT_EQ(
      WarningsOf(R"({"Subnets": [], "NextToken": "eyJ2IjoiMSJ9"})"),
      Texts{"a.json:1:30: NextToken: the list goes on behind this page; what is on no page is "
            "taken as unknown; let the AWS CLI fetch all pages: without --max-items and "
            "--no-paginate"});
  EXPECT_EQ(WarningsOf(R"({"Subnets": [], "NextToken": ""})"), Texts{});
}

TEST(LoadInventory, ErrorsOfAllFilesAreTold) {
  EXPECT_EQ(ErrorsOf({{"b.json", "["},
                      {"a.json", R"({"Subnets": [{"SubnetId": 1}]})"},
                      {"c.json", R"({"Subnets": [{}]})"}}),
            (Texts{"a.json:1:27: Subnets[0].SubnetId: text is expected, not the number 1; write it "
                   "in quotes",
                   "b.json:1:2: the text ends before the array that line 1 opens is closed; the "
                   "file was cut short: write it anew",
                   "c.json:1:14: Subnets[0]: SubnetId is missing"}));
}

TEST(LoadInventory, ManyErrorsAreCounted) {
  std::string text = R"({"Subnets": [{})";
  for (int i = 0; i < 29; ++i) text += ", {}";
  text += "]}";

  const Texts errors = ErrorsOf(text);
  ASSERT_EQ(errors.size(), 21U);
  EXPECT_EQ(errors[19], "a.json:1:90: Subnets[19]: SubnetId is missing");
  EXPECT_EQ(errors[20], "and 10 more errors");
}

TEST(LoadInventory, TheSameIdWithOtherContentNamesBothFiles) {
  constexpr std::string_view kOne = R"({"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}]})";
  constexpr std::string_view kOther =
      R"({"Subnets": [{"VpcId": "vpc-2", "SubnetId": "subnet-1"}]})";
  EXPECT_EQ(ErrorsOf({{"a.json", kOne}, {"b.json", kOther}}),
            Texts{"b.json:1:14: Subnets[0]: subnet-1 is described twice, with different VpcId; the "
                  "other one is Subnets[0] of a.json; keep the one that is true"});
  EXPECT_EQ(ErrorsOf({{"b.json", kOther}, {"a.json", kOne}}),
            ErrorsOf({{"a.json", kOne}, {"b.json", kOther}}));
  EXPECT_EQ(WarningsOf({{"a.json", kOne}, {"b.json", kOne}}), Texts{});
}

TEST(LoadInventory, TextThatMayBeReadBeyondItsEndGivesTheSame) {
  constexpr std::string_view kText = R"({"Subnets": [{"SubnetId": "subnet-1"}]})";
  const std::string padded = std::string(kText) + std::string(64, 'x');
  const Document document{.name = "a.json",
                          .text = std::string_view(padded).substr(0, kText.size()),
                          .is_padded = true};

  EXPECT_EQ(InventoryOf({document})->subnets()[0].id, "subnet-1");
}

}  // namespace
}  // namespace sgflow
