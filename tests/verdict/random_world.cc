#include "verdict/random_world.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inventory/inventory_builder.h"

namespace sgflow::test {
namespace {

constexpr std::array<std::string_view, 10> kAddresses{
    "10.0.0.10",    "10.0.0.11",   "10.0.1.20",   "10.1.0.10",     "198.51.100.7",
    "198.51.100.8", "203.0.113.1", "2001:db8::1", "2001:db8:1::1", "10.0.0.200"};
constexpr std::array<std::string_view, 10> kPrefixes{
    "0.0.0.0/0", "10.0.0.0/8",      "10.0.0.0/24",   "10.0.0.10/32", "198.51.100.0/24",
    "::/0",      "198.51.100.7/32", "2001:db8::/32", "10.0.1.0/24",  "203.0.113.0/30"};
constexpr std::array<std::string_view, 6> kGroups{"sg-a",   "sg-b",     "sg-c",
                                                  "sg-far", "sg-empty", "sg-lacking"};
constexpr std::array<std::string_view, 4> kLists{"pl-known", "pl-cut", "pl-unread", "pl-lacking"};
constexpr std::array<Protocol, 5> kProtocols{kTcp, kUdp, kIcmp, kIcmpv6, 47};
constexpr std::array<std::uint16_t, 9> kPorts{0, 22, 53, 443, 1023, 1024, 8080, 32768, 50000};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t count) { return engine_() % count; }
  template <typename List>
  const auto& Of(const List& list) {
    return list[Below(list.size())];
  }

 private:
  std::mt19937_64 engine_;
};

RuleDescription RandomRule(Dice& dice, std::size_t number, std::uint32_t document) {
  RuleDescription made;
  made.origin.document = document;
  made.group_id = kGroups[dice.Below(4)];
  Rule& rule = made.rule;
  rule.id = "sgr-" + std::to_string(100 + number);
  rule.direction = dice.Below(2) == 0 ? Direction::kIngress : Direction::kEgress;
  if (dice.Below(4) != 0) rule.protocol = dice.Of(kProtocols);
  if (dice.Below(3) != 0) {
    rule.from_port = dice.Of(kPorts);
    rule.to_port = std::max<std::int32_t>(rule.from_port, dice.Of(kPorts));
    if (dice.Below(5) == 0) rule.from_port = 0, rule.to_port = 65535;
  }
  switch (dice.Below(4)) {
    case 0:
      rule.source.kind = RuleSource::Kind::kPrefixList;
      rule.source.id = dice.Of(kLists);
      break;
    case 1:
      rule.source.kind = RuleSource::Kind::kSecurityGroup;
      rule.source.id = dice.Of(kGroups);
      rule.source.peering = static_cast<PeeringStatus>(dice.Below(4));
      break;
    default:
      rule.source.prefix = *IpPrefix::Parse(dice.Of(kPrefixes));
      break;
  }
  return made;
}

InterfaceDescription MakeInterface(std::string_view id, std::string_view vpc, std::string_view type,
                                   std::vector<std::string_view> addresses,
                                   std::vector<std::string_view> groups) {
  InterfaceDescription made;
  made.interface.id = id;
  made.interface.vpc_id = vpc;
  made.interface.type = type;
  for (const std::string_view address : addresses) {
    made.interface.addresses.push_back(*IpAddress::Parse(address));
  }
  made.groups.emplace();
  for (const std::string_view group : groups) {
    made.groups->push_back({std::string(group), std::string(group)});
  }
  return made;
}

void AddLists(InventoryBuilder& builder, std::uint32_t document, Dice& dice) {
  for (const std::string_view id : kLists) {
    if (id == "pl-lacking") continue;
    PrefixListDescription list;
    list.origin.document = document;
    list.list.id = id;
    if (id != "pl-unread") {
      list.list.entries.emplace();
      for (int i = 0; i < 3; ++i) {
        list.list.entries->push_back(*IpPrefix::Parse(dice.Of(kPrefixes)));
      }
    }
    list.list.whole = id != "pl-cut";
    builder.Add(std::move(list));
  }
}

}  // namespace

