#include "cli/explain_change.h"

#include <algorithm>
#include <string>
#include <utility>

#include "network/protocol.h"
#include "verdict/acl_check.h"

namespace sgflow {
namespace {

std::string Preposition(Direction direction) {
  return direction == Direction::kIngress ? " from " : " to ";
}

// What exactly this traffic is, as a rule would name it.
std::string ServiceOf(const Packet& packet, Direction direction) {
  const Protocol protocol = *packet.protocol;
  const std::string name = ProtocolName(protocol);
  if (!HasPorts(protocol)) {
    return protocol == kIcmp || protocol == kIcmpv6 ? "all " + name : "protocol " + name;
  }
  if (*packet.source_port == 0 && *packet.destination_port == 0) return "all " + name;
  const bool own = direction == *packet.direction;
  return name + " " + std::to_string(own ? *packet.destination_port : *packet.source_port);
}

std::string HostPrefix(const IpAddress& address) {
  return IpPrefix(address, address.bits()).ToString();
}

// The carried group whose change touches the fewest interfaces.
const SecurityGroup* NarrowestGroup(const NetworkInterface& interface, const Inventory& inventory) {
  const auto narrowest = std::ranges::min_element(
      interface.groups, {}, [&](GroupIndex group) { return inventory.Members(group).size(); });
  return narrowest == interface.groups.end() ? nullptr : &inventory.groups()[*narrowest];
}

std::string Carriers(const SecurityGroup& group, const NetworkInterface& interface,
                     const InventoryIndex& index) {
  const Inventory& inventory = index.inventory();
  const std::size_t others = inventory.Members(inventory.IndexOf(group)).size() - 1;
  std::string text = "(" + (group.name.empty() ? "" : group.name + ", ") + "carried by " +
                     ExplainInterface(interface, index).label();
  if (others != 0) text += " and " + std::to_string(others) + " more";
  return text + ")";
}

// By one more rule, or by a group for the peer that a rule lets in already.
std::vector<ExplainedChange> WaysToPassGroups(const Packet& packet, Direction direction,
                                              const InventoryIndex& index) {
  std::vector<ExplainedChange> ways;
  const Inventory& inventory = index.inventory();
  const SecurityGroup* own = NarrowestGroup(*packet.local, inventory);
  if (own == nullptr) return ways;
  const std::string allow = "allow " + ServiceOf(packet, direction) + Preposition(direction);
  const std::string in = " in " + ExplainGroup(inventory, own->id).ToString();
  const NetworkInterface* near = NearPeer(packet, index);
  if (near != nullptr) {
    if (const SecurityGroup* theirs = NarrowestGroup(*near, inventory)) {
      ways.push_back({"add-rule", own->id, theirs->id,
                      allow + theirs->id + " " + Carriers(*theirs, *near, index) + in});
    }
  }
  const std::string host = HostPrefix(*packet.peer());
  ways.push_back({"add-rule", own->id, host, allow + host + in});
  return ways;
}

void AddGroupsForPeer(const Packet& packet, Direction direction, const InventoryIndex& index,
                      const Judge& judge, std::vector<ExplainedChange>& ways) {
  constexpr std::size_t kMost = 2;
  const NetworkInterface* near = NearPeer(packet, index);
  if (near == nullptr || !near->groups_known || near->groups.empty()) return;
  const Inventory& inventory = index.inventory();
  const ExplainedInterface peer = ExplainInterface(*near, index);
  std::size_t count = 0;
  for (const GroupIndex group : packet.local->groups) {
    for (const RuleIndex number : inventory.groups()[group].rules(direction)) {
      const Rule& rule = inventory.rules()[number];
      if (rule.source.kind != RuleSource::Kind::kSecurityGroup) continue;
      const SecurityGroup* theirs = inventory.FindGroup(rule.source.id);
      // A group of another VPC cannot be put on.
      if (theirs == nullptr || (!theirs->vpc_id.empty() && theirs->vpc_id != near->vpc_id))
        continue;
      const RuleAnswer answer = judge.Check(rule, packet);
      const bool only_source = answer.protocol_fits && answer.port.answer == Answer::kYes &&
                               answer.source.answer == Answer::kNo &&
                               answer.source.cause == Cause::kNone;
      if (!only_source || count == kMost) continue;
      ++count;
      const std::string label =
          peer.label() == peer.id ? peer.id : peer.label() + " (" + peer.id + ")";
      ways.push_back(
          {"add-group", near->id, theirs->id,
           "put " + ExplainGroup(inventory, theirs->id).ToString() + " on " + label +
               (direction == Direction::kIngress ? ", which " + rule.id + " lets in"
                                                 : ", which " + rule.id + " lets out to")});
    }
  }
}

// An entry before the one that denies, or that one's removal where what follows allows.
std::vector<ExplainedChange> WaysToPassAcl(const AclAnswer& answer, const Packet& packet,
                                           const InventoryIndex& index) {
  const NetworkAcl& acl = index.inventory().acls()[*answer.acl];
  const std::string number = std::to_string(answer.number);
  std::string service = ServiceOf(packet, *packet.direction);
  std::vector<ExplainedChange> ways{{"add-acl-entry", acl.id, number,
                                     "add an " + std::string(DirectionWord(*packet.direction)) +
                                         " entry before " + number + " of " + acl.id + ": allow " +
                                         service + Preposition(*packet.direction) +
                                         HostPrefix(*packet.peer())}};
  NetworkAcl without = acl;
  const auto removed = std::erase_if(without.entries, [&](const NetworkAclEntry& entry) {
    return entry.number == answer.number && entry.direction == *packet.direction &&
           entry.prefix.Contains(*packet.peer());
  });
  if (removed != 0 && CheckEntries(without, packet).allows()) {
    ways.push_back(
        {"remove-acl-entry", acl.id, number, "remove entry " + number + " of " + acl.id});
  }
  return ways;
}

// ACLs keep no state: what opens a connection needs the other direction for its replies.
void AddStepForReplies(const AclAnswer& answer, const Packet& packet, const InventoryIndex& index,
                       ExplainedChanges& changes) {
  if (!answer.acl || !HasPorts(*packet.protocol)) return;
  Packet reply = packet;
  reply.direction = Opposite(*packet.direction);
  std::swap(reply.source, reply.destination);
  std::swap(reply.source_port, reply.destination_port);
  AclAnswer denied = CheckEntries(index.inventory().acls()[*answer.acl], reply);
  if (denied.allows()) return;
  denied.acl = answer.acl;
  changes.steps.push_back(WaysToPassAcl(denied, reply, index));
  changes.note = "The network ACL keeps no state: it has to let the replies through as well.";
}

void AddRemovals(const Explanation& explanation, ExplainedChanges& changes) {
  bool untold = false;
  for (const ExplainedRule& rule : explanation.rules) {
    if (rule.direction != explanation.judged_direction || rule.answer == Answer::kNo) continue;
    untold = untold || rule.answer == Answer::kUntold;
    changes.steps.push_back(
        {{"remove-rule", rule.group.id, rule.id,
          "remove " + rule.id + " (" + rule.service + Preposition(rule.direction) + rule.source +
              ") from " + rule.group.ToString() +
              (rule.answer == Answer::kUntold ? ", if it is what allows this" : "")}});
  }
  if (!changes.steps.empty()) {
    changes.note = "Connections that are tracked already go on until they end.";
  }
  if (untold) changes.note += " Which of the rules that can't be told allow it is not known.";
}

}  // namespace

ExplainedChanges NearestChanges(const Packet& packet, const Verdict& verdict,
                                const Explanation& explanation, const Judge& judge) {
  const InventoryIndex& index = judge.index();
  ExplainedChanges changes;
  const auto pass_groups = [&] {
    auto ways = WaysToPassGroups(packet, verdict.judged_direction, index);
    AddGroupsForPeer(packet, verdict.judged_direction, index, judge, ways);
    if (!ways.empty()) changes.steps.push_back(std::move(ways));
    if (!verdict.untold.empty()) {
      changes.note = "A rule that can't be told may allow it already.";
    }
  };
  const bool opens = verdict.evidence == Evidence::kQuestion ||
                     (verdict.matches != nullptr && verdict.judged_direction == verdict.direction);
  switch (verdict.kind) {
    case VerdictKind::kAllowedByRule:
    case VerdictKind::kAllowedAsReturn:
      AddRemovals(explanation, changes);
      break;
    case VerdictKind::kAllowedUnexplained:
      changes.note = "No rule of the inventory allows it, so there is none to remove.";
      break;
    case VerdictKind::kDeniedByNetworkAcl:
      changes.steps.push_back(WaysToPassAcl(verdict.acl_answer, packet, index));
      if (verdict.groups_refuse) pass_groups();
      if (opens) AddStepForReplies(verdict.acl_answer, packet, index, changes);
      break;
    case VerdictKind::kDeniedBySecurityGroup:
      pass_groups();
      if (verdict.acl_answer.outcome == AclOutcome::kDenies) {
        changes.steps.push_back(WaysToPassAcl(verdict.acl_answer, packet, index));
      }
      if (opens) AddStepForReplies(verdict.acl_answer, packet, index, changes);
      break;
    case VerdictKind::kDeniedByVpc:
      changes.note = "No rule refuses it: the setting of the VPC has to change.";
      break;
    case VerdictKind::kDeniedAfterClose:
    case VerdictKind::kDeniedNoConnection:
    case VerdictKind::kDeniedUnexplained:
      changes.note = "No rule of the inventory refuses it, so no change of rules would help.";
      break;
    case VerdictKind::kNotApplicable:
    case VerdictKind::kUnknownInterface:
    case VerdictKind::kNotJudged:
      break;
  }
  return changes;
}

}  // namespace sgflow
