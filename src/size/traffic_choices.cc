#include "size/traffic_choices.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>

#include "output/json_text.h"
#include "verdict/peer.h"
#include "verdict/verdict.h"

namespace sgflow {
namespace {

// What an address's length takes away: a byte more of a record weighs as much as some of output.
constexpr std::int64_t kWeightOfRecordByte = 9;
constexpr std::size_t kMostAddresses = 4;  // of an interface and a family
constexpr std::size_t kMostEntries = 16;   // of a prefix list, for strangers

std::int64_t LengthOf(const IpAddress& address) {
  return static_cast<std::int64_t>(address.ToString().size());
}

// The first address behind it; none behind the last one.
std::optional<IpAddress> AddressBehind(const IpPrefix& prefix) {
  auto bytes = prefix.address().bytes();
  int bit = prefix.length() - 1;
  for (; bit >= 0; --bit) {
    auto& byte = bytes[static_cast<std::size_t>(bit / 8)];
    const auto mask = static_cast<std::uint8_t>(0x80 >> (bit % 8));
    byte ^= mask;
    if ((byte & mask) != 0) break;
  }
  if (bit < 0) return std::nullopt;
  return IpAddress(prefix.address().family(), bytes);
}

bool HasFamily(const NetworkInterface& interface, AddressFamily family) {
  return std::ranges::find(interface.addresses, family, &IpAddress::family) !=
         interface.addresses.end();
}

bool IsByWeight(const auto& a, const auto& b) { return a.weight > b.weight; }

}  // namespace

// What tells addresses apart.
class TrafficChooser::Sources {
 public:
  Sources(const Inventory& inventory, const NetworkInterface& local) : local_(local) {
    for (const GroupIndex group : local.groups) {
      for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
        for (const RuleIndex rule : inventory.groups()[group].rules(direction)) {
          Add(inventory, inventory.rules()[rule].source);
        }
      }
    }
    for (const NetworkAcl& acl : inventory.acls()) {
      if (acl.vpc_id != local.vpc_id) continue;
      for (const NetworkAclEntry& entry : acl.entries) prefixes_.insert(entry.prefix);
    }
    if (const Subnet* subnet = inventory.FindSubnet(local.subnet_id)) {
      prefixes_.insert(subnet->prefixes.begin(), subnet->prefixes.end());
    }
  }

  const std::set<GroupIndex>& groups() const { return groups_; }

  // The same for all that are not told apart.
  std::string KeyOf(const Holder& holder) const {
    std::string key(1, holder.address.is_ipv4() ? '4' : '6');
    const auto add = [&](bool bit) { key += bit ? '1' : '0'; };
    const NetworkInterface* interface = holder.interface;
    add(interface != nullptr);
    if (interface != nullptr) {
      add(interface->groups_known);
      add(interface->vpc_id == local_.vpc_id);
      add(interface->subnet_id == local_.subnet_id);
      for (const GroupIndex group : groups_) {
        add(std::ranges::find(interface->groups, group) != interface->groups.end());
      }
    }
    for (const IpPrefix& prefix : prefixes_) add(prefix.Contains(holder.address));
    for (const PrefixList* list : lists_) {
      add(std::ranges::any_of(
          *list->entries, [&](const IpPrefix& prefix) { return prefix.Contains(holder.address); }));
    }
    return key;
  }

  // Where one stretch of addresses that are told apart ends and another begins.
  std::set<IpAddress> Borders() const {
    std::set<IpAddress> borders{*IpAddress::Parse("1.1.1.1"), *IpAddress::Parse("10.0.0.1"),
                                *IpAddress::Parse("2600::1")};
    const auto add = [&](const IpPrefix& prefix) {
      if (prefix.length() == 0) return;
      borders.insert(prefix.address());
      if (const auto behind = AddressBehind(prefix)) borders.insert(*behind);
    };
    for (const IpPrefix& prefix : prefixes_) add(prefix);
    for (const PrefixList* list : lists_) {
      const std::span<const IpPrefix> entries(*list->entries);
      for (const auto& entry : entries.first(std::min(entries.size(), kMostEntries))) add(entry);
    }
    return borders;
  }

 private:
  void Add(const Inventory& inventory, const RuleSource& source) {
    switch (source.kind) {
      case RuleSource::Kind::kPrefix:
        prefixes_.insert(source.prefix);
        break;
      case RuleSource::Kind::kPrefixList: {
        const PrefixList* list = inventory.FindPrefixList(source.id);
        if (list != nullptr && list->entries) lists_.insert(list);
        break;
      }
      case RuleSource::Kind::kSecurityGroup: {
        const SecurityGroup* group = inventory.FindGroup(source.id);
        if (group != nullptr) groups_.insert(inventory.IndexOf(*group));
        break;
      }
    }
  }

  const NetworkInterface& local_;
  std::set<IpPrefix> prefixes_;
  std::set<const PrefixList*> lists_;
  std::set<GroupIndex> groups_;
};