std::shared_ptr<const Inventory> RandomInventory(const WorldChoice& choice) {
  Dice dice(choice.seed);
  InventoryReport report;
  InventoryBuilder builder(report);
  DocumentDescription document;
  document.file = "random";
  for (const ListedKind kind : {ListedKind::kNetworkInterfaces, ListedKind::kSecurityGroups,
                                ListedKind::kSecurityGroupRules, ListedKind::kPrefixLists}) {
    document.kinds.Add(kind);
  }
  const std::uint32_t number = builder.AddDocument(std::move(document));

  std::vector<InterfaceDescription> interfaces;
  const auto some_groups = [&] {
    std::vector<std::string_view> groups{kGroups[dice.Below(3)]};
    if (dice.Below(2) == 0) groups.push_back(kGroups[dice.Below(3)]);
    return groups;
  };
  interfaces.push_back(
      MakeInterface("eni-1", "vpc-1", "interface", {"10.0.0.10", "2001:db8::1"}, some_groups()));
  interfaces.push_back(MakeInterface("eni-2", "vpc-1",
                                     dice.Below(3) == 0 ? "network_load_balancer" : "interface",
                                     {"10.0.1.20"}, some_groups()));
  interfaces.push_back(
      MakeInterface("eni-3", "vpc-2", "interface", {"10.1.0.10"}, {"sg-far", "sg-a"}));
  interfaces.push_back(
      MakeInterface("eni-4", "vpc-2", "interface", {"10.0.0.10", "10.0.0.11"}, {"sg-far"}));
  // Of whom it is not told.
  if (dice.Below(4) == 0) interfaces[1 + dice.Below(3)].groups.reset();
  for (InterfaceDescription& interface : interfaces) {
    interface.origin.document = number;
    if (interface.groups && choice.reverse_groups) std::ranges::reverse(*interface.groups);
    builder.Add(std::move(interface));
  }
  for (const std::string_view id : kGroups) {
    if (id == "sg-lacking") continue;
    GroupDescription group;
    group.origin.document = number;
    group.group.id = id;
    // One whose VPC is not among those with interfaces.
    group.group.vpc_id = id == "sg-empty" ? "vpc-3" : id == "sg-far" ? "vpc-2" : "vpc-1";
    builder.Add(std::move(group));
  }
  AddLists(builder, number, dice);

  std::vector<RuleDescription> rules;
  const std::size_t count = 1 + dice.Below(40);
  for (std::size_t i = 0; i < count; ++i) rules.push_back(RandomRule(dice, i, number));
  rules.resize(count - std::min(count, choice.leave_out));
  if (choice.reverse_rules) std::ranges::reverse(rules);
  for (RuleDescription& rule : rules) builder.Add(std::move(rule));
  return std::move(builder).Build();
}

Packet RandomPacket(const Inventory& inventory, std::uint64_t seed) {
  Dice dice(seed);
  Packet packet;
  packet.recorded = packet.local = &inventory.interfaces()[dice.Below(2)];
  packet.action = dice.Below(2) == 0 ? Action::kAccept : Action::kReject;
  packet.direction = dice.Below(2) == 0 ? Direction::kIngress : Direction::kEgress;
  packet.protocol = dice.Of(kProtocols);
  packet.source = IpAddress::Parse(dice.Of(kAddresses));
  packet.destination = IpAddress::Parse(dice.Of(kAddresses));
  packet.source_port = dice.Of(kPorts);
  packet.destination_port = dice.Of(kPorts);
  if (packet.protocol == kTcp) {
    constexpr std::array<std::uint8_t, 6> kFlags{0, 1, 2, 4, 18, kNoTcpFlags};
    packet.tcp_flags = dice.Of(kFlags);
  }
  if (dice.Below(4) == 0) packet.next_hop_interface_type = "network_load_balancer";
  return packet;
}

}  // namespace sgflow::test
