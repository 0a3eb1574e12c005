#include "whatif/tracking.h"

#include <algorithm>
#include <string_view>

#include "network/protocol.h"
#include "verdict/rule_check.h"

namespace sgflow {
namespace {

bool IsOpenToAny(const Rule& rule, bool ipv4) {
  return rule.source.kind == RuleSource::Kind::kPrefix && rule.source.prefix.length() == 0 &&
         rule.source.prefix.is_ipv4() == ipv4;
}

bool IsAlwaysTracked(PeerKind kind) {
  switch (kind) {
    case PeerKind::kNatGateway:
    case PeerKind::kEndpoint:
    case PeerKind::kLambda:
    case PeerKind::kGlobalAccelerator:
      return true;
    default:
      return false;
  }
}

// An application load balancer's connections are as others'.
bool IsAlwaysTracked(const NetworkInterface* interface, std::string_view next_hop_type) {
  constexpr std::string_view kNetworkLoadBalancer = "network_load_balancer";
  return next_hop_type == kNetworkLoadBalancer ||
         (interface != nullptr && interface->type == kNetworkLoadBalancer);
}

}  // namespace

Tracking TrackingOf(const World& world, const Passage& passage, const Packet& opening) {
  Tracking tracking;
  if (!opening.protocol || !HasPorts(*opening.protocol)) return tracking;
  if (passage.opening.groups != GroupAnswer::kAllows ||
      passage.reply.groups != GroupAnswer::kAllows) {
    return tracking;
  }
  const InventoryIndex& index = world.index();
  const bool to_dynamodb =
      opening.destination_service == "DYNAMODB" || opening.source_service == "DYNAMODB";
  if (to_dynamodb || IsAlwaysTracked(index.facts(*passage.local).kind) ||
      IsAlwaysTracked(passage.peer.kind) ||
      IsAlwaysTracked(passage.local, opening.next_hop_interface_type) ||
      IsAlwaysTracked(passage.peer.interface, {})) {
    return tracking;
  }
  const Inventory& inventory = world.inventory();
  const bool ipv4 = opening.peer()->is_ipv4();
  const auto is_open = [&](const Rule& rule) { return IsOpenToAny(rule, ipv4); };
  const bool opened_by_any = std::ranges::any_of(passage.opening.rules, [&](RuleIndex rule) {
    return std::ranges::any_of(RulesOfSameId(inventory, rule), is_open);
  });
  if (!opened_by_any) return tracking;
  for (const RuleIndex rule : passage.reply.rules) {
    const auto permission = RulesOfSameId(inventory, rule);
    if (!NamesPort(permission.front()) && std::ranges::any_of(permission, is_open)) {
      tracking.reply_rules.push_back(rule);
    }
  }
  tracking.untracked = !tracking.reply_rules.empty();
  return tracking;
}

}  // namespace sgflow
