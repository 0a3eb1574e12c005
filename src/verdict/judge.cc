#include "verdict/judge.h"

#include <algorithm>
#include <utility>

#include "network/protocol.h"
#include "verdict/acl_check.h"
#include "verdict/decision.h"
#include "verdict/find_peer.h"

namespace sgflow {
namespace {

// NODATA, SKIPDATA and the like, and ACCEPT without groups: no row asks what else is missing.
bool IsNotApplicable(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::kNoData:
    case Obstacle::kSkippedData:
    case Obstacle::kTransitGateway:
    case Obstacle::kRegionalNatGateway:
    case Obstacle::kNoGroups:
      return true;
    default:
      return false;
  }
}

// D42.
std::uint8_t MissingOf(const Packet& packet) {
  unsigned missing = 0;
  if (packet.action == Action::kNone) missing |= kMissingAction;
  if (!packet.protocol) missing |= kMissingProtocol;
  if (!packet.source) missing |= kMissingSourceAddress;
  if (!packet.destination) missing |= kMissingDestinationAddress;
  if (packet.protocol && HasPorts(*packet.protocol)) {
    if (!packet.source_port) missing |= kMissingSourcePort;
    if (!packet.destination_port) missing |= kMissingDestinationPort;
  }
  if (!packet.direction) missing |= kMissingDirection;
  return static_cast<std::uint8_t>(missing);
}

}  // namespace

Judge::Judge(std::shared_ptr<const InventoryIndex> index)
    : index_(std::move(index)), matcher_(*index_) {}

Judge::Judge(std::shared_ptr<const Inventory> inventory)
    : Judge(std::make_shared<const InventoryIndex>(std::move(inventory))) {}

std::optional<bool> Converse(const Packet& packet, const Conversations::Place& place,
                             Conversations& conversations) {
  const OpenerAnswer by_flags = OpenerByFlags(packet, std::nullopt);
  if (by_flags.opener == Opener::kUnknown) return conversations.OneOpened(place);
  conversations.Remember(place, by_flags.opener == Opener::kSender);
  return std::nullopt;
}

Verdict Judge::Decide(const FlowRecord& record, Conversations& conversations) {
  const Packet packet = ReadPacket(record, *index_);
  if (!packet.has_conversation()) return Decide(packet, std::nullopt);
  const Conversations::Place place =
      conversations.PlaceOf(index_->IndexOf(*packet.recorded), packet.sender(), packet.receiver());
  return DecideWith(packet, [&] { return Converse(packet, place, conversations); });
}

Verdict Judge::Decide(const Packet& packet, std::optional<bool> sender_remembered) {
  return DecideWith(packet, [&] { return sender_remembered; });
}

template <typename Memory>
Verdict Judge::DecideWith(const Packet& packet, const Memory& memory) {
  matcher_.Prepare();
  Verdict verdict = Start(packet);
  if (FindObstacle(packet, verdict)) {
    memory();
    verdict.peer = FindPeerOfUnjudged(*index_, packet, verdict.obstacle);
    return verdict;
  }
  const Question question = QuestionOf(packet);
  const PeerHolder holder = HolderOfPeer(*index_, packet, question.vpc, question.entry);
  verdict.peer = FindPeer(*index_, packet, holder);

  const Matches matches{.own = Match(packet, question),
                        .other = Match(packet, Reversed(question, packet))};
  const OpenerAnswer opener = OpenerByFlags(packet, memory());
  verdict.initiator = InitiatorOf(opener.opener, packet.direction);
  verdict.evidence = opener.evidence;
  if (packet.action == Action::kAccept) {
    DecideAccepted(packet, matches, opener, verdict);
    NamePeerByReference(*index_, question, verdict);
  } else if (packet.reject_reason != RejectReason::kNone) {
    verdict.kind = VerdictKind::kDeniedByVpc;
    verdict.confidence = Confidence::kExact;
    verdict.reject_reason = packet.reject_reason;
  } else {
    verdict.acl_answer = CheckAcl(*index_, packet, holder.near, holder.any);
    DecideRefused(packet, matches, opener, verdict);
  }
  return verdict;
}

Verdict Judge::Start(const Packet& packet) const {
  Verdict verdict;
  verdict.recorded = packet.recorded;
  verdict.local = packet.local;
  verdict.direction = packet.direction;
  verdict.obstacle = packet.obstacle;
  verdict.unlearned = packet.unlearned;
  if (packet.local != nullptr) {
    const InterfaceFacts& facts = index_->facts(*packet.local);
    verdict.no_groups = packet.local->groups_known && packet.local->groups.empty();
    verdict.groups_incomplete = index_->lists()[facts.list].incomplete || packet.local->doubtful;
  }
  return verdict;
}

// The rows not-applicable, unknown-interface and not-judged, in this order.
bool Judge::FindObstacle(const Packet& packet, Verdict& verdict) const {
  if (verdict.obstacle == Obstacle::kNone && packet.action == Action::kAccept &&
      verdict.no_groups) {
    verdict.obstacle = Obstacle::kNoGroups;  // D41
  }
  if (IsNotApplicable(verdict.obstacle)) {
    verdict.kind = VerdictKind::kNotApplicable;
    return true;
  }
  if (verdict.obstacle != Obstacle::kNone) {
    verdict.kind = VerdictKind::kUnknownInterface;
    return true;
  }
  verdict.missing = MissingOf(packet);
  // D41
  const bool needs_groups = packet.reject_reason == RejectReason::kNone;
  if (verdict.missing == 0 && (packet.local->groups_known || !needs_groups)) return false;
  verdict.kind = VerdictKind::kNotJudged;
  verdict.obstacle = Obstacle::kFieldsMissing;
  return true;
}

