#include "verdict/decision.h"

#include <optional>

#include "network/protocol.h"

namespace sgflow {
namespace {

// D38, D30, D36.
Confidence DenialConfidence(const Packet& packet, const OpenerAnswer& opener,
                            const MatchSet& initiating, const MatchSet& opposite,
                            const Verdict& verdict) {
  Confidence confidence = Confidence::kExact;
  if (initiating.matches()) {
    confidence = Confidence::kPossible;
  } else if (opposite.matches()) {
    if (opener.opener == Opener::kUnknown) {
      confidence = LooksLikeOpening(packet) ? Confidence::kLikely : Confidence::kPossible;
    } else {
      confidence = opener.confidence;
    }
  }
  const bool acl_in_doubt = *packet.direction == Direction::kIngress && verdict.acl_answer.doubtful;
  if (verdict.groups_incomplete || acl_in_doubt) {
    confidence = Weakest(confidence, Confidence::kPossible);
  }
  return confidence;
}

// D33, D34: how sure the groups let an outbound packet reach the ACL; none where they don't.
std::optional<Confidence> PassesGroups(const OpenerAnswer& opener, const MatchSet& initiating,
                                       const MatchSet& opposite) {
  if (initiating.sure_count != 0) {
    return opener.evidence == Evidence::kMemory ? Confidence::kLikely : Confidence::kExact;
  }
  if (initiating.matches()) return Confidence::kPossible;
  if (opener.opener == Opener::kUnknown && opposite.matches()) return Confidence::kPossible;
  return std::nullopt;
}

void DecideRefusedWithoutGroups(Verdict& verdict) {
  if (verdict.acl_answer.outcome == AclOutcome::kDenies) {
    DenyByAcl(Confidence::kExact, verdict);
    return;
  }
  verdict.kind = VerdictKind::kDeniedUnexplained;  // D37
  verdict.confidence = Confidence::kPossible;
}

}  // namespace

void SetJudged(const MatchSet& matches, Direction direction, Verdict& verdict) {
  verdict.matches = &matches;
  verdict.judged_direction = direction;
  if (matches.sure_count == 0) verdict.untold = matches.untold();
}

void DenyByAcl(Confidence confidence, Verdict& verdict) {
  verdict.kind = VerdictKind::kDeniedByNetworkAcl;
  verdict.acl = verdict.acl_answer.acl;
  verdict.acl_rule = verdict.acl_answer.number;
  verdict.confidence =
      verdict.acl_answer.doubtful ? Weakest(confidence, Confidence::kPossible) : confidence;
}

void DecideAccepted(const Packet& packet, const Matches& matches, const OpenerAnswer& by_flags,
                    Verdict& verdict) {
  const Direction own_direction = *packet.direction;
  const auto& [own, other] = matches;
  const OpenerAnswer opener = by_flags.opener != Opener::kUnknown
                                  ? by_flags
                                  : OpenerByMatches(packet, own, other, verdict.groups_incomplete);
  verdict.initiator = InitiatorOf(opener.opener, packet.direction);
  verdict.evidence = opener.evidence;

  const bool is_reply = opener.opener == Opener::kReceiver;
  const MatchSet& initiating = is_reply ? other : own;
  SetJudged(initiating, is_reply ? Opposite(own_direction) : own_direction, verdict);
  if (by_flags.opener == Opener::kUnknown) verdict.weighed = is_reply ? &own : &other;
  Confidence confidence = opener.confidence;
  if (!initiating.matches()) {
    verdict.kind = VerdictKind::kAllowedUnexplained;
    verdict.confidence = Weakest(confidence, Confidence::kPossible);  // D31
    return;
  }
  verdict.kind = is_reply ? VerdictKind::kAllowedAsReturn : VerdictKind::kAllowedByRule;
  verdict.matched_untold = initiating.sure_count == 0;
  verdict.matched = verdict.matched_untold ? initiating.untold() : initiating.sure();
  if (verdict.matched_untold || initiating.doubtful) {
    confidence = Weakest(confidence, Confidence::kPossible);
  }
  verdict.confidence = confidence;
}

void DecideRefused(const Packet& packet, const Matches& matches, const OpenerAnswer& opener,
                   Verdict& verdict) {
  if (verdict.no_groups) {
    DecideRefusedWithoutGroups(verdict);
    return;
  }
  const Direction own_direction = *packet.direction;
  const auto& [own, other] = matches;
  const bool is_reply = opener.opener == Opener::kReceiver;
  const MatchSet& initiating = is_reply ? other : own;
  const MatchSet& opposite = is_reply ? own : other;
  SetJudged(initiating, is_reply ? Opposite(own_direction) : own_direction, verdict);
  if (opener.evidence != Evidence::kFlags) verdict.weighed = &opposite;

  const bool acl_denies = verdict.acl_answer.outcome == AclOutcome::kDenies;
  const auto passes = PassesGroups(opener, initiating, opposite);
  if (acl_denies && own_direction == Direction::kIngress) {
    // Inbound the ACL acts before the groups.
    verdict.groups_refuse = !passes.has_value();
    DenyByAcl(Confidence::kExact, verdict);
    return;
  }
  if (acl_denies && passes) {
    DenyByAcl(*passes, verdict);
    return;
  }

  const bool is_tcp = *packet.protocol == kTcp;
  // D35: also the other direction's, unless it is known that the sender opened.
  const bool may_have_been_open =
      own.sure_count != 0 || (other.sure_count != 0 && opener.opener != Opener::kSender);
  if (!acl_denies && is_tcp && IsClose(packet.tcp_flags) && may_have_been_open) {
    verdict.kind = VerdictKind::kDeniedAfterClose;
    verdict.confidence = Confidence::kPossible;
    return;
  }
  if (initiating.sure_count == 0) {
    verdict.kind = VerdictKind::kDeniedBySecurityGroup;
    verdict.confidence = DenialConfidence(packet, opener, initiating, opposite, verdict);
    if (acl_denies) {
      verdict.acl = verdict.acl_answer.acl;
      verdict.acl_rule = verdict.acl_answer.number;
    }
    return;
  }
  verdict.confidence = Confidence::kPossible;
  if (is_tcp && (IsSynAck(packet.tcp_flags) || packet.tcp_flags == 0)) {
    verdict.kind = VerdictKind::kDeniedNoConnection;
    verdict.flags_hint = packet.tcp_flags == 0 ? 0 : 18;
    return;
  }
  verdict.kind = VerdictKind::kDeniedUnexplained;
}

}  // namespace sgflow
