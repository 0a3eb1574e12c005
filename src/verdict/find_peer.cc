#include "verdict/find_peer.h"

#include <algorithm>

#include "verdict/peer.h"

namespace sgflow {

PeerHolder HolderOfPeer(const InventoryIndex& index, const Packet& packet, VpcIndex own_vpc,
                        AddressEntry entry) {
  if (entry == 0) return {};
  const auto in = [&](VpcIndex vpc) -> const NetworkInterface* {
    const auto found = index.InterfaceIn(vpc, entry);
    return found ? &index.inventory().interfaces()[*found] : nullptr;
  };
  const NetworkInterface* near = in(own_vpc);
  if (near != nullptr || packet.next_hop_vpc_id.empty()) return {near, near};
  return {nullptr, in(index.FindVpc(packet.next_hop_vpc_id))};
}

// D10.
Peer FindPeer(const InventoryIndex& index, const Packet& packet, const PeerHolder& holder) {
  Peer peer;
  const bool inbound = *packet.direction == Direction::kIngress;
  peer.aws_service = inbound ? packet.source_service : packet.destination_service;
  if (!packet.next_hop_interface_id.empty()) {
    peer.interface = index.inventory().FindInterface(packet.next_hop_interface_id);
    peer.interface_id = packet.next_hop_interface_id;
  } else {
    peer.interface = holder.any;
    if (peer.interface != nullptr) peer.interface_id = peer.interface->id;
  }
  if (peer.interface != nullptr) {
    peer.kind = index.facts(*peer.interface).kind;
    return peer;
  }
  peer.kind = KindOfNextHop(packet.next_hop_interface_type);
  if (peer.kind != PeerKind::kUnknown) return peer;
  peer.kind = peer.aws_service.empty() ? KindOf(*packet.peer()) : PeerKind::kAwsService;
  return peer;
}

// D48.
Peer FindPeerOfUnjudged(const InventoryIndex& index, const Packet& packet, Obstacle obstacle) {
  const bool has_traffic = obstacle == Obstacle::kNoGroups || obstacle == Obstacle::kFieldsMissing;
  if (!has_traffic || packet.local == nullptr || !packet.direction || !packet.peer()) return {};
  const AddressEntry entry = index.FindAddress(*packet.peer());
  return FindPeer(index, packet,
                  HolderOfPeer(index, packet, index.facts(*packet.local).vpc, entry));
}

// D49.
void NamePeerByReference(const InventoryIndex& index, const Question& question, Verdict& verdict) {
  const bool nothing_to_find = !verdict.peer.interface_id.empty() || question.entry == 0;
  if (nothing_to_find || verdict.matched_untold) [[likely]] {
    return;
  }
  const Inventory& inventory = index.inventory();
  const NetworkInterface* member = nullptr;
  const auto look_at = [&](const Rule& rule) {
    if (rule.source.kind != RuleSource::Kind::kSecurityGroup) return true;
    const SecurityGroup* group = inventory.FindGroup(rule.source.id);
    if (group == nullptr || rule.source.peering != PeeringStatus::kActive) return true;
    for (const InventoryIndex::Holder& holder : index.Holders(question.entry)) {
      const NetworkInterface& interface = inventory.interfaces()[holder.interface];
      const bool carries =
          std::ranges::find(interface.groups, inventory.IndexOf(*group)) != interface.groups.end();
      if (holder.vpc == question.vpc || !carries || &interface == member) continue;
      if (member != nullptr) return false;
      member = &interface;
    }
    return true;
  };
  for (const RuleIndex matched : verdict.matched) {
    if (!std::ranges::all_of(RulesOfSameId(inventory, matched), look_at)) return;
  }
  if (member == nullptr) return;
  verdict.peer.interface = member;
  verdict.peer.interface_id = member->id;
  verdict.peer.kind = index.facts(*member).kind;
}

}  // namespace sgflow
