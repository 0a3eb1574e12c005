#include "whatif/whatif.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "network/protocol.h"

namespace sgflow {
namespace {

// An id of a log, cut where it is none.
std::string InterfaceIdOf(const FlowRecord& record) {
  constexpr std::size_t kLongestId = 64;
  return std::string(record.Get(Field::kInterfaceId).substr(0, kLongestId));
}

std::vector<std::string> IdsOf(const Inventory& inventory, std::span<const RuleIndex> rules) {
  std::vector<std::string> ids;
  for (const RuleIndex rule : rules) ids.push_back(inventory.rules()[rule].id);
  std::ranges::sort(ids);
  return ids;
}

std::string MissingText(std::uint8_t missing) {
  if (missing == 0) return "the interface's groups, which the inventory does not tell";
  struct Name {
    std::uint8_t bit;
    std::string_view name;
  };
  constexpr Name kNames[] = {{kMissingAction, "action"},
                             {kMissingProtocol, "protocol"},
                             {kMissingSourceAddress, "source address"},
                             {kMissingDestinationAddress, "destination address"},
                             {kMissingSourcePort, "source port"},
                             {kMissingDestinationPort, "destination port"},
                             {kMissingDirection, "direction"}};
  std::string text;
  for (const auto& [bit, name] : kNames) {
    if ((missing & bit) == 0) continue;
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

Tally TallyOf(const FlowRecord& record) {
  return {.records = 1,
          .bytes = record.GetNumber(Field::kBytes).value_or(0),
          .first = record.GetNumber(Field::kStart).value_or(0),
          .last = record.GetNumber(Field::kEnd).value_or(0)};
}

// Whether who opened is known so well that nothing is called safe by mistake. Ports and the rules
// that name them settle it only where the opener's port is one that systems give to those who open,
// and the other is none: an NFS client has a port below 1024, and a rule for answers (1024-65535)
// names nearly every port.
bool IsOpenerKnown(Evidence evidence, const Packet& opening) {
  constexpr std::uint16_t kFirstEphemeralPort = 32768;
  switch (evidence) {
    case Evidence::kFlags:
    case Evidence::kMemory:
    case Evidence::kOnlyMatch:
    case Evidence::kQuestion:
      return true;
    case Evidence::kOnlyNamesPort:
    case Evidence::kWellKnownPort:
      return opening.source_port >= kFirstEphemeralPort &&
             opening.destination_port < kFirstEphemeralPort;
    case Evidence::kNone:
    case Evidence::kOnlySure:
    case Evidence::kRegisteredPort:
      break;
  }
  return false;
}

bool IsComplete(const Packet& packet) {
  if (!packet.direction || !packet.protocol || !packet.source || !packet.destination) return false;
  return !HasPorts(*packet.protocol) || (packet.source_port && packet.destination_port);
}

}  // namespace

WhatIf::WhatIf(std::shared_ptr<const Inventory> today, const Proposal& proposal,
               const ChangeList::Limits& limits)
    : today_(std::move(today)),
      proposed_(proposal.inventory, proposal.removed_rules),
      breaks_(limits),
      interrupted_(limits),
      opens_(limits),
      cant_tell_(limits) {}

void WhatIf::Add(const FlowRecord& record) {
  ++counters_.records;
  const Verdict verdict = today_.judge().Decide(record, conversations_);
  const Packet packet = ReadPacket(record, today_.index());
  const bool has_traffic =
      verdict.kind != VerdictKind::kNotApplicable || verdict.obstacle == Obstacle::kNoGroups;
  if (!has_traffic) {
    ++counters_.without_traffic;
    return;
  }
  const bool accepted = packet.action == Action::kAccept;
  ++(accepted ? counters_.accepted : counters_.refused);
  const Tally tally = TallyOf(record);
  if (verdict.kind == VerdictKind::kUnknownInterface || verdict.kind == VerdictKind::kNotJudged ||
      !IsComplete(packet)) {
    NoteUnjudged(record, verdict, accepted, tally);
    return;
  }
  Packet opening = packet;
  const Comparison comparison = Compare(verdict, packet, opening);
  if (comparison.acl_unknown) ++counters_.acl_unknown;
  if (comparison.change == Change::kNone) {
    ++counters_.unchanged;
  } else {
    Note(comparison, opening, tally);
  }
}

Comparison WhatIf::Compare(const Verdict& verdict, const Packet& packet, Packet& opening) {
  const bool local_sent = *packet.direction == Direction::kEgress;
  const bool is_reply = verdict.initiator && *verdict.initiator != Initiator::kUnknown &&
                        (*verdict.initiator == Initiator::kLocal) != local_sent;
  if (is_reply) opening = Mirrored(packet);
  if (packet.action == Action::kAccept) {
    return IsOpenerKnown(verdict.evidence, opening)
               ? CompareAccepted(today_, proposed_, opening)
               : CompareAcceptedEitherWay(today_, proposed_, opening);
  }
  // The other denials have causes that no rule tells: they stay.
  if (verdict.kind == VerdictKind::kDeniedBySecurityGroup ||
      verdict.kind == VerdictKind::kDeniedByNetworkAcl) {
    const bool opener_known = verdict.initiator != Initiator::kUnknown;
    return opener_known ? CompareRefused(today_, proposed_, opening)
                        : CompareRefusedEitherWay(today_, proposed_, opening);
  }
  return {};
}

void WhatIf::Note(const Comparison& comparison, const Packet& opening, const Tally& tally) {
  ChangeGroup group;
  group.interface = opening.local->id;
  group.direction = *opening.direction;
  group.accepted = opening.action == Action::kAccept;
  group.cause = comparison.cause;
  group.ends = comparison.ends;
  group.rules = IdsOf(today_.inventory(), comparison.rules);
  group.proposed_rules = IdsOf(proposed_.inventory(), comparison.proposed_rules);
  if (comparison.acl) {
    group.acl = proposed_.inventory().acls()[*comparison.acl].id;
    group.acl_rule = comparison.acl_rule;
  }
  group.protocol = opening.protocol;
  const auto port = HasPorts(*opening.protocol) ? opening.destination_port : std::nullopt;
  const auto list = [&]() -> ChangeList& {
    switch (comparison.change) {
      case Change::kBreaks:
        return breaks_;
      case Change::kInterrupted:
        return interrupted_;
      case Change::kOpens:
        return opens_;
      default:
        return cant_tell_;
    }
  };
  list().Add(group, port, opening.peer(), tally);
}

void WhatIf::NoteUnjudged(const FlowRecord& record, const Verdict& verdict, bool accepted,
                          const Tally& tally) {
  ChangeGroup group;
  group.accepted = accepted;
  if (verdict.kind == VerdictKind::kUnknownInterface) {
    group.cause = ChangeCause::kInterfaceUnknownToday;
    group.interface = InterfaceIdOf(record);
    cant_tell_.AddUnknown(std::move(group), tally);
    return;
  }
  group.cause = ChangeCause::kFieldsMissing;
  group.detail = MissingText(verdict.missing);
  if (verdict.recorded != nullptr) group.interface = verdict.recorded->id;
  cant_tell_.Add(group, std::nullopt, std::nullopt, tally);
}

}  // namespace sgflow
