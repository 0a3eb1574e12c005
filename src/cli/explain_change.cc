#include "cli/explain_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "cli/explain_acl_change.h"
#include "network/protocol.h"
#include "verdict/acl_check.h"
#include "verdict/initiator.h"
#include "whatif/tracking.h"
#include "whatif/world.h"

namespace sgflow {
namespace {

std::string Preposition(Direction direction) {
  return direction == Direction::kIngress ? " from " : " to ";
}

// What exactly this traffic is, as a rule of the direction would name it.
std::string RuleServiceOf(const Packet& packet, Direction direction) {
  const auto& port = direction == *packet.direction ? packet.destination_port : packet.source_port;
  return ServiceOf(packet, port.value_or(0));
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

// By one more rule.
std::vector<ExplainedChange> RulesToAdd(const Packet& packet, Direction direction,
                                        const InventoryIndex& index) {
  std::vector<ExplainedChange> ways;
  const Inventory& inventory = index.inventory();
  const SecurityGroup* own = NarrowestGroup(*packet.local, inventory);
  if (own == nullptr) return ways;
  const std::string allow = "allow " + RuleServiceOf(packet, direction) + Preposition(direction);
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

// What its groups are changed at, where AWS manages the interface itself.
std::string_view OwnerOf(const NetworkInterface& interface, const InventoryIndex& index) {
  switch (index.facts(interface).kind) {
    case PeerKind::kInstance:
    case PeerKind::kInterface:
      return interface.requester_id.starts_with("amazon-") ? "the service" : std::string_view{};
    case PeerKind::kLoadBalancer:
      return "the load balancer";
    case PeerKind::kEndpoint:
      return "the endpoint";
    case PeerKind::kLambda:
      return "the function";
    case PeerKind::kRds:
      return "the database";
    case PeerKind::kFileSystem:
      return "the mount target";
    case PeerKind::kCache:
      return "the cache";
    case PeerKind::kContainerTask:
      return "the task";
    case PeerKind::kPod:
      return "the pod";
    default:
      return "the service";
  }
}

// "application-2 (eni-...)", "the load balancer of eni-..., which AWS manages"
std::string CarrierText(const NetworkInterface& interface, const InventoryIndex& index) {
  const ExplainedInterface explained = ExplainInterface(interface, index);
  const std::string label = explained.label() == explained.id
                                ? explained.id
                                : fmt::format("{} ({})", explained.label(), explained.id);
  const std::string_view owner = OwnerOf(interface, index);
  return owner.empty() ? label : fmt::format("{} that {} belongs to", owner, label);
}

// By a group for the peer that a rule lets in already.
void AddGroupsForPeer(const Packet& packet, Direction direction, const InventoryIndex& index,
                      const Judge& judge, std::vector<ExplainedChange>& ways) {
  constexpr std::size_t kMost = 2;
  const NetworkInterface* near = NearPeer(packet, index);
  if (near == nullptr || !near->groups_known || near->groups.empty()) return;
  const Inventory& inventory = index.inventory();
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
      ways.push_back(
          {"add-group", near->id, theirs->id,
           fmt::format("put {} on {}, which {} lets {}",
                       ExplainGroup(inventory, theirs->id).ToString(), CarrierText(*near, index),
                       rule.id, direction == Direction::kIngress ? "in" : "out to")});
    }
  }
}

// Of a question or an opening record it is none; without any evidence the ports are believed.
bool IsReply(const Packet& packet, const Verdict& verdict) {
  if (!verdict.initiator || *verdict.initiator == Initiator::kUnknown) {
    return LooksLikeReply(packet);
  }
  const bool local_sent = *packet.direction == Direction::kEgress;
  return (*verdict.initiator == Initiator::kLocal) != local_sent;
}

// Some protocols have a port of their own on either side, as NTP does.
AclTraffic TrafficOfReply(const Packet& reply) {
  const bool own_port = HasPorts(*reply.protocol) && *reply.destination_port < kFirstEphemeralPort;
  return own_port ? AclTraffic::kPacket : AclTraffic::kReplies;
}

// The changes that let a refused packet, or its connection, pass.
class Opening {
 public:
  Opening(const Packet& packet, const Verdict& verdict, const Judge& judge)
      : packet_(packet),
        verdict_(verdict),
        judge_(judge),
        index_(judge.index()),
        is_reply_(IsReply(packet, verdict)) {}

  ExplainedChanges Find() {
    const bool by_acl = verdict_.kind == VerdictKind::kDeniedByNetworkAcl;
    if (by_acl && !verdict_.replies_refused) PassAcl();
    if (!by_acl || verdict_.groups_refuse || groups_may_refuse()) PassGroups();
    if (!by_acl && verdict_.acl_answer.outcome == AclOutcome::kDenies) PassAcl();
    PassReplies();
    return std::move(changes_);
  }

 private:
  bool opener_known() const { return verdict_.initiator != Initiator::kUnknown; }

  bool groups_may_refuse() const {
    return verdict_.matches != nullptr && verdict_.matches->sure_count == 0;
  }

  void PassGroups() {
    auto ways = RulesToAdd(packet_, verdict_.judged_direction, index_);
    AddGroupsForPeer(packet_, verdict_.judged_direction, index_, judge_, ways);
    // As a reply they let it pass.
    const bool needed = verdict_.kind == VerdictKind::kDeniedBySecurityGroup ||
                        verdict_.groups_refuse || verdict_.matches->matches();
    if (!opener_known() && (!needed || is_reply_)) {
      for (ExplainedChange& way : ways) way.text = "if it opens a connection: " + way.text;
    }
    if (!ways.empty()) changes_.steps.push_back(std::move(ways));
    if (!verdict_.untold.empty()) {
      changes_.note = "A rule that can't be told may allow it already.";
    }
  }

