#include "verdict/near_miss.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

#include "network/protocol.h"

namespace sgflow {
namespace {

struct Candidate {
  RuleIndex rule = 0;             // of a permission the first one
  const Rule* source = nullptr;   // the rule itself, or the permission's source that is meant
  std::size_t other_sources = 0;  // of the permission
  NearMissKind kind = NearMissKind::kUntold;
  Cause cause = Cause::kNone;
  bool source_untold = false;
  std::int32_t width = 0;  // of the ports; the narrower, the closer
};

// A rule as AWS lists it: those with one id are a permission with several sources.
using Permission = std::span<const Rule>;

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

// With the reason, where AWS could not be asked.
std::string TellCause(const Inventory& inventory, const Candidate& candidate,
                      std::string_view subject = "it") {
  std::string text = DescribeCause(*candidate.source, candidate.cause, subject);
  const Unlearned* unlearned = UnlearnedOf(inventory, *candidate.source, candidate.cause);
  return unlearned == nullptr ? text : text + ": " + unlearned->reason;
}

std::string WhyOf(const Inventory& inventory, const Candidate& candidate, Direction direction) {
  const Rule& rule = *candidate.source;
  const bool inbound = direction == Direction::kIngress;
  switch (candidate.kind) {
    case NearMissKind::kUntold:
      return "may allow it: " + TellCause(inventory, candidate);
    case NearMissKind::kSource: {
      if (candidate.cause == Cause::kPeeringDeleted && candidate.other_sources == 0) {
        return "allows " + DescribeService(rule) + (inbound ? " from " : " to ") +
               DescribeSource(rule) + ", but " + DescribeCause(rule, candidate.cause);
      }
      std::string text = "allows " + DescribeService(rule) +
                         (inbound ? " only from " : " only to ") + DescribeSource(rule);
      if (candidate.other_sources != 0) {
        text += " and " + std::to_string(candidate.other_sources) + " more";
      }
      return text;
    }
    case NearMissKind::kPort:
    case NearMissKind::kProtocol: {
      const std::string side = inbound ? "this source" : "this destination";
      return (candidate.source_untold ? "may allow " + side + ", but" : "allows " + side) +
             " only on " + DescribeService(rule);
    }
  }
  return {};
}

// A rule for the other address family is none that could be widened.
bool IsOfFamily(const Inventory& inventory, const RuleSource& source, const IpAddress& peer) {
  switch (source.kind) {
    case RuleSource::Kind::kPrefix:
      return source.prefix.is_ipv4() == peer.is_ipv4();
    case RuleSource::Kind::kPrefixList: {
      const PrefixList* list = inventory.FindPrefixList(source.id);
      if (list == nullptr || !list->entries || list->entries->empty()) return true;
      // Sorted, IPv4 first.
      return (peer.is_ipv4() ? list->entries->front() : list->entries->back()).is_ipv4() ==
             peer.is_ipv4();
    }
    case RuleSource::Kind::kSecurityGroup:
      return true;
  }
  return true;
}

// Which of two sources of a permission tells more: a prefix before a reference, a wide one before
// a narrow one, whatever their order.
bool TellsMore(const RuleSource& one, const RuleSource& other) {
  if (one.kind != other.kind) return one.kind < other.kind;
  if (one.kind == RuleSource::Kind::kPrefix && one.prefix.length() != other.prefix.length()) {
    return one.prefix.length() < other.prefix.length();
  }
  return one.ToString() < other.ToString();
}

std::optional<Candidate> CandidateOf(const InventoryIndex& index, Permission permission,
                                     const Question& question) {
  const Rule* best = nullptr;
  RuleAnswer answer;
  for (const Rule& rule : permission) {
    const RuleAnswer of = CheckRule(index, rule, question);
    const bool is_better =
        best == nullptr || of.source.answer > answer.source.answer ||
        (of.source.answer == answer.source.answer && TellsMore(rule.source, best->source));
    if (of.source.answer == Answer::kNo &&
        !IsOfFamily(index.inventory(), rule.source, question.peer)) {
      continue;
    }
    if (!is_better) continue;
    best = &rule;
    answer = of;
  }
  if (best == nullptr) return std::nullopt;
  const auto miss = MissOf(*best, answer, question);
  if (!miss) return std::nullopt;
  return Candidate{
      .rule = static_cast<RuleIndex>(&permission.front() - index.inventory().rules().data()),
      .source = best,
      .other_sources = permission.size() - 1,
      .kind = *miss,
      .cause = *miss == NearMissKind::kUntold ? answer.cause() : answer.source.cause,
      .source_untold = answer.source.answer == Answer::kUntold,
      .width = WidthOf(*best)};
}

std::vector<Candidate> Gather(const InventoryIndex& index, const GroupList& list,
                              const Question& question) {
  std::vector<Candidate> candidates;
  const Inventory& inventory = index.inventory();
  for (const GroupIndex group : list.groups) {
    const std::vector<RuleIndex>& rules = inventory.groups()[group].rules(question.direction);
    for (std::size_t i = 0; i < rules.size();) {
      const Permission permission = RulesOfSameId(inventory, rules[i]);
      i += permission.size();
      if (auto candidate = CandidateOf(index, permission, question)) {
        candidates.push_back(*candidate);
      }
    }
  }
  return candidates;
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
  if (IsIcmp(*rule.protocol)) {
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

const Unlearned* UnlearnedOf(const Inventory& inventory, const Rule& rule, Cause cause) {
  switch (cause) {
    case Cause::kPrefixListLacking:
    case Cause::kPrefixListUnlisted:
    case Cause::kPrefixListCut:
      return inventory.FindUnlearned(Learnable::kPrefixList, rule.source.id);
    case Cause::kGroupLacking:
    case Cause::kGroupNotCovered:
      return inventory.FindUnlearned(Learnable::kGroupMembers, rule.source.id);
    default:
      return nullptr;
  }
}

std::string DescribeCause(const Rule& rule, Cause cause, std::string_view subject) {
  switch (cause) {
    case Cause::kNone:
      return {};
    case Cause::kPeeringDeleted:
      return "the peering to the VPC of " + rule.source.id + " was deleted";
    case Cause::kIcmpType:
      return std::string(subject) + " names an ICMP type, which flow logs do not record";
    case Cause::kIcmpTypeNotAsked:
      return std::string(subject) + " names an ICMP type or code, which the question leaves open";
    case Cause::kFragment:
      return std::string(subject) + " names ports, which a fragment does not have";
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
    case Cause::kPeerGroupsUntold:
      return "the inventory does not tell the peer's security groups";
    case Cause::kPeeringUnknown:
      return "the inventory does not tell whether the VPC of " + rule.source.id +
             "'s member is connected";
    case Cause::kBehindLoadBalancer:
      return "the packet may have come through the network load balancer that carries " +
             rule.source.id;
  }
  return {};
}

std::size_t NearMisses::bytes() const {
  std::size_t bytes = sizeof *this + misses.capacity() * sizeof misses[0] + doubt.capacity();
  for (const NearMiss& miss : misses) bytes += miss.why.capacity();
  return bytes;
}

NearMisses FindNearMisses(const InventoryIndex& index, const GroupList& list,
                          const Question& question) {
  const auto rules = index.inventory().rules();
  std::vector<Candidate> candidates = Gather(index, list, question);
  std::ranges::stable_sort(candidates, [&](const Candidate& a, const Candidate& b) {
    if (a.kind != b.kind) return a.kind < b.kind;
    const bool by_id = a.kind == NearMissKind::kUntold || a.width == b.width;
    return by_id ? rules[a.rule].id < rules[b.rule].id : a.width < b.width;
  });

  NearMisses found;
  std::size_t of_kind = 0;
  for (const Candidate& candidate : candidates) {
    if (found.misses.empty() || found.misses.back().kind != candidate.kind) of_kind = 0;
    if (candidate.kind != NearMissKind::kUntold && of_kind == kMostNearMisses) continue;
    if (candidate.kind == NearMissKind::kUntold && found.doubt.empty()) {
      found.doubt = TellCause(index.inventory(), candidate, candidate.source->id);
    }
    found.misses.push_back({candidate.rule, candidate.kind, candidate.cause,
                            WhyOf(index.inventory(), candidate, question.direction)});
    ++of_kind;
  }
  return found;
}

}  // namespace sgflow
