#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enrich/enricher.h"
#include "output/encoding.h"

namespace sgflow {
namespace {

// eni-2 carries sg-2 too, whose rules nobody has listed. eni-1 lets in tcp 443 from anywhere, 5432
// from pl-1 and from members of sg-peer, 22 from a group of another account; it lets out to
// anywhere. Documents that cover nothing, as the live source's.
constexpr std::string_view kInventory = R"({
  "Snapshot": {"Coverage": {"RulesOfGroupIds": ["sg-1"]}},
  "NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
     "PrivateIpAddress": "10.0.1.5", "Groups": [{"GroupId": "sg-1"}]},
    {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1",
     "PrivateIpAddress": "10.0.1.6", "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}]}],
  "SecurityGroups": [{"GroupId": "sg-1", "VpcId": "vpc-1"}],
  "SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 443, "ToPort": 443, "PrefixListId": "pl-443"},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 5432, "ToPort": 5432, "PrefixListId": "pl-1"},
    {"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 5432, "ToPort": 5432, "ReferencedGroupInfo": {"GroupId": "sg-peer"}},
    {"SecurityGroupRuleId": "sgr-5", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 22, "ToPort": 22,
     "ReferencedGroupInfo": {"GroupId": "sg-far", "UserId": "444455556666"}},
    {"SecurityGroupRuleId": "sgr-6", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "FromPort": -1, "ToPort": -1, "CidrIpv4": "0.0.0.0/0"}]})";

constexpr std::string_view kLayout =
    "account-id region interface-id srcaddr dstaddr srcport dstport protocol tcp-flags"
    " flow-direction action log-status";

// A SYN from 198.51.100.7 to a port of the interface.
std::string Opening(std::string_view interface_id, int port, std::string_view action) {
  return "111122223333 eu-west-1 " + std::string(interface_id) + " 198.51.100.7 10.0.1.5 50000 " +
         std::to_string(port) + " 6 2 ingress " + std::string(action) + " OK";
}

std::vector<std::string> IdsOf(const Lacking::Names& names) {
  std::vector<std::string> ids;
  for (const Lacking::Name& name : names) ids.push_back(name.id);
  return ids;
}

using Ids = std::vector<std::string>;

class LackingNotesTest : public testing::Test {
 protected:
  Lacking Enrich(const std::vector<std::string>& lines, EnricherOptions options = {}) {
    options.note_lacking = true;
    enricher_.emplace(InventoryOf(kInventory), options);
    return EnrichMore(lines);
  }

  Lacking EnrichMore(const std::vector<std::string>& lines) {
    OutputBuffer buffer;
    for (const std::string& line : lines) {
      FlowRecord record;
      EXPECT_TRUE(record.Split(*RecordLayout::Parse(kLayout), line, ' '));
      enricher_->Enrich(record, buffer);
    }
    return enricher_->TakeLacking();
  }

  std::optional<Enricher> enricher_;
};

TEST_F(LackingNotesTest, AnUnknownInterfaceIsLackingWhateverTheFormat) {
  for (const OutputFormat format : {OutputFormat::kClassic, OutputFormat::kJson}) {
    const Lacking lacking = Enrich({Opening("eni-404", 443, "ACCEPT")}, {.format = format});
    const Lacking::Names wanted{{"111122223333", "eu-west-1", "eni-404"}};
    EXPECT_EQ(lacking.interfaces, wanted);
  }
}

TEST_F(LackingNotesTest, SoAreRulesOfTheGroupsOfOneThatIsKnown) {
  for (const OutputFormat format : {OutputFormat::kClassic, OutputFormat::kJson}) {
    const Lacking lacking = Enrich(
        {Opening("eni-1", 443, "ACCEPT"), Opening("eni-2", 443, "ACCEPT")}, {.format = format});
    const Lacking::Names wanted{{"111122223333", "eu-west-1", "sg-2"}};
    EXPECT_EQ(lacking.group_rules, wanted);
    EXPECT_TRUE(lacking.interfaces.empty());
  }
}

