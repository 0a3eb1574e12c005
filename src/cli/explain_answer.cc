#include "cli/explain_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/explain_change.h"
#include "network/protocol.h"
#include "verdict/near_miss.h"

namespace sgflow {
namespace {

std::string ActionText(Action action) {
  switch (action) {
    case Action::kAccept:
      return "ACCEPT";
    case Action::kReject:
      return "REJECT";
    case Action::kNone:
      break;
  }
  return {};
}

// The part of `why` that speaks of the source.
std::string SourceWhy(const Rule& rule, const PartAnswer& answer, const Packet& packet,
                      const InventoryIndex& index) {
  if (answer.cause != Cause::kNone) return DescribeCause(rule, answer.cause);
  const std::string peer = packet.peer()->ToString();
  const bool yes = answer.answer == Answer::kYes;
  switch (rule.source.kind) {
    case RuleSource::Kind::kPrefix:
      return peer + (yes ? " is in " : " is not in ") + rule.source.prefix.ToString();
    case RuleSource::Kind::kPrefixList:
      return peer + (yes ? " is in " : " is not in ") + rule.source.id;
    case RuleSource::Kind::kSecurityGroup:
      break;
  }
  const std::string group = ExplainGroup(index.inventory(), rule.source.id).label();
  const NetworkInterface* near = NearPeer(packet, index);
  if (near == nullptr)
    return (yes ? "a member of group " : "no member of group ") + group + " has " + peer;
  return ExplainInterface(*near, index).label() +
         (yes ? " carries group " : " does not carry group ") + group;
}

std::string JoinWhy(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += "; ";
    text += part;
  }
  return text;
}

ExplainedRule ExplainRule(const Rule& rule, const Packet& packet, const Judge& judge) {
  const InventoryIndex& index = judge.index();
  const RuleAnswer answer = judge.Check(rule, packet);
  ExplainedRule explained{
      .id = rule.id,
      .group = ExplainGroup(index.inventory(), index.inventory().groups()[rule.group].id),
      .direction = rule.direction,
      .answer = answer.answer(),
      .parts_amiss = 0,
      .service = DescribeService(rule),
      .source = DescribeSource(rule),
      .why = {}};
  if (rule.source.kind == RuleSource::Kind::kSecurityGroup) {
    explained.source = ExplainGroup(index.inventory(), rule.source.id).ToString();
  }
  const std::uint16_t port = rule.direction == *packet.direction
                                 ? packet.destination_port.value_or(0)
                                 : packet.source_port.value_or(0);
  std::vector<std::string> parts;
  if (!answer.protocol_fits) {
    ++explained.parts_amiss;
    parts.push_back("this is " + ProtocolName(*packet.protocol));
  } else if (answer.port.answer == Answer::kNo) {
    ++explained.parts_amiss;
    parts.push_back(IsIcmp(*packet.protocol)
                        ? fmt::format("the {} is {}",
                                      packet.icmp->type == rule.from_port ? "code" : "type",
                                      packet.icmp->type == rule.from_port ? *packet.icmp->code
                                                                          : packet.icmp->type)
                        : fmt::format("the port is {}", port));
  } else if (answer.port.answer == explained.answer) {
    const bool named = NamesPort(rule);
    const std::string fits = IsIcmp(*packet.protocol) ? "the type fits" : "the port fits";
    parts.push_back(answer.port.answer == Answer::kUntold ? DescribeCause(rule, answer.port.cause)
                    : named                               ? fits
                                                          : std::string{});
  }
  if (answer.source.answer == Answer::kNo) ++explained.parts_amiss;
  if (answer.source.answer == explained.answer) {
    parts.push_back(SourceWhy(rule, answer.source, packet, index));
  }
  explained.why = JoinWhy(parts);
  return explained;
}

void AddRules(Direction direction, const Packet& packet, const Judge& judge,
              std::vector<ExplainedRule>& to) {
  const Inventory& inventory = judge.index().inventory();
  std::vector<ExplainedRule> rules;
  for (const GroupIndex group : packet.local->groups) {
    const std::vector<RuleIndex>& of_group = inventory.groups()[group].rules(direction);
    for (std::size_t i = 0; i < of_group.size();) {
      const auto permission = RulesOfSameId(inventory, of_group[i]);
      i += permission.size();
      for (const Rule& rule : permission) {
        rules.push_back(ExplainRule(rule, packet, judge));
        rules.back().other_sources = permission.size() - 1;
      }
    }
  }
  std::ranges::stable_sort(rules, [](const ExplainedRule& a, const ExplainedRule& b) {
    return a.answer != b.answer ? a.answer > b.answer : a.parts_amiss < b.parts_amiss;
  });
  std::ranges::move(rules, std::back_inserter(to));
}

// Whether who opened was found by holding both directions' rules against the packet, or was not.
bool ComparesDirections(Evidence evidence) {
  return evidence == Evidence::kOnlyMatch || evidence == Evidence::kOnlyNamesPort ||
         evidence == Evidence::kOnlySure || evidence == Evidence::kNone;
}

ExplainedAcl ExplainAcl(const AclAnswer& answer, const Packet& packet,
                        const InventoryIndex& index) {
  ExplainedAcl explained{.outcome = answer.outcome,
                         .doubtful = answer.doubtful,
                         .may_be_otherwise = answer.may_be_otherwise,
                         .id = {},
                         .number = answer.number,
                         .entry = {}};
  if (!answer.acl) return explained;
  const NetworkAcl& acl = index.inventory().acls()[*answer.acl];
  explained.id = acl.id;
  for (const NetworkAclEntry& entry : acl.entries) {
    if (entry.number == answer.number && entry.direction == *packet.direction &&
        entry.prefix.Contains(*packet.peer())) {
      explained.entry = DescribeEntry(entry);
    }
  }
  return explained;
}

void SetPeer(const Peer& peer, const Packet& packet, const InventoryIndex& index,
             Explanation& explanation) {
  if (!packet.direction || !packet.peer()) return;
  ExplainedPeer& explained = explanation.peer.emplace();
  explained.address = packet.peer()->ToString();
  explained.kind = NameOf(peer.kind);
  explained.aws_service = peer.aws_service;
  explained.interface_id = peer.interface_id;
  if (peer.interface != nullptr) explained.interface = ExplainInterface(*peer.interface, index);
}

void SetPacket(const Packet& packet, Explanation& explanation) {
  explanation.direction = packet.direction;
  explanation.protocol = packet.protocol;
  if (packet.source) explanation.source = packet.source->ToString();
  if (packet.destination) explanation.destination = packet.destination->ToString();
  explanation.icmp = packet.icmp;
  explanation.action = ActionText(packet.action);
  if (!packet.protocol || !HasPorts(*packet.protocol)) return;
  if (!explanation.asked) explanation.source_port = packet.source_port;
  explanation.destination_port = packet.destination_port;
}

// `acl`: what Judge::Ask says of the same packet; Decide says nothing of the ACL of an ACCEPT.
Explanation Explain(const Packet& packet, const Verdict& verdict, const AclAnswer& acl,
                    const Judge& judge) {
  const InventoryIndex& index = judge.index();
  Explanation explanation;
  explanation.asked = packet.asked;
  explanation.kind = verdict.kind;
  explanation.confidence = verdict.confidence;
  explanation.initiator = verdict.initiator;
  Explainer explainer(judge.shared_index());
  explanation.reason = explainer.Reason(verdict);
  SetPacket(packet, explanation);
  if (verdict.local != nullptr) explanation.interface = ExplainInterface(*verdict.local, index);
  if (verdict.recorded != verdict.local && verdict.recorded != nullptr) {
    explanation.recorded_id = verdict.recorded->id;
  }
  SetPeer(verdict.peer, packet, index, explanation);
  explanation.acl = ExplainAcl(acl, packet, index);
  explanation.replies_refused = verdict.replies_refused;
  if (verdict.reply_acl.outcome != AclOutcome::kNotAsked) {
    explanation.reply_acl = ExplainAcl(verdict.reply_acl, Mirrored(packet), index);
  }
  if (verdict.matches != nullptr) {
    explanation.judged_direction = verdict.judged_direction;
    AddRules(verdict.judged_direction, packet, judge, explanation.rules);
    if (verdict.judged_direction != *packet.direction || ComparesDirections(verdict.evidence)) {
      AddRules(Opposite(verdict.judged_direction), packet, judge, explanation.rules);
    }
  }
  explanation.changes = NearestChanges(packet, verdict, explanation, judge);
  return explanation;
}

}  // namespace

