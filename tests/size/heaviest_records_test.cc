#include "size/heaviest_records.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "documents/documents.h"
#include "size/growth.h"
#include "size/traffic_choices.h"

namespace sgflow {
namespace {

std::shared_ptr<const Inventory> InventoryOf(std::string_view text) {
  const Document document{.name = "inventory.json", .text = text};
  return LoadInventory(std::span(&document, 1))->inventory;
}

// A small interface with two rules, and others that could ask it.
constexpr std::string_view kInventory = R"({
  "NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-0a000000000000001", "PrivateIpAddress": "10.0.0.5",
     "VpcId": "vpc-1", "Groups": [{"GroupId": "sg-1"}]},
    {"NetworkInterfaceId": "eni-0a000000000000002", "PrivateIpAddress": "10.0.0.6",
     "VpcId": "vpc-1", "Groups": []},
    {"NetworkInterfaceId": "eni-0a000000000000003", "PrivateIpAddress": "10.0.0.7",
     "VpcId": "vpc-1", "Groups": [],
     "TagSet": [{"Key": "Name", "Value": "the one with a name of many words"}]},
    {"NetworkInterfaceId": "eni-0a000000000000004", "PrivateIpAddress": "10.9.0.7",
     "VpcId": "vpc-1", "Groups": []}],
  "SecurityGroups": [{"GroupId": "sg-1"}],
  "SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 443, "ToPort": 444, "CidrIpv4": "10.0.0.0/24"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 8080, "ToPort": 8080, "CidrIpv4": "10.9.0.0/16"}]})";

TrafficChoices ChoicesOf(const Inventory& inventory, std::string_view interface_id) {
  constexpr std::size_t kAll = 100;
  return TrafficChooser(inventory).Of(*inventory.FindInterface(interface_id), kAll);
}

TEST(TrafficChooser, OfPeersThatNothingTellsApartTakesTheOneWithTheLongestColumns) {
  const auto inventory = InventoryOf(kInventory);
  std::vector<std::string> interfaces;
  std::set<std::string> strangers;
  for (const TrafficPeer& peer : ChoicesOf(*inventory, "eni-0a000000000000001").peers) {
    if (peer.is_stranger) {
      strangers.insert(peer.address.ToString());
    } else {
      interfaces.push_back(peer.address.ToString());
    }
  }
  EXPECT_EQ(interfaces, (std::vector<std::string>{"10.0.0.7", "10.9.0.7"}));
  // Within each source, and in neither.
  EXPECT_EQ(strangers, (std::set<std::string>{"1.1.1.1", "10.0.0.0", "10.9.0.0"}));
}

TEST(TrafficChooser, HasThePortsWhereARuleBeginsAndBehindItsEnd) {
  const auto inventory = InventoryOf(kInventory);
  const TrafficChoices choices = ChoicesOf(*inventory, "eni-0a000000000000001");
  std::map<Protocol, std::vector<std::int32_t>> ports;
  for (const TrafficService& service : choices.services) {
    ports[service.protocol].push_back(service.port);
  }
  const std::vector<std::int32_t> borders{1, 443, 445, 1024, 8080, 8081};
  EXPECT_EQ(ports[kTcp], borders);
  EXPECT_EQ(ports[kUdp], borders);
  EXPECT_EQ(ports[kIcmp], std::vector<std::int32_t>{0});
  EXPECT_EQ(choices.opener_ports, (std::vector<std::int32_t>{1024, 8080, 8081, 1}));
}

TEST(HeaviestRecords, AreThoseOfTheLongestPeerThatMostRulesNearlyAllow) {
  const auto inventory = InventoryOf(kInventory);
  Growth growth(inventory, {.format = OutputFormat::kJson});
  SearchHeaviestRecords(
      *inventory,
      *RecordLayout::Parse("interface-id srcaddr dstaddr srcport dstport protocol action"),
      [&](const FlowRecord& record) { return growth.Add(record); });
  // One rule names another port, the other one another source; the shorter its ports, the heavier.
  EXPECT_EQ(growth.Heaviest().front().line,
            "eni-0a000000000000001 10.0.0.7 10.0.0.5 1 8080 6 REJECT");
}

TEST(HeaviestRecords, AreTheSameEachTimeAndBoundedInNumber) {
  constexpr std::size_t kInterfaces = 60;
  constexpr std::size_t kRules = 40;
  std::string interfaces;
  std::string rules;
  for (std::size_t i = 0; i < kInterfaces; ++i) {
    const std::string number = std::to_string(100 + i);
    interfaces += std::string(i == 0 ? "" : ",") + R"({"NetworkInterfaceId":"eni-)" + number +
                  R"(","PrivateIpAddress":"10.0.0.)" + number +
                  R"(","VpcId":"vpc-1","Groups":[{"GroupId":"sg-1"}]})";
  }
  for (std::size_t i = 0; i < kRules; ++i) {
    const std::string number = std::to_string(100 + i);
    rules += std::string(i == 0 ? "" : ",") + R"({"SecurityGroupRuleId":"sgr-)" + number +
             R"(","GroupId":"sg-1","IsEgress":false,"IpProtocol":"tcp","FromPort":)" + number +
             R"(,"ToPort":)" + number + R"(,"CidrIpv4":"10.)" + number + R"(.0.0/16"})";
  }
  const auto inventory = InventoryOf(R"({"NetworkInterfaces":[)" + interfaces +
                                     R"(],"SecurityGroups":[{"GroupId":"sg-1"}],)" +
                                     R"("SecurityGroupRules":[)" + rules + "]}");
  struct Searched {
    std::size_t records = 0;
    std::size_t hash = 0;
  };
  const auto search = [&] {
    Searched searched;
    SearchHeaviestRecords(*inventory, RecordLayout::Default(), [&](const FlowRecord& record) {
      ++searched.records;
      searched.hash = 31 * searched.hash + std::hash<std::string_view>{}(record.line());
      return static_cast<double>(record.line().size());
    });
    return searched;
  };
  const Searched searched = search();
  constexpr std::size_t kMost = 1'100'000;
  EXPECT_LT(searched.records, kMost);
  EXPECT_EQ(searched.hash, search().hash);
}

}  // namespace
}  // namespace sgflow
