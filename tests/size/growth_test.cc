#include "size/growth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "documents/documents.h"
#include "size/largest_buffer.h"
#include "size/made_up_records.h"

namespace sgflow {
namespace {

constexpr std::string_view kInventory = R"({
  "NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-0a000000000000001", "PrivateIpAddress": "192.0.2.5",
     "VpcId": "vpc-1", "Groups": [{"GroupId": "sg-1"}]},
    {"NetworkInterfaceId": "eni-0a000000000000002", "PrivateIpAddress": "192.0.2.6",
     "VpcId": "vpc-1", "Groups": []}],
  "SecurityGroups": [{"GroupId": "sg-1"}],
  "SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 443, "ToPort": 443, "CidrIpv4": "198.51.100.0/24"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": true, "IpProtocol": "-1",
     "FromPort": -1, "ToPort": -1, "CidrIpv4": "0.0.0.0/0"}]})";

std::shared_ptr<const Inventory> TestInventory() {
  const Document document{.name = "inventory.json", .text = kInventory};
  return LoadInventory(std::span(&document, 1))->inventory;
}

TEST(MadeUpRecords, AreOfInterfacesWithGroupsBothWaysAllowedNearlyAllowedAndRefused) {
  std::vector<std::string> told;
  MakeUpRecords(*TestInventory(),
                *RecordLayout::Parse("interface-id flow-direction action dstport"),
                [&](const FlowRecord& record) {
                  std::string line;
                  for (const std::string_view value : record.values()) line.append(value) += ' ';
                  told.push_back(line);
                });
  const std::string one = "eni-0a000000000000001 ";
  EXPECT_EQ(told, (std::vector{one + "ingress ACCEPT 443 ", one + "ingress REJECT 4444 ",
                               one + "ingress REJECT 443 ", one + "ingress REJECT 4444 ",
                               one + "ingress REJECT 4444 ", one + "egress ACCEPT 443 ",
                               one + "egress REJECT 4444 ", one + "egress REJECT 443 ",
                               one + "egress REJECT 4444 ", one + "egress REJECT 4444 "}));
}

TEST(MadeUpRecords, AreJudgedAsTheyAreMadeToBe) {
  Enricher enricher(TestInventory(), {.format = OutputFormat::kJson});
  MakeUpRecords(*TestInventory(), RecordLayout::Default(), [&](const FlowRecord& record) {
    OutputBuffer output;
    enricher.Enrich(record, output);
  });
  const auto count = [&](VerdictKind kind) {
    return enricher.counters().verdicts[static_cast<std::size_t>(kind)];
  };
  EXPECT_EQ(count(VerdictKind::kAllowedByRule), 2U);
  EXPECT_EQ(count(VerdictKind::kDeniedBySecurityGroup), 3U);
}

TEST(Growth, IsOutputByMessage) {
  const EnricherOptions options{.format = OutputFormat::kClassic};
  Growth growth(TestInventory(), options);
  FlowRecord record;
  ASSERT_TRUE(record.Split(*RecordLayout::Parse("interface-id srcaddr"), "eni-1 192.0.2.5", ' '));
  Enricher enricher(TestInventory(), options);
  OutputBuffer output;
  enricher.Enrich(record, output);
  growth.Add(record);
  const double wanted =
      static_cast<double>(output.size()) /
      static_cast<double>(std::string_view(R"({"message":"eni-1 192.0.2.5"})").size());
  EXPECT_DOUBLE_EQ(growth.mean(), wanted);
  EXPECT_DOUBLE_EQ(growth.worst(), wanted);
  EXPECT_NEAR(growth.Percentile(0.99), wanted, 0.01);
  EXPECT_EQ(growth.worst_interface(), "eni-1");
  EXPECT_EQ(growth.Heaviest().front().line, "eni-1 192.0.2.5");
}

TEST(Growth, KeepsOfEachInterfaceAndActionTheHeaviest) {
  Growth growth(TestInventory(), {.format = OutputFormat::kClassic});
  const auto layout = *RecordLayout::Parse("interface-id srcaddr ecs-task-id");
  const auto add = [&](const std::string& line) {
    FlowRecord record;
    ASSERT_TRUE(record.Split(layout, line, ' '));
    growth.Add(record);
  };
  constexpr std::size_t kInterfaces = 3 * Growth::kMostKept;
  for (std::size_t number = kInterfaces; number > 0; --number) {
    const std::string begin = "eni-" + std::to_string(number) + " 192.0.2.5 ";
    add(begin + std::string(number, 'x') + "longer");
    add(begin + std::string(number, 'x'));
  }
  const auto heaviest = growth.Heaviest();
  ASSERT_EQ(heaviest.size(), Growth::kMostKept);
  for (std::size_t i = 0; i < heaviest.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    EXPECT_EQ(heaviest[i].line, "eni-" + number + " 192.0.2.5 " + std::string(i + 1, 'x'))
        << "short ones grow most";
  }
}

TEST(LargestBuffer, IsAllWhereRecordsShrink) {
  const auto inventory = TestInventory();
  const EnricherOptions options{.format = OutputFormat::kJson,
                                .fields = *FieldSelection::Parse(
                                    OutputFormat::kJson, {"--fields", "interface-id"}, {"", ""})};
  Growth growth(inventory, options);
  MakeUpRecords(*inventory, RecordLayout::Default(),
                [&](const FlowRecord& record) { growth.Add(record); });
  EXPECT_EQ(LargestBuffer(inventory, options, {}, growth.Heaviest()), kLargestBuffer);
}

}  // namespace
}  // namespace sgflow
