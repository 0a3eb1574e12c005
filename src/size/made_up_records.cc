#include "size/made_up_records.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "network/direction.h"
#include "network/protocol.h"
#include "size/traffic.h"

namespace sgflow {
namespace {

// Of an interface's rules in one direction, evenly chosen.
constexpr std::size_t kMostRules = 16;
constexpr std::size_t kRulesMissedOnce = 4;  // one of so many is nearly met
constexpr std::int32_t kAnyPort = 443;
constexpr std::int32_t kRefusedPort = 4444;
const std::optional<IpAddress> kStranger = IpAddress::Parse("203.0.113.77");

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
      : inventory_(inventory), record_(layout), take_(take) {}

  void Make(const NetworkInterface& interface, Direction direction) {
    const auto take = [&](bool accepted, const IpAddress& peer, Protocol protocol,
                          std::int32_t port) {
      Take({.local = &interface,
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
    if (const FlowRecord* record = record_.Write(traffic)) take_(*record);
  }

  const Inventory& inventory_;
  TrafficRecord record_;
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