  void PassAcl() {
    Add(*verdict_.acl_answer.acl, packet_,
        is_reply_ ? TrafficOfReply(packet_) : AclTraffic::kPacket);
  }

  // ACLs keep no state: what opens a connection needs the other direction for its replies.
  void PassReplies() {
    const bool asked = verdict_.evidence == Evidence::kQuestion;
    if (!asked && is_reply_) return;
    const auto acl = asked ? verdict_.reply_acl.acl : verdict_.acl_answer.acl;
    if (!acl) return;
    const Packet reply = Mirrored(packet_);
    const AclAnswer answer =
        asked ? verdict_.reply_acl : CheckEntries(index_.inventory().acls()[*acl], reply);
    if (answer.outcome == AclOutcome::kAllows) return;
    if (Add(*acl, reply, asked ? AclTraffic::kReplies : TrafficOfReply(reply))) {
      changes_.note = "The network ACL keeps no state: it has to let the replies through as well.";
    }
  }

  bool Add(AclIndex acl, const Packet& packet, AclTraffic traffic) {
    auto ways = WaysToPassAcl(index_.inventory().acls()[acl], packet, traffic);
    if (ways.empty()) return false;
    changes_.steps.push_back(std::move(ways));
    return true;
  }

  const Packet& packet_;
  const Verdict& verdict_;
  const Judge& judge_;
  const InventoryIndex& index_;
  bool is_reply_;
  ExplainedChanges changes_;
};

ExplainedChange Removal(const ExplainedRule& rule) {
  const std::string_view doubt =
      rule.answer == Answer::kUntold ? ", if it is what allows this" : "";
  const std::string preposition = Preposition(rule.direction);
  if (rule.other_sources != 0) {
    return {"remove-source", rule.group.id, rule.id,
            fmt::format("take {} out of {} ({}{}{} and {} more) in {}{}", rule.source, rule.id,
                        rule.service, preposition, rule.source, rule.other_sources,
                        rule.group.ToString(), doubt)};
  }
  return {"remove-rule", rule.group.id, rule.id,
          fmt::format("remove {} ({}{}{}) from {}{}", rule.id, rule.service, preposition,
                      rule.source, rule.group.ToString(), doubt)};
}

// What becomes of connections that are there already.
std::string_view EndOf(const Packet& packet, const Verdict& verdict, const Judge& judge) {
  World world(judge.shared_index());
  const bool is_reply = verdict.judged_direction != *packet.direction;
  const Packet opening = is_reply ? Mirrored(packet) : packet;
  const Passage passage = world.Ask(opening);
  return passage.judged && TrackingOf(world, passage, opening).untracked
             ? "Its connections are not tracked and stop at once."
             : "Connections that are tracked already go on until they end.";
}

// Where who opened was weighed by what both directions' rules say, the other's may be what allowed
// it.
std::string OtherwiseAllowed(const Explanation& explanation) {
  const auto other = [&](const ExplainedRule& rule) {
    return rule.direction != explanation.judged_direction && rule.answer != Answer::kNo;
  };
  const auto count = std::ranges::count_if(explanation.rules, other);
  if (count == 0) return {};
  const ExplainedRule& first = *std::ranges::find_if(explanation.rules, other);
  return fmt::format(" Who opened it is not certain: if it was the other side, {}{} allows it.",
                     first.id, count == 1 ? "" : fmt::format(" (or {} more)", count - 1));
}

ExplainedChanges Removals(const Packet& packet, const Verdict& verdict,
                          const Explanation& explanation, const Judge& judge) {
  ExplainedChanges changes;
  bool untold = false;
  for (const ExplainedRule& rule : explanation.rules) {
    if (rule.direction != explanation.judged_direction || rule.answer == Answer::kNo) continue;
    untold = untold || rule.answer == Answer::kUntold;
    changes.steps.push_back({Removal(rule)});
  }
  if (!changes.steps.empty()) changes.note = EndOf(packet, verdict, judge);
  if (verdict.reply_acl.outcome == AclOutcome::kAllowsSome) {
    const NetworkAcl& acl = judge.index().inventory().acls()[*verdict.reply_acl.acl];
    const auto ways = WaysToPassAcl(acl, Mirrored(packet), AclTraffic::kReplies);
    if (!ways.empty()) changes.note += " To let all replies pass, " + ways.front().text + ".";
  }
  if (untold) changes.note += " Which of the rules that can't be told allow it is not known.";
  changes.note += OtherwiseAllowed(explanation);
  return changes;
}

}  // namespace

ExplainedChanges NearestChanges(const Packet& packet, const Verdict& verdict,
                                const Explanation& explanation, const Judge& judge) {
  switch (verdict.kind) {
    case VerdictKind::kAllowedByRule:
    case VerdictKind::kAllowedAsReturn:
      return Removals(packet, verdict, explanation, judge);
    case VerdictKind::kDeniedByNetworkAcl:
    case VerdictKind::kDeniedBySecurityGroup:
      return Opening(packet, verdict, judge).Find();
    case VerdictKind::kAllowedUnexplained:
      return {{}, "No rule of the inventory allows it, so there is none to remove."};
    case VerdictKind::kDeniedByVpc:
      return {{}, "No rule refuses it: the setting of the VPC has to change."};
    case VerdictKind::kDeniedAfterClose:
    case VerdictKind::kDeniedNoConnection:
    case VerdictKind::kDeniedUnexplained:
      return {{}, "No rule of the inventory refuses it, so no change of rules would help."};
    case VerdictKind::kNotApplicable:
    case VerdictKind::kUnknownInterface:
    case VerdictKind::kNotJudged:
      break;
  }
  return {};
}

}  // namespace sgflow