std::string_view DirectionWord(Direction direction) {
  return direction == Direction::kIngress ? "inbound" : "outbound";
}

ExplainedGroup ExplainGroup(const Inventory& inventory, const std::string& id) {
  const SecurityGroup* group = inventory.FindGroup(id);
  return {.id = id, .name = group == nullptr ? std::string{} : group->name};
}

ExplainedInterface ExplainInterface(const NetworkInterface& interface,
                                    const InventoryIndex& index) {
  ExplainedInterface explained;
  explained.id = interface.id;
  explained.type = interface.type;
  explained.kind = NameOf(index.facts(interface).kind);
  explained.name = interface.name.empty() ? interface.description : interface.name;
  explained.instance_id = interface.instance_id;
  explained.vpc_id = interface.vpc_id;
  explained.subnet_id = interface.subnet_id;
  for (const IpAddress& address : interface.addresses) {
    explained.addresses.push_back(address.ToString());
  }
  for (const IpPrefix& prefix : interface.prefixes) {
    explained.addresses.push_back(prefix.ToString());
  }
  explained.groups_known = interface.groups_known;
  for (const GroupIndex group : interface.groups) {
    const SecurityGroup& carried = index.inventory().groups()[group];
    explained.groups.push_back({.id = carried.id, .name = carried.name});
  }
  return explained;
}

std::string DescribeEntry(const NetworkAclEntry& entry) {
  Rule like;
  like.protocol = entry.protocol;
  like.from_port = entry.from_port;
  like.to_port = entry.to_port;
  if (entry.protocol && !HasPorts(*entry.protocol)) {
    like.from_port = entry.icmp_type;
    like.to_port = entry.icmp_code;
  }
  return std::string(entry.allow ? "allow " : "deny ") + DescribeService(like) +
         (entry.direction == Direction::kIngress ? " from " : " to ") + entry.prefix.ToString();
}

const NetworkInterface* NearPeer(const Packet& packet, const InventoryIndex& index) {
  const auto found =
      index.InterfaceIn(index.facts(*packet.local).vpc, index.FindAddress(*packet.peer()));
  return found ? &index.inventory().interfaces()[*found] : nullptr;
}

Explanation ExplainRecord(const FlowRecord& record, Judge& judge,
                          const std::function<Verdict()>& decide) {
  const Packet packet = ReadPacket(record, judge.index());
  const AclAnswer acl = judge.Ask(packet).acl_answer;
  const Verdict verdict = decide();
  Explanation explanation = Explain(packet, verdict, acl, judge);
  if (verdict.recorded == nullptr) explanation.missing_id = record.Get(Field::kInterfaceId);
  return explanation;
}

Explanation ExplainQuestion(const Packet& packet, Judge& judge) {
  const Verdict verdict = judge.AskConnection(packet);
  return Explain(packet, verdict, verdict.acl_answer, judge);
}

}  // namespace sgflow