TEST_F(LackingNotesTest, ARecordWithoutTrafficLacksNone) {
  EXPECT_TRUE(Enrich({"111122223333 eu-west-1 eni-2 - - - - - - - - NODATA"}).group_rules.empty());
}

TEST_F(LackingNotesTest, ASureMatchNeedsNoPrefixList) {
  EXPECT_TRUE(Enrich({Opening("eni-1", 443, "ACCEPT")}).empty());
}

TEST_F(LackingNotesTest, WithoutOneTheSourcesOfTheRulesThatCannotBeToldAreLacking) {
  const Lacking lacking = Enrich({Opening("eni-1", 5432, "ACCEPT")});
  EXPECT_EQ(IdsOf(lacking.prefix_lists), Ids{"pl-1"});
  const Lacking::Names wanted{{"111122223333", "eu-west-1", "sg-peer"}};
  EXPECT_EQ(lacking.member_groups, wanted);
  EXPECT_TRUE(lacking.interfaces.empty());
}

TEST_F(LackingNotesTest, TheMembersOfAnotherAccountsGroupAreThatAccountsToTell) {
  const Lacking lacking = Enrich({Opening("eni-1", 22, "ACCEPT")});
  const Lacking::Names wanted{{"444455556666", "eu-west-1", "sg-far"}};
  EXPECT_EQ(lacking.member_groups, wanted);
}

TEST_F(LackingNotesTest, TheOtherDirectionIsAskedWhereTheFlagsDoNotTellWhoOpened) {
  // Sent from port 5432: a reply to what the inbound rules may have let in, or an opening.
  const std::string sent =
      "111122223333 eu-west-1 eni-1 10.0.1.5 198.51.100.7 5432 50000 6 0 egress ACCEPT OK";
  EXPECT_EQ(IdsOf(Enrich({sent}).prefix_lists), Ids{"pl-1"});
  std::string syn = sent;
  syn.replace(syn.find(" 6 0 "), 5, " 6 2 ");
  EXPECT_TRUE(Enrich({syn}).empty());
}

TEST_F(LackingNotesTest, ARefusalNeedsTheSubnetsNetworkAcl) {
  EXPECT_EQ(IdsOf(Enrich({Opening("eni-1", 443, "REJECT")}).subnets), Ids{"subnet-1"});
}

TEST_F(LackingNotesTest, WhereNoVerdictIsWrittenOnlyInterfacesAreLacking) {
  const std::vector<std::string> lines{Opening("eni-1", 5432, "ACCEPT"),
                                       Opening("eni-1", 443, "REJECT"),
                                       Opening("eni-404", 443, "ACCEPT")};
  for (const EnricherOptions& options :
       {EnricherOptions{.format = OutputFormat::kClassic, .count_verdicts = true},
        EnricherOptions{.fields = *FieldSelection::Parse(
                            OutputFormat::kJson, {"--fields", "srcaddr,sg_ids,sg_rules"}, {}),
                        .count_verdicts = true}}) {
    const Lacking lacking = Enrich(lines, options);
    EXPECT_EQ(IdsOf(lacking.interfaces), Ids{"eni-404"});
    EXPECT_TRUE(lacking.prefix_lists.empty());
    EXPECT_TRUE(lacking.member_groups.empty());
    EXPECT_TRUE(lacking.subnets.empty());
  }
}

