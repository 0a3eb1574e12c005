#include "verdict/judge.h"

#include <algorithm>
#include <utility>

#include "network/protocol.h"
#include "verdict/acl_check.h"
#include "verdict/peer.h"

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

Initiator InitiatorOf(Opener opener, std::optional<Direction> direction) {
  if (opener == Opener::kUnknown || !direction) return Initiator::kUnknown;
  const bool local_sent = *direction == Direction::kEgress;
  return local_sent == (opener == Opener::kSender) ? Initiator::kLocal : Initiator::kPeer;
}

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

void DenyByAcl(Confidence confidence, Verdict& verdict) {
  verdict.kind = VerdictKind::kDeniedByNetworkAcl;
  verdict.acl = verdict.acl_answer.acl;
  verdict.acl_rule = verdict.acl_answer.number;
  verdict.confidence =
      verdict.acl_answer.doubtful ? Weakest(confidence, Confidence::kPossible) : confidence;
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
    verdict.peer = FindPeerOfUnjudged(packet, verdict.obstacle);
    return verdict;
  }
  const Question question = QuestionOf(packet);
  const Holder holder = HolderOfPeer(packet, question.vpc, question.entry);
  verdict.peer = FindPeer(packet, holder);

  const Matches matches{.own = Match(packet, question),
                        .other = Match(packet, Reversed(question, packet))};
  const OpenerAnswer opener = OpenerByFlags(packet, memory());
  verdict.initiator = InitiatorOf(opener.opener, packet.direction);
  verdict.evidence = opener.evidence;
  if (packet.action == Action::kAccept) {
    DecideAccepted(packet, matches, opener, verdict);
    NamePeerByReference(question, verdict);
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

Judge::Holder Judge::HolderOfPeer(const Packet& packet, VpcIndex own_vpc,
                                  AddressEntry entry) const {
  if (entry == 0) return {};
  const auto in = [&](VpcIndex vpc) -> const NetworkInterface* {
    const auto found = index_->InterfaceIn(vpc, entry);
    return found ? &index_->inventory().interfaces()[*found] : nullptr;
  };
  const NetworkInterface* near = in(own_vpc);
  if (near != nullptr || packet.next_hop_vpc_id.empty()) return {near, near};
  return {nullptr, in(index_->FindVpc(packet.next_hop_vpc_id))};
}

// D10.
Peer Judge::FindPeer(const Packet& packet, const Holder& holder) const {
  Peer peer;
  const bool inbound = *packet.direction == Direction::kIngress;
  peer.aws_service = inbound ? packet.source_service : packet.destination_service;
  if (!packet.next_hop_interface_id.empty()) {
    peer.interface = index_->inventory().FindInterface(packet.next_hop_interface_id);
    peer.interface_id = packet.next_hop_interface_id;
  } else {
    peer.interface = holder.any;
    if (peer.interface != nullptr) peer.interface_id = peer.interface->id;
  }
  if (peer.interface != nullptr) {
    peer.kind = index_->facts(*peer.interface).kind;
    return peer;
  }
  peer.kind = KindOfNextHop(packet.next_hop_interface_type);
  if (peer.kind != PeerKind::kUnknown) return peer;
  peer.kind = peer.aws_service.empty() ? KindOf(*packet.peer()) : PeerKind::kAwsService;
  return peer;
}

// D48.
Peer Judge::FindPeerOfUnjudged(const Packet& packet, Obstacle obstacle) const {
  const bool has_traffic = obstacle == Obstacle::kNoGroups || obstacle == Obstacle::kFieldsMissing;
  if (!has_traffic || packet.local == nullptr || !packet.direction || !packet.peer()) return {};
  const AddressEntry entry = index_->FindAddress(*packet.peer());
  return FindPeer(packet, HolderOfPeer(packet, index_->facts(*packet.local).vpc, entry));
}

// D49.
void Judge::NamePeerByReference(const Question& question, Verdict& verdict) const {
  const bool nothing_to_find = !verdict.peer.interface_id.empty() || question.entry == 0;
  if (nothing_to_find || verdict.matched_untold) [[likely]] {
    return;
  }
  const Inventory& inventory = index_->inventory();
  const NetworkInterface* member = nullptr;
  const auto look_at = [&](const Rule& rule) {
    if (rule.source.kind != RuleSource::Kind::kSecurityGroup) return true;
    const SecurityGroup* group = inventory.FindGroup(rule.source.id);
    if (group == nullptr || rule.source.peering != PeeringStatus::kActive) return true;
    for (const InventoryIndex::Holder& holder : index_->Holders(question.entry)) {
      const NetworkInterface& interface = inventory.interfaces()[holder.interface];
      const bool carries =
          std::ranges::find(interface.groups, inventory.IndexOf(*group)) != interface.groups.end();
      if (holder.vpc == question.vpc || !carries || &interface == member) continue;
      if (member != nullptr) return false;
      member = &interface;
    }
    return true;
  };
  for (const RuleIndex matched : verdict.matched) {
    if (!std::ranges::all_of(RulesOfSameId(inventory, matched), look_at)) return;
  }
  if (member == nullptr) return;
  verdict.peer.interface = member;
  verdict.peer.interface_id = member->id;
  verdict.peer.kind = index_->facts(*member).kind;
}

void Judge::Judged(const MatchSet& matches, Direction direction, Verdict& verdict) const {
  verdict.matches = &matches;
  verdict.judged_direction = direction;
  if (matches.sure_count == 0) verdict.untold = matches.untold();
}

void Judge::DecideAccepted(const Packet& packet, const Matches& matches,
                           const OpenerAnswer& by_flags, Verdict& verdict) const {
  const Direction own_direction = *packet.direction;
  const auto& [own, other] = matches;
  const OpenerAnswer opener = by_flags.opener != Opener::kUnknown
                                  ? by_flags
                                  : OpenerByMatches(packet, own, other, verdict.groups_incomplete);
  verdict.initiator = InitiatorOf(opener.opener, packet.direction);
  verdict.evidence = opener.evidence;

  const bool is_reply = opener.opener == Opener::kReceiver;
  const MatchSet& initiating = is_reply ? other : own;
  Judged(initiating, is_reply ? Opposite(own_direction) : own_direction, verdict);
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

void Judge::DecideRefusedWithoutGroups(Verdict& verdict) const {
  if (verdict.acl_answer.outcome == AclOutcome::kDenies) {
    DenyByAcl(Confidence::kExact, verdict);
    return;
  }
  verdict.kind = VerdictKind::kDeniedUnexplained;  // D37
  verdict.confidence = Confidence::kPossible;
}

void Judge::DecideRefused(const Packet& packet, const Matches& matches, const OpenerAnswer& opener,
                          Verdict& verdict) const {
  if (verdict.no_groups) {
    DecideRefusedWithoutGroups(verdict);
    return;
  }
  const Direction own_direction = *packet.direction;
  const auto& [own, other] = matches;
  const bool is_reply = opener.opener == Opener::kReceiver;
  const MatchSet& initiating = is_reply ? other : own;
  const MatchSet& opposite = is_reply ? own : other;
  Judged(initiating, is_reply ? Opposite(own_direction) : own_direction, verdict);
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

Verdict Judge::Ask(const Packet& packet) {
  matcher_.Prepare();
  Packet asked = packet;
  // A question has the action as its answer.
  asked.action = Action::kReject;
  Verdict verdict = Start(asked);
  // Of the local side the address is not needed.
  auto& own = packet.direction == Direction::kIngress ? asked.destination : asked.source;
  if (!own) own = asked.direction == Direction::kIngress ? asked.source : asked.destination;
  if (FindObstacle(asked, verdict)) return verdict;
  const Question question = QuestionOf(asked);
  const Holder holder = HolderOfPeer(asked, question.vpc, question.entry);
  verdict.peer = FindPeer(asked, holder);
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
  Judged(matches, *asked.direction, verdict);
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
    NamePeerByReference(question, verdict);
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
  const Holder holder = HolderOfPeer(opening, question.vpc, question.entry);
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
