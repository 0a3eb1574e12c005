#include "verdict/near_miss.h"

#include <algorithm>
#include <optional>

#include "network/protocol.h"

namespace sgflow {
namespace {

struct Candidate {
  RuleIndex rule = 0;
  RuleIndex source = 0;  // the rule itself, or the permission's source that is meant
  NearMissKind kind = NearMissKind::kUntold;
  Cause cause = Cause::kNone;
  std::int32_t width = 0;  // of the ports; the narrower, the closer
};

std::int32_t WidthOf(const Rule& rule) {
  if (!NamesPort(rule)) return 0x10000;
  if (!HasPorts(*rule.protocol)) return 0;
  const auto [first, last] = PortsOf(rule);
  return last - first;
}

// What one change to the rule would do; none where it takes two.
std::optional<NearMissKind> MissOf(const Rule& rule, const RuleAnswer& answer,
                                   const Question& question) {
  if (answer.answer() == Answer::kUntold) return NearMissKind::kUntold;
  const bool source = answer.source.answer != Answer::kNo;
  const bool port = answer.port.answer != Answer::kNo;
  if (!answer.protocol_fits) {
    // Another protocol is close where the port is the same, or where neither has any.
    const bool comparable = HasPorts(*rule.protocol) == HasPorts(question.protocol);
    if (source && port && comparable) return NearMissKind::kProtocol;
    return std::nullopt;
  }
  if (!source && port) return NearMissKind::kSource;
  if (source && !port) return NearMissKind::kPort;
  return std::nullopt;
}

std::string WhyOf(const Rule& rule, const Candidate& candidate, Direction direction) {
  const bool inbound = direction == Direction::kIngress;
  switch (candidate.kind) {
    case NearMissKind::kUntold:
      return "may allow it: " + DescribeCause(rule, candidate.cause);
    case NearMissKind::kSource:
      if (candidate.cause == Cause::kPeeringDeleted) {
        return "allows " + DescribeService(rule) + (inbound ? " from " : " to ") +
               DescribeSource(rule) + ", but " + DescribeCause(rule, candidate.cause);
      }
      return "allows " + DescribeService(rule) + (inbound ? " only from " : " only to ") +
             DescribeSource(rule);
    case NearMissKind::kPort:
    case NearMissKind::kProtocol:
      return (inbound ? "allows this source only on " : "allows this destination only on ") +
             DescribeService(rule);
  }
  return {};
}

void Gather(const InventoryIndex& index, const GroupList& list, const Question& question,
            std::vector<Candidate>& candidates) {
  const Inventory& inventory = index.inventory();
  for (const GroupIndex group : list.groups) {
    RuleIndex first = 0;
    const std::string* id = nullptr;
    for (const RuleIndex number : inventory.groups()[group].rules(question.direction)) {
      const Rule& rule = inventory.rules()[number];
      if (id == nullptr || rule.id != *id) {
        id = &rule.id;
        first = number;
      }
      const RuleAnswer answer = CheckRule(index, rule, question);
      const auto miss = MissOf(rule, answer, question);
      if (!miss) continue;
      const Cause cause = *miss == NearMissKind::kUntold ? answer.cause() : answer.source.cause;
      candidates.push_back({first, number, *miss, cause, WidthOf(rule)});
    }
  }
}

}  // namespace

std::string DescribeService(const Rule& rule) {
  if (!rule.protocol) return "all traffic";
  const std::string name = ProtocolName(*rule.protocol);
  if (HasPorts(*rule.protocol)) {
    if (!NamesPort(rule)) return "all " + name;
    const auto [first, last] = PortsOf(rule);
    std::string text = name + " " + std::to_string(first);
    if (last != first) text += "-" + std::to_string(last);
    return text;
  }
  if (*rule.protocol == kIcmp || *rule.protocol == kIcmpv6) {
    if (!NamesPort(rule)) return "all " + name;
    std::string text = name + " type " + std::to_string(rule.from_port);
    if (rule.to_port >= 0) text += " code " + std::to_string(rule.to_port);
    return text;
  }
  return "protocol " + name;
}

std::string DescribeSource(const Rule& rule) {
  switch (rule.source.kind) {
    case RuleSource::Kind::kPrefix:
      return rule.source.prefix.ToString();
    case RuleSource::Kind::kPrefixList:
      return "prefix list " + rule.source.id;
    case RuleSource::Kind::kSecurityGroup:
      return "members of " + rule.source.id;
  }
  return {};
}

std::string DescribeCause(const Rule& rule, Cause cause) {
  switch (cause) {
    case Cause::kNone:
      return {};
    case Cause::kPeeringDeleted:
      return "the peering to the VPC of " + rule.source.id + " was deleted";
    case Cause::kIcmpType:
      return "it names an ICMP type, which flow logs do not record";
    case Cause::kFragment:
      return "it names ports, which a fragment does not have";
    case Cause::kPrefixListLacking:
      return "the inventory lacks prefix list " + rule.source.id;
    case Cause::kPrefixListUnlisted:
      return "the inventory lacks the entries of prefix list " + rule.source.id;
    case Cause::kPrefixListCut:
      return "the inventory has only some entries of prefix list " + rule.source.id;
    case Cause::kGroupLacking:
      return "the inventory lacks group " + rule.source.id;
    case Cause::kGroupNotCovered:
      return "the inventory does not have all interfaces that may carry " + rule.source.id;
    case Cause::kPeeringUnknown:
      return "the inventory does not tell whether the VPC of " + rule.source.id +
             "'s member is connected";
    case Cause::kBehindLoadBalancer:
      return "the packet may have come through the network load balancer that carries " +
             rule.source.id;
  }
  return {};
}

NearMisses FindNearMisses(const InventoryIndex& index, const GroupList& list,
                          const Question& question) {
  std::vector<Candidate> candidates;
  Gather(index, list, question, candidates);
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    const bool by_order = a.kind == NearMissKind::kUntold || a.width == b.width;
    return by_order ? a.rule < b.rule : a.width < b.width;
  });

  NearMisses found;
  std::size_t of_kind = 0;
  for (const Candidate& candidate : candidates) {
    if (found.misses.empty() || found.misses.back().kind != candidate.kind) of_kind = 0;
    if (candidate.kind != NearMissKind::kUntold && of_kind == kMostNearMisses) continue;
    // A permission is one rule, and its first source speaks for it.
    const bool told = std::ranges::any_of(
        found.misses, [&](const NearMiss& miss) { return miss.rule == candidate.rule; });
    if (told) continue;
    const Rule& rule = index.inventory().rules()[candidate.source];
    if (candidate.kind == NearMissKind::kUntold && found.doubt.empty()) {
      found.doubt = DescribeCause(rule, candidate.cause);
    }
    found.misses.push_back({candidate.rule, candidate.kind, candidate.cause,
                            WhyOf(rule, candidate, question.direction)});
    ++of_kind;
  }
  return found;
}

}  // namespace sgflow