TEST(Trunks, LackTheBranchThatARecordsLocalAddressIsOf) {
  Enricher enricher(InventoryOf(R"({
    "NetworkInterfaces": [
      {"NetworkInterfaceId": "eni-trunk", "VpcId": "vpc-1", "InterfaceType": "trunk",
       "PrivateIpAddress": "10.0.1.5", "Groups": [{"GroupId": "sg-1"}]},
      {"NetworkInterfaceId": "eni-pod", "VpcId": "vpc-1", "InterfaceType": "branch",
       "PrivateIpAddress": "10.0.1.6", "Groups": [{"GroupId": "sg-1"}],
       "TagSet": [{"Key": "vpcresources.k8s.aws/trunk-eni-id", "Value": "eni-trunk"}]}],
    "SecurityGroups": [{"GroupId": "sg-1"}], "SecurityGroupRules": []})"),
                    {.note_lacking = true});
  const auto lacking = [&](std::string_view local) {
    FlowRecord record;
    const std::string line = "eni-trunk 198.51.100.7 " + std::string(local) + " ingress";
    EXPECT_TRUE(record.Split(
        *RecordLayout::Parse("interface-id pkt-srcaddr pkt-dstaddr flow-direction"), line, ' '));
    OutputBuffer buffer;
    enricher.Enrich(record, buffer);
    return IdsOf(enricher.TakeLacking().trunks);
  };
  EXPECT_EQ(lacking("10.0.1.5"), Ids{});
  EXPECT_EQ(lacking("10.0.1.6"), Ids{});
  EXPECT_EQ(lacking("10.0.1.7"), Ids{"eni-trunk"});
}

TEST_F(LackingNotesTest, WhatIsStillLackingIsNotedAgainInTheNextBatch) {
  const std::vector<std::string> lines{Opening("eni-1", 5432, "REJECT"),
                                       Opening("eni-404", 443, "ACCEPT")};
  const Lacking first = Enrich(lines);
  const Lacking second = EnrichMore(lines);
  EXPECT_EQ(first.interfaces, second.interfaces);
  EXPECT_EQ(first.prefix_lists, second.prefix_lists);
  EXPECT_EQ(first.member_groups, second.member_groups);
  EXPECT_EQ(first.subnets, second.subnets);
  EXPECT_FALSE(second.prefix_lists.empty());
}

TEST(PeersOnly, AreFoundByTheirAddressAndAreNobodysInterface) {
  const Document document{.name = "test.json", .text = kInventory};
  const auto loaded =
      LoadInventory(std::span(&document, 1), {{.id = "eni-1", .reason = "AWS throttles"}});
  ASSERT_TRUE(loaded);
  const Inventory& inventory = *loaded->inventory;
  EXPECT_NE(inventory.FindInterface("eni-1"), nullptr);
  EXPECT_NE(inventory.FindInterface("vpc-1", *IpAddress::Parse("10.0.1.5")), nullptr);
  EXPECT_EQ(inventory.FindLocal("eni-1"), nullptr);

  for (const auto& [format, output] :
       {std::pair{OutputFormat::kClassic, std::string_view("||||no-security-groups")},
        std::pair{OutputFormat::kJson,
                  std::string_view(R"("sg_verdict":"unknown-interface","sg_reason":)"
                                   R"("AWS throttles.")")}}) {
    Enricher enricher(loaded->inventory, {.format = format, .note_lacking = true});
    FlowRecord record;
    const std::string line = Opening("eni-1", 443, "ACCEPT");
    ASSERT_TRUE(record.Split(*RecordLayout::Parse(kLayout), line, ' '));
    OutputBuffer buffer;
    enricher.Enrich(record, buffer);
    EXPECT_NE(buffer.view().find(output), std::string_view::npos) << buffer.view();
    EXPECT_EQ(IdsOf(enricher.TakeLacking().interfaces), Ids{"eni-1"});
  }
}

TEST(PeersOnly, AreNotFoundForRecordsWithoutAnInterfaceId) {
  const Document document{.name = "test.json", .text = kInventory};
  const auto loaded = LoadInventory(std::span(&document, 1), {{.id = "eni-1", .reason = ""}});
  ASSERT_TRUE(loaded);
  Enricher enricher(loaded->inventory, {});
  FlowRecord record;
  const std::string line = "vpc-1 198.51.100.7 10.0.1.5 50000 443 6 ingress ACCEPT";
  ASSERT_TRUE(record.Split(
      *RecordLayout::Parse("vpc-id srcaddr dstaddr srcport dstport protocol flow-direction action"),
      line, ' '));
  OutputBuffer buffer;
  enricher.Enrich(record, buffer);
  EXPECT_EQ(enricher.counters().unknown_interface, 1U);
}

}  // namespace
}  // namespace sgflow
