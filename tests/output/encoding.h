// What encoder tests share: an inventory from a few lines of JSON, and one record encoded.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "documents/documents.h"
#include "output/encoder.h"

namespace sgflow {

inline std::shared_ptr<const Inventory> InventoryOf(std::string_view json) {
  const Document document{.name = "test.json", .text = json};
  auto loaded = LoadInventory(std::span(&document, 1));
  if (!loaded) {
    ADD_FAILURE() << Describe(loaded.error().front());
    return nullptr;
  }
  return loaded->inventory;
}

// One interface with two groups: sg-b, with rules of every kind, before sg-a, with none inbound.
constexpr std::string_view kEveryKindOfRule = R"({
  "NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1",
     "PrivateIpAddress": "10.0.1.5", "Groups": [{"GroupId": "sg-b"}, {"GroupId": "sg-a"}]},
    {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1",
     "PrivateIpAddress": "10.0.1.6", "Groups": []}],
  "SecurityGroups": [{"GroupId": "sg-a", "VpcId": "vpc-1"}, {"GroupId": "sg-b", "VpcId": "vpc-1"}],
  "SecurityGroupRules": [
    {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-b", "IsEgress": false, "IpProtocol": "tcp",
     "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0"},
    {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-b", "IsEgress": false, "IpProtocol": "udp",
     "FromPort": 1024, "ToPort": 65535, "CidrIpv6": "2001:db8::/32"},
    {"SecurityGroupRuleId": "sgr-3", "GroupId": "sg-b", "IsEgress": false, "IpProtocol": "-1",
     "FromPort": -1, "ToPort": -1, "ReferencedGroupInfo": {"GroupId": "sg-a"}},
    {"SecurityGroupRuleId": "sgr-4", "GroupId": "sg-b", "IsEgress": false, "IpProtocol": "icmp",
     "FromPort": 8, "ToPort": 0, "PrefixListId": "pl-1"},
    {"SecurityGroupRuleId": "sgr-5", "GroupId": "sg-b", "IsEgress": false, "IpProtocol": "50",
     "FromPort": -1, "ToPort": -1, "CidrIpv4": "192.0.2.0/24"},
    {"SecurityGroupRuleId": "sgr-6", "GroupId": "sg-a", "IsEgress": true, "IpProtocol": "-1",
     "FromPort": -1, "ToPort": -1, "CidrIpv4": "0.0.0.0/0"}]})";

struct Encoding {
  OutputFormat format;
  std::string_view layout;
  std::string_view line;
  std::string_view interface_id;  // empty: unknown
  std::optional<Direction> direction;
  std::string_view fields = {};
  std::string_view drop = {};
};

inline std::string Encode(const Encoding& wanted,
                          std::string_view inventory_json = kEveryKindOfRule) {
  const auto inventory = InventoryOf(inventory_json);
  const auto encoder = MakeEncoder(
      wanted.format, inventory,
      *FieldSelection::Parse(wanted.format, {"--fields", wanted.fields}, {"--drop", wanted.drop}));
  FlowRecord record;
  EXPECT_TRUE(record.Split(*RecordLayout::Parse(wanted.layout), wanted.line, ' '));
  EnrichedRecord enriched(record);
  enriched.interface = inventory->FindInterface(wanted.interface_id);
  enriched.direction = wanted.direction;
  OutputBuffer buffer;
  encoder->Encode(enriched, buffer);
  return std::string(buffer.view());
}

}  // namespace sgflow
