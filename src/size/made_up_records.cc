#include "size/made_up_records.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "network/direction.h"
#include "network/protocol.h"

namespace sgflow {
namespace {

// Of an interface's rules in one direction, evenly chosen.
constexpr std::size_t kMostRules = 16;
constexpr std::size_t kRulesMissedOnce = 4;  // one of so many is nearly met
constexpr std::int32_t kAnyPort = 443;
constexpr std::int32_t kRefusedPort = 4444;
constexpr std::uint64_t kFirstSecond = 1767225600;
const std::optional<IpAddress> kStranger = IpAddress::Parse("203.0.113.77");

struct Traffic {
  const NetworkInterface& local;
  Direction direction = Direction::kIngress;
  bool accepted = true;
  IpAddress peer;
  Protocol protocol = kTcp;
  std::int32_t responder_port = kAnyPort;
  std::uint64_t number = 0;  // another for each record
};

IpAddress LocalAddress(const NetworkInterface& interface, AddressFamily family) {
  const auto found = std::ranges::find(interface.addresses, family, &IpAddress::family);
  if (found != interface.addresses.end()) return *found;
  return interface.addresses.empty() ? IpAddress() : interface.addresses.front();
}

// Numbers as little alike as real ones. They are as short as those of a single packet, for the
// shorter a record is, the more it grows.
std::uint64_t Scrambled(std::uint64_t number) { return (number + 1) * 2654435761U % 1'000'003; }

// The highest that one of its fields came with.
int VersionOf(const RecordLayout& layout) {
  int version = 0;
  for (const RecordLayout::Column& column : layout.columns()) {
    if (column.field) version = std::max(version, InfoOf(*column.field).version);
  }
  return version;
}

std::string ValueOf(Field field, const Traffic& traffic) {
  const bool inbound = traffic.direction == Direction::kIngress;
  const std::string local = LocalAddress(traffic.local, traffic.peer.family()).ToString();
  const std::string peer = traffic.peer.ToString();
  const auto port = [&](bool of_responder) {
    constexpr std::uint64_t kFirstPort = 1024;
    constexpr std::uint64_t kPorts = 8'900;
    if (!HasPorts(traffic.protocol)) return std::string("0");
    return std::to_string(of_responder ? static_cast<std::uint64_t>(traffic.responder_port)
                                       : kFirstPort + Scrambled(traffic.number) % kPorts);
  };
  const auto or_missing = [](const std::string& text) { return text.empty() ? "-" : text; };
  switch (field) {
    case Field::kAccountId:
      return traffic.local.owner_id.empty() ? "111122223333" : traffic.local.owner_id;
    case Field::kInterfaceId:
      return traffic.local.id;
    case Field::kSrcaddr:
    case Field::kPktSrcaddr:
      return inbound ? peer : local;
    case Field::kDstaddr:
    case Field::kPktDstaddr:
      return inbound ? local : peer;
    case Field::kSrcport:
      return port(false);
    case Field::kDstport:
      return port(true);
    case Field::kProtocol:
      return std::to_string(traffic.protocol);
    case Field::kPackets:
      return std::to_string(1 + Scrambled(traffic.number) % 9);
    case Field::kBytes:
      return std::to_string(40 + Scrambled(traffic.number * 7) % 60);
    case Field::kStart:
      return std::to_string(kFirstSecond + Scrambled(traffic.number * 3) % 86'400);
    case Field::kEnd:
      return std::to_string(kFirstSecond + Scrambled(traffic.number * 3) % 86'400 + 59);
    case Field::kAction:
      return traffic.accepted ? "ACCEPT" : "REJECT";
    case Field::kLogStatus:
      return "OK";
    case Field::kVpcId:
      return or_missing(traffic.local.vpc_id);
    case Field::kSubnetId:
      return or_missing(traffic.local.subnet_id);
    case Field::kInstanceId:
      return or_missing(traffic.local.instance_id);
    case Field::kTcpFlags:
      return traffic.protocol == kTcp ? "2" : "0";
    case Field::kType:
      return traffic.peer.is_ipv4() ? "IPv4" : "IPv6";
    case Field::kFlowDirection:
      return inbound ? "ingress" : "egress";
    default:
      return "-";
  }
}

// A peer that the rule lets in, or be reached.
std::optional<IpAddress> PeerOf(const Inventory& inventory, const Rule& rule) {
  switch (rule.source.kind) {
    case RuleSource::Kind::kPrefix: {
      const IpPrefix& prefix = rule.source.prefix;
      if (prefix.length() != 0) return prefix.address();
      return prefix.is_ipv4() ? kStranger : IpAddress::Parse("2001:db8:77::77");
    }
    case RuleSource::Kind::kPrefixList: {
      const PrefixList* list = inventory.FindPrefixList(rule.source.id);
      if (list == nullptr || !list->entries || list->entries->empty()) return std::nullopt;
      return list->entries->front().address();
    }
    case RuleSource::Kind::kSecurityGroup: {
      const SecurityGroup* group = inventory.FindGroup(rule.source.id);
      if (group == nullptr) return std::nullopt;
      const auto members = inventory.Members(inventory.IndexOf(*group));
      if (members.empty()) return std::nullopt;
      const auto& addresses = inventory.interfaces()[members.front()].addresses;
      return addresses.empty() ? std::nullopt : std::optional(addresses.front());
    }
  }
  return std::nullopt;
}

class Maker {
 public:
  Maker(const Inventory& inventory, const std::shared_ptr<const RecordLayout>& layout,
        const std::function<void(const FlowRecord&)>& take)
      : inventory_(inventory),
        layout_(layout),
        version_(std::to_string(VersionOf(*layout))),
        take_(take) {}

  void Make(const NetworkInterface& interface, Direction direction) {
    const auto take = [&](bool accepted, const IpAddress& peer, Protocol protocol,
                          std::int32_t port) {
      Take({.local = interface,
            .direction = direction,
            .accepted = accepted,
            .peer = peer,
            .protocol = protocol,
            .responder_port = port,
            .number = number_++});
    };
    std::size_t rules = 0;
    for (const RuleIndex index : ChosenRules(interface, direction)) {
      const Rule& rule = inventory_.rules()[index];
      const auto peer = PeerOf(inventory_, rule);
      if (!peer) continue;
      const Protocol protocol = rule.protocol.value_or(kTcp);
      const std::int32_t port = rule.from_port <= 0 ? kAnyPort : rule.from_port;
      take(/*accepted=*/true, *peer, protocol, port);
      if (rules++ % kRulesMissedOnce != 0) continue;
      // What a rule nearly allows comes with more words than anything else.
      take(/*accepted=*/false, *peer, protocol, kRefusedPort);
      take(/*accepted=*/false, *kStranger, protocol, port);
    }
    // From a stranger and from the account's own.
    take(/*accepted=*/false, *kStranger, kTcp, kRefusedPort);
    const auto interfaces = inventory_.interfaces();
    const auto& neighbour = interfaces[number_ % interfaces.size()];
    if (neighbour.addresses.empty()) return;
    take(/*accepted=*/false, neighbour.addresses.front(), kTcp, kRefusedPort);
  }

 private:
  std::vector<RuleIndex> ChosenRules(const NetworkInterface& interface, Direction direction) const {
    std::vector<RuleIndex> all;
    for (const GroupIndex group : interface.groups) {
      std::ranges::copy(inventory_.groups()[group].rules(direction), std::back_inserter(all));
    }
    if (all.size() <= kMostRules) return all;
    std::vector<RuleIndex> chosen;
    for (std::size_t i = 0; i < kMostRules; ++i) chosen.push_back(all[i * all.size() / kMostRules]);
    return chosen;
  }

  void Take(const Traffic& traffic) {
    std::string line;
    for (const RecordLayout::Column& column : layout_->columns()) {
      const bool is_version = column.field == Field::kVersion;
      if (column.field) line += is_version ? version_ : ValueOf(*column.field, traffic);
      if (!column.field) line += '-';
      line += ' ';
    }
    line.pop_back();
    FlowRecord record;
    if (record.Split(layout_, line, ' ') && record.CheckTypes()) take_(record);
  }

  const Inventory& inventory_;
  const std::shared_ptr<const RecordLayout>& layout_;
  std::string version_;
  const std::function<void(const FlowRecord&)>& take_;
  std::uint64_t number_ = 0;
};

}  // namespace

void MakeUpRecords(const Inventory& inventory, const std::shared_ptr<const RecordLayout>& layout,
                   const std::function<void(const FlowRecord&)>& take) {
  Maker maker(inventory, layout, take);
  for (const NetworkInterface& interface : inventory.interfaces()) {
    if (interface.peer_only || interface.groups.empty()) continue;
    maker.Make(interface, Direction::kIngress);
    maker.Make(interface, Direction::kEgress);
  }
}

}  // namespace sgflow