Question Judge::QuestionOf(const Packet& packet) const {
  Question question;
  question.direction = *packet.direction;
  question.peer = *packet.peer();
  question.protocol = *packet.protocol;
  if (HasPorts(question.protocol)) {
    question.port = *packet.destination_port;
    question.fragment = *packet.source_port == 0 && *packet.destination_port == 0;
    question.through_network_load_balancer =
        packet.next_hop_interface_type == "network_load_balancer";
  } else if (IsIcmp(question.protocol)) {
    question.icmp = packet.icmp;
    question.asked = packet.asked;
  }
  question.vpc = index_->facts(*packet.local).vpc;
  question.entry = index_->FindAddress(question.peer);
  question.listed = index_->FindListed(question.peer);
  return question;
}

Question Judge::Reversed(const Question& own, const Packet& packet) {
  Question question = own;
  question.direction = Opposite(own.direction);
  if (HasPorts(own.protocol)) question.port = *packet.source_port;
  return question;
}

const MatchSet& Judge::Match(const Packet& packet, const Question& question) {
  return matcher_.Match(index_->facts(*packet.local).list, question);
}

RuleAnswer Judge::Check(const Rule& rule, const Packet& packet) const {
  const Question own = QuestionOf(packet);
  return CheckRule(*index_, rule, rule.direction == own.direction ? own : Reversed(own, packet));
}

Verdict Judge::Ask(const Packet& packet) {
  matcher_.Prepare();
  Packet asked = packet;
  // A question has the action as its answer.
  asked.action = Action::kReject;
  Verdict verdict = Start(asked);
  // Of the local side the address is not needed.
  auto& own = packet.direction == Direction::kIngress ? asked.destination : asked.source;
  if (!own) own = asked.direction == Direction::kIngress ? asked.source : asked.destination;
  if (FindObstacle(asked, verdict)) {
    verdict.peer = FindPeerOfUnjudged(*index_, asked, verdict.obstacle);
    return verdict;
  }
  const Question question = QuestionOf(asked);
  const PeerHolder holder = HolderOfPeer(*index_, asked, question.vpc, question.entry);
  verdict.peer = FindPeer(*index_, asked, holder);
  verdict.initiator = *asked.direction == Direction::kEgress ? Initiator::kLocal : Initiator::kPeer;
  verdict.evidence = Evidence::kQuestion;
  verdict.acl_answer = CheckAcl(*index_, asked, holder.near, holder.any);
  const bool acl_denies = verdict.acl_answer.outcome == AclOutcome::kDenies;
  if (verdict.no_groups) {
    if (acl_denies) {
      DenyByAcl(Confidence::kExact, verdict);
    } else {
      verdict.kind = VerdictKind::kNotApplicable;
      verdict.obstacle = Obstacle::kNoGroups;
    }
    return verdict;
  }
  const MatchSet& matches = Match(asked, question);
  SetJudged(matches, *asked.direction, verdict);
  const bool inbound = *asked.direction == Direction::kIngress;
  if (acl_denies && (inbound || matches.matches())) {
    verdict.groups_refuse = !matches.matches();
    const bool sure = inbound || matches.sure_count != 0;
    DenyByAcl(sure ? Confidence::kExact : Confidence::kPossible, verdict);
    return verdict;
  }
  const bool in_doubt = verdict.acl_answer.doubtful && (inbound || matches.matches());
  if (matches.matches()) {
    verdict.kind = VerdictKind::kAllowedByRule;
    verdict.matched_untold = matches.sure_count == 0;
    verdict.matched = verdict.matched_untold ? matches.untold() : matches.sure();
    NamePeerByReference(*index_, question, verdict);
    const bool possible = in_doubt || verdict.matched_untold || matches.doubtful;
    verdict.confidence = possible ? Confidence::kPossible : Confidence::kExact;
    return verdict;
  }
  verdict.kind = VerdictKind::kDeniedBySecurityGroup;
  verdict.confidence =
      in_doubt || verdict.groups_incomplete ? Confidence::kPossible : Confidence::kExact;
  if (acl_denies) {
    verdict.acl = verdict.acl_answer.acl;
    verdict.acl_rule = verdict.acl_answer.number;
  }
  return verdict;
}

Verdict Judge::AskConnection(const Packet& opening) {
  Verdict verdict = Ask(opening);
  if (verdict.acl_answer.outcome == AclOutcome::kNotAsked) return verdict;
  const Question question = QuestionOf(opening);
  const PeerHolder holder = HolderOfPeer(*index_, opening, question.vpc, question.entry);
  const AclAnswer replies = CheckReplies(*index_, opening, holder.near, holder.any);
  verdict.reply_acl = replies;
  if (verdict.kind != VerdictKind::kAllowedByRule && verdict.obstacle != Obstacle::kNoGroups) {
    return verdict;
  }
  if (replies.outcome == AclOutcome::kDenies) {
    verdict.kind = VerdictKind::kDeniedByNetworkAcl;
    verdict.obstacle = Obstacle::kNone;
    verdict.replies_refused = true;
    verdict.matched = {};
    verdict.matched_untold = false;
    verdict.acl = replies.acl;
    verdict.acl_rule = replies.number;
    verdict.confidence = replies.doubtful ? Confidence::kPossible : Confidence::kExact;
  } else if (verdict.confidence &&
             (replies.doubtful || replies.outcome == AclOutcome::kAllowsSome)) {
    verdict.confidence = Weakest(*verdict.confidence, Confidence::kPossible);
  }
  return verdict;
}

}  // namespace sgflow
