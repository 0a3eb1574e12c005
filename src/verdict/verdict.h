// The answer to one record: which rule let it through or kept it out. Ids and enums only; text is
// made of it by Explainer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "inventory/inventory.h"
#include "network/direction.h"

namespace sgflow {

// docs/verdicts.md says what each means.
enum class VerdictKind : std::uint8_t {
  kNotApplicable,
  kUnknownInterface,
  kNotJudged,
  kDeniedByVpc,
  kAllowedByRule,
  kAllowedAsReturn,
  kAllowedUnexplained,
  kDeniedByNetworkAcl,
  kDeniedBySecurityGroup,
  kDeniedAfterClose,
  kDeniedNoConnection,
  kDeniedUnexplained,
};
inline constexpr std::size_t kVerdictKindCount = 12;

// From the strongest to the weakest.
enum class Confidence : std::uint8_t { kExact, kLikely, kPossible, kAmbiguous };

constexpr Confidence Weakest(Confidence a, Confidence b) { return a < b ? b : a; }

// Who opened the connection, seen from the interface.
enum class Initiator : std::uint8_t { kLocal, kPeer, kUnknown };

// As the sg_verdict, sg_confidence and flow_initiator columns have them. Static text.
std::string_view NameOf(VerdictKind kind);
std::string_view NameOf(Confidence confidence);
std::string_view NameOf(Initiator initiator);

// What settled who opened.
enum class Evidence : std::uint8_t {
  kNone,
  kFlags,           // this record's TCP flags
  kMemory,          // the flags of an earlier record of the same conversation
  kOnlyMatch,       // only one direction has a rule that matches
  kOnlyNamesPort,   // only one direction's rules name the port
  kOnlySure,        // only one direction's rules surely match
  kWellKnownPort,   // one port is below 1024
  kRegisteredPort,  // one port is below 32768
  kQuestion,        // no record: the question says so
};

// Why there is no judgement.
enum class Obstacle : std::uint8_t {
  kNone,
  kNoData,                   // NODATA: no traffic in the window
  kSkippedData,              // SKIPDATA: records were lost
  kTransitGateway,           // a transit gateway's own record
  kRegionalNatGateway,       // it has no interface
  kNoGroups,                 // accepted at an interface without groups
  kInterfaceNotInInventory,  // `interface-id` names one that the inventory lacks
  kNoAddressToSearch,        // no `interface-id` and no address to find it by
  kNoInterfaceFits,          // no `interface-id`; none has the address, VPC and instance
  kSeveralInterfacesFit,     // no `interface-id`; more than one has
  kFieldsMissing,            // Verdict::missing says which; none: the groups, untold
};

// What a verdict needs and the record lacks; bits of Verdict::missing.
enum MissingField : std::uint8_t {
  kMissingAction = 1,
  kMissingProtocol = 2,
  kMissingSourceAddress = 4,
  kMissingDestinationAddress = 8,
  kMissingSourcePort = 16,
  kMissingDestinationPort = 32,
  kMissingDirection = 64,
};

enum class RejectReason : std::uint8_t { kNone, kBlockPublicAccess, kEncryptionControls };

struct IcmpMessage {
  std::uint8_t type = 0;
  std::optional<std::uint8_t> code;

  friend bool operator==(const IcmpMessage&, const IcmpMessage&) = default;
};

// What the subnet's network ACL says of the packet.
enum class AclOutcome : std::uint8_t {
  kNotAsked,
  kNotMet,   // both addresses are in one subnet
  kUnknown,  // the inventory does not tell which ACL, or what it says
  kAllows,
  kDenies,
  kAllowsSome,  // of replies, whose port is not known: to some ports
};

struct AclAnswer {
  AclOutcome outcome = AclOutcome::kNotAsked;
  // An entry before the deciding one could not be told: ICMP type, or ports of a fragment.
  bool doubtful = false;
  bool may_be_otherwise = false;  // such an entry does not say the same
  std::optional<AclIndex> acl;    // kAllows, kDenies, kAllowsSome
  std::int32_t number = 0;        // of the deciding entry; kAllowsSome: of one that denies

  bool allows() const { return outcome != AclOutcome::kDenies; }
};

// The other side of a record: an interface of the inventory, or what is known of the address.
enum class PeerKind : std::uint8_t {
  kUnknown,
  kInstance,
  kInterface,
  kLoadBalancer,
  kNatGateway,
  kEndpoint,
  kLambda,
  kRds,
  kTransitGateway,
  kFileSystem,
  kCache,
  kContainerTask,
  kPod,
  kKubernetesControlPlane,
  kGlobalAccelerator,
  kApiGateway,
  kAwsService,
  kInternet,
  kPrivate,
};

// As the peer_kind column has it; empty for kUnknown. Static text.
std::string_view NameOf(PeerKind kind);

struct Peer {
  PeerKind kind = PeerKind::kUnknown;
  // The inventory's; null where it has none.
  const NetworkInterface* interface = nullptr;
  // What the peer_interface_id column has: the interface's, or what `next-hop-interface-id` names
  // beyond the inventory. A view into the inventory or the record; empty: none.
  std::string_view interface_id;
  // `pkt-src-aws-service` or `pkt-dst-aws-service` of the peer's side, a view into the record.
  std::string_view aws_service;
};

struct MatchSet;

// Pointers and spans are valid until the Judge's next Decide or Ask, and while the record's bytes
// live.
struct Verdict {
  VerdictKind kind = VerdictKind::kNotJudged;
  std::optional<Confidence> confidence;  // none where nothing was judged
  std::optional<Initiator> initiator;    // none where nothing was judged

  // sg_matched_rules, in the inventory's order. Empty for denials.
  std::span<const RuleIndex> matched;
  // `matched` are rules that can't be told.
  bool matched_untold = false;
  // The can't-tell rules of the direction that was judged, when none there surely matches.
  std::span<const RuleIndex> untold;

  // nacl_id and nacl_rule: the ACL that refused, or would refuse next.
  std::optional<AclIndex> acl;
  std::int32_t acl_rule = 0;

  // The interface that the record belongs to, and the one that was judged: a branch where the
  // former is its trunk, else the same. Null where the inventory has none.
  const NetworkInterface* recorded = nullptr;
  const NetworkInterface* local = nullptr;
  std::optional<Direction> direction;  // the record's
  Peer peer;

  // Facts that the reason is made of.
  Obstacle obstacle = Obstacle::kNone;
  std::uint8_t missing = 0;
  RejectReason reject_reason = RejectReason::kNone;
  Evidence evidence = Evidence::kNone;
  AclAnswer acl_answer;
  AclAnswer reply_acl;             // of questions: what it says of the replies
  bool replies_refused = false;    // denied-by-network-acl: not what opens, only what answers
  bool groups_refuse = false;      // denied-by-network-acl: the groups refuse it too
  bool groups_incomplete = false;  // a carried group's rules are not all known, or doubtful
  bool no_groups = false;          // at the judged interface
  std::uint8_t flags_hint = 0;     // denied-no-connection: 18 for a SYN-ACK, else 0
  // The direction whose rules were judged, and what they say. Null where nothing was judged.
  Direction judged_direction = Direction::kIngress;
  const MatchSet* matches = nullptr;
  // What the other direction's rules say, where the answer hung on that too.
  const MatchSet* weighed = nullptr;
  // kInterfaceNotInInventory: why AWS could not be asked for it; empty where it could.
  std::string_view unlearned;
};

}  // namespace sgflow
