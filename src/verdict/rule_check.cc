#include "verdict/rule_check.h"

#include <algorithm>

namespace sgflow {
namespace {

bool Carries(const Inventory& inventory, InterfaceIndex interface, GroupIndex group) {
  const auto& groups = inventory.interfaces()[interface].groups;
  return std::ranges::find(groups, group) != groups.end();
}

PartAnswer CheckPrefixList(const InventoryIndex& index, const RuleSource& source,
                           const Question& question) {
  const PrefixList* list = index.inventory().FindPrefixList(source.id);
  if (list == nullptr) return {Answer::kUntold, Cause::kPrefixListLacking};
  if (!list->entries) return {Answer::kUntold, Cause::kPrefixListUnlisted};  // D13
  bool holds = false;
  index.ForEachListAround(question.listed, [&](PrefixListIndex around) {
    holds = holds || around == index.IndexOf(*list);
  });
  if (holds) return {Answer::kYes};
  if (!list->whole) return {Answer::kUntold, Cause::kPrefixListCut};  // D30
  return {Answer::kNo};
}

// D14 to D17 and D50, in the order that stands under D17.
PartAnswer CheckGroup(const InventoryIndex& index, const Rule& rule, const Question& question) {
  const Inventory& inventory = index.inventory();
  if (rule.source.peering == PeeringStatus::kDeleted) {
    return {Answer::kNo, Cause::kPeeringDeleted};
  }
  const SecurityGroup* group = inventory.FindGroup(rule.source.id);
  const auto near = index.InterfaceIn(question.vpc, question.entry);
  const bool may_carry_any = MayCarryAnyGroup(index, question, near);
  if (group == nullptr) {
    if (may_carry_any) return {Answer::kUntold, Cause::kPeerGroupsUntold};
    return near ? PartAnswer{} : PartAnswer{Answer::kUntold, Cause::kGroupLacking};
  }
  const GroupIndex number = inventory.IndexOf(*group);
  if (near && Carries(inventory, *near, number)) return {Answer::kYes};
  const bool balancer = question.direction == Direction::kIngress && HasPorts(question.protocol) &&
                        index.CarriedByNetworkLoadBalancer(number);
  if (balancer && question.through_network_load_balancer) return {Answer::kYes};
  if (!near) {
    for (const InventoryIndex::Holder& holder : index.Holders(question.entry)) {
      if (holder.vpc == question.vpc || !Carries(inventory, holder.interface, number)) continue;
      if (rule.source.peering == PeeringStatus::kActive) return {Answer::kYes};
      return {Answer::kUntold, Cause::kPeeringUnknown};
    }
  }
  if (may_carry_any) return {Answer::kUntold, Cause::kPeerGroupsUntold};
  if (balancer) return {Answer::kUntold, Cause::kBehindLoadBalancer};
  if (!near && !IsCovered(index, rule.source, question.vpc)) {
    return {Answer::kUntold, Cause::kGroupNotCovered};
  }
  return {Answer::kNo};
}

PartAnswer CheckSource(const InventoryIndex& index, const Rule& rule, const Question& question) {
  switch (rule.source.kind) {
    case RuleSource::Kind::kPrefix:
      return {rule.source.prefix.Contains(question.peer) ? Answer::kYes : Answer::kNo};
    case RuleSource::Kind::kPrefixList:
      return CheckPrefixList(index, rule.source, question);
    case RuleSource::Kind::kSecurityGroup:
      return CheckGroup(index, rule, question);
  }
  return {};
}

PartAnswer CheckIcmp(const Rule& rule, const Question& question) {
  const Answer answer = CheckIcmpMessage(rule.from_port, rule.to_port, question.icmp);
  if (answer != Answer::kUntold) return {answer};
  return {answer, question.asked ? Cause::kIcmpTypeNotAsked : Cause::kIcmpType};
}

PartAnswer CheckPort(const Rule& rule, const Question& question) {
  if (!NamesPort(rule)) return {Answer::kYes};
  if (!HasPorts(*rule.protocol)) return CheckIcmp(rule, question);
  if (question.fragment) return {Answer::kUntold, Cause::kFragment};
  const auto [first, last] = PortsOf(rule);
  return {first <= question.port && question.port <= last ? Answer::kYes : Answer::kNo};
}

}  // namespace

Answer CheckIcmpMessage(std::int32_t type, std::int32_t code,
                        const std::optional<IcmpMessage>& message) {
  if (type == -1) return Answer::kYes;
  if (!message) return Answer::kUntold;
  if (type != message->type) return Answer::kNo;
  if (code == -1) return Answer::kYes;
  if (!message->code) return Answer::kUntold;
  return code == *message->code ? Answer::kYes : Answer::kNo;
}

std::span<const Rule> RulesOfSameId(const Inventory& inventory, RuleIndex first) {
  const auto rules = inventory.rules().subspan(first);
  const auto end =
      std::ranges::find_if(rules, [&](const Rule& rule) { return rule.id != rules.front().id; });
  return rules.first(static_cast<std::size_t>(end - rules.begin()));
}

bool NamesPort(const Rule& rule) {
  if (!rule.protocol || rule.from_port == -1) return false;
  if (HasPorts(*rule.protocol)) return rule.from_port != 0 || rule.to_port != 0xFFFF;
  return IsIcmp(*rule.protocol);
}

RulePorts PortsOf(const Rule& rule) {
  if (rule.from_port == -1) return {};
  return {rule.from_port, rule.to_port};
}

PortSpan PortsInside(const Rule& rule) {
  const auto [first, last] = PortsOf(rule);
  if (first > last || last < 0 || first > 0xFFFF) return {};
  return {static_cast<std::uint16_t>(std::max(first, 0)),
          static_cast<std::uint16_t>(std::min(last, 0xFFFF))};
}

bool MayCarryAnyGroup(const InventoryIndex& index, const Question& question,
                      std::optional<InterfaceIndex> near) {
  const auto untold = [&](InterfaceIndex interface) {
    return !index.inventory().interfaces()[interface].groups_known;
  };
  if (near) return untold(*near);
  return std::ranges::any_of(index.Holders(question.entry),
                             [&](const InventoryIndex::Holder& holder) {
                               return holder.vpc != question.vpc && untold(holder.interface);
                             });
}

bool IsCovered(const InventoryIndex& index, const RuleSource& source, VpcIndex own_vpc) {
  const SecurityGroup* group = index.inventory().FindGroup(source.id);
  if (group == nullptr) return false;
  if (group->members_known) return true;
  const std::string_view own = index.VpcId(own_vpc);
  std::string_view home = group->vpc_id;
  if (home.empty()) home = source.vpc_id;
  if (home.empty()) home = own;
  return index.inventory().InterfacesKnown(home) && index.inventory().InterfacesKnown(own);
}

RuleAnswer CheckRule(const InventoryIndex& index, const Rule& rule, const Question& question) {
  return {.protocol_fits = !rule.protocol || *rule.protocol == question.protocol,
          .source = CheckSource(index, rule, question),
          .port = CheckPort(rule, question)};
}

}  // namespace sgflow