TrafficChooser::TrafficChooser(const Inventory& inventory) : inventory_(inventory) {
  for (const NetworkInterface& interface : inventory.interfaces()) {
    AddHolders(interface, of_vpc_[interface.vpc_id]);
  }
  for (auto& [vpc_id, holders] : of_vpc_) {
    std::ranges::stable_sort(holders, IsByWeight<Holder, Holder>);
  }
}

// The columns of a peer, as JSON has them, to be measured.
std::string TrafficChooser::ColumnsOf(const NetworkInterface& interface) const {
  std::string text = R"("peer_interface_id":")" + interface.id;
  if (!interface.instance_id.empty()) text += R"(","peer_instance_id":")" + interface.instance_id;
  for (const GroupIndex group : interface.groups) text += R"(",")" + inventory_.groups()[group].id;
  if (!interface.name.empty()) text += R"(","peer_name":")";
  AppendJson(interface.name, text);
  return text.append(NameOf(KindOf(interface)));
}

void TrafficChooser::AddHolders(const NetworkInterface& interface, std::vector<Holder>& to) const {
  const std::string text = ColumnsOf(interface);
  std::array<std::size_t, 2> count{};
  for (const IpAddress& address : interface.addresses) {
    if (count[address.is_ipv4() ? 0 : 1]++ >= kMostAddresses) continue;
    to.push_back({.interface = &interface,
                  .address = address,
                  .weight = static_cast<std::int64_t>(text.size()) -
                            kWeightOfRecordByte * LengthOf(address)});
  }
}

std::vector<TrafficChooser::Holder> TrafficChooser::HoldersFor(const NetworkInterface& local,
                                                               const Sources& sources,
                                                               std::size_t looked_at) const {
  std::vector<Holder> holders;
  const auto& near = of_vpc_.at(local.vpc_id);
  holders.assign(near.begin(),
                 near.begin() + static_cast<std::ptrdiff_t>(std::min(near.size(), looked_at)));
  for (const GroupIndex group : sources.groups()) {
    const auto members = inventory_.Members(group);
    for (const auto& member : members.first(std::min(members.size(), looked_at))) {
      AddHolders(inventory_.interfaces()[member], holders);
    }
  }
  for (const IpAddress& address : sources.Borders()) {
    // One that is somebody's stands above, or is too light.
    if (inventory_.FindInterface(local.vpc_id, address) != nullptr) continue;
    const auto kind = static_cast<std::int64_t>(NameOf(KindOf(address)).size());
    holders.push_back(
        {.address = address, .weight = kind - kWeightOfRecordByte * LengthOf(address)});
  }
  std::ranges::stable_sort(holders, IsByWeight<Holder, Holder>);
  return holders;
}

namespace {

void ChooseServices(const Inventory& inventory, const NetworkInterface& local,
                    TrafficChoices& choices) {
  constexpr Protocol kSome = 50;
  std::set<std::int32_t> ports{1, kFirstUnprivilegedPort};
  std::set<Protocol> others{kIcmp, kSome};
  const auto add = [&](std::optional<Protocol> protocol, std::int32_t from, std::int32_t to) {
    if (!protocol) return;
    if (!HasPorts(*protocol)) {
      others.insert(*protocol);
      return;
    }
    if (from > 0) ports.insert(from);
    constexpr std::int32_t kLastPort = 0xFFFF;
    if (to >= 0 && to < kLastPort) ports.insert(to + 1);
  };
  for (const GroupIndex group : local.groups) {
    for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
      for (const RuleIndex index : inventory.groups()[group].rules(direction)) {
        const Rule& rule = inventory.rules()[index];
        add(rule.protocol, rule.from_port, rule.to_port);
      }
    }
  }
  for (const NetworkAcl& acl : inventory.acls()) {
    if (acl.vpc_id != local.vpc_id) continue;
    for (const NetworkAclEntry& entry : acl.entries) {
      add(entry.protocol, entry.from_port, entry.to_port);
    }
  }
  for (const Protocol protocol : {kTcp, kUdp}) {
    for (const std::int32_t port : ports) {
      choices.services.push_back({.protocol = protocol, .port = port});
    }
  }
  for (const Protocol protocol : others) choices.services.push_back({.protocol = protocol});
  choices.opener_ports.assign(ports.lower_bound(kFirstUnprivilegedPort), ports.end());
  choices.opener_ports.push_back(1);
}

}  // namespace

TrafficChoices TrafficChooser::Of(const NetworkInterface& local, std::size_t looked_at) const {
  TrafficChoices choices;
  if (local.addresses.empty()) return choices;
  const Sources sources(inventory_, local);
  std::set<std::string> keys;
  for (const Holder& holder : HoldersFor(local, sources, looked_at)) {
    if (holder.interface == &local || !HasFamily(local, holder.address.family())) continue;
    if (!keys.insert(sources.KeyOf(holder)).second) continue;
    choices.peers.push_back(
        {.address = holder.address, .is_stranger = holder.interface == nullptr});
  }
  ChooseServices(inventory_, local, choices);
  return choices;
}

}  // namespace sgflow
