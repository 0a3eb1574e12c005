// What AWS had configured at one moment: interfaces, groups and their rules, prefix lists,
// network ACLs and subnets, compiled for lookup.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inventory/id_index.h"
#include "inventory/shared_text.h"
#include "network/direction.h"
#include "network/ip_address.h"
#include "network/ip_prefix.h"
#include "network/protocol.h"

namespace sgflow {

// Positions in the inventory's vectors; valid for the inventory that gave them.
using InterfaceIndex = std::uint32_t;
using GroupIndex = std::uint32_t;
using RuleIndex = std::uint32_t;
using AclIndex = std::uint32_t;

// `PeeringStatus` of a reference to a group in another VPC.
enum class PeeringStatus : std::uint8_t { kNone, kActive, kDeleted, kOther };

// Wherever it stands below, `doubtful` means that the document was warned about there (host bits
// masked away, a key in the wrong case): an answer that hangs on it is not exact.

struct RuleSource {
  enum class Kind : std::uint8_t { kPrefix, kPrefixList, kSecurityGroup };

  Kind kind = Kind::kPrefix;
  PeeringStatus peering = PeeringStatus::kNone;
  IpPrefix prefix;        // kPrefix
  SharedText id;          // kPrefixList: pl-..., kSecurityGroup: sg-...
  SharedText account_id;  // kSecurityGroup: `UserId` where AWS gives it
  SharedText vpc_id;      // kSecurityGroup: the peered VPC where AWS gives it

  // The prefix or the id, as AWS writes it.
  std::string ToString() const;

  friend bool operator==(const RuleSource&, const RuleSource&) = default;
};

// How a document spells what AWS writes in another way: "6" for tcp, an IPv6 address in capitals,
// host bits.
struct RuleSpelling {
  std::string protocol;
  std::string source;
};

// As small as it can be: a thousand groups may have a hundred thousand.
struct Rule {
  std::string id;  // sgr-..., or sg-.../IpPermissions/0 where AWS gave no rule ids
  GroupIndex group = 0;
  Direction direction = Direction::kIngress;
  std::optional<Protocol> protocol;  // none: all ("-1")
  bool doubtful = false;
  // As AWS gives them: ports for TCP and UDP (-1: all), type and code for ICMP (-1: all). Of no
  // meaning for any other protocol: all ports are allowed then whatever stands here.
  std::int32_t from_port = -1;
  std::int32_t to_port = -1;
  RuleSource source;
  SharedText description;
  // Null, as nearly always, where the document has ProtocolName and RuleSource::ToString.
  std::shared_ptr<const RuleSpelling> spelling;
};

// A group is in the inventory when it has a `SecurityGroups` entry, owns a rule or is carried by
// an interface. One that is merely referenced is lacking: FindGroup gives null.
struct SecurityGroup {
  std::string id;
  std::string name;
  std::string vpc_id;  // where it was created
  std::string owner_id;
  bool described = false;      // has a `SecurityGroups` entry or owns a rule
  bool rules_known = false;    // `ingress` and `egress` are all its rules
  bool members_known = false;  // Members() is all of them, whatever their VPC
  // The documents have a whole list of rules that those of the group would stand in. One that is
  // not described may still be another account's, whose rules the list does not show.
  bool rules_listed = false;
  bool doubtful = false;
  std::vector<RuleIndex> ingress;  // in the document's order
  std::vector<RuleIndex> egress;

  const std::vector<RuleIndex>& rules(Direction direction) const {
    return direction == Direction::kIngress ? ingress : egress;
  }
};

struct NetworkInterface {
  std::string id;
  std::string type;  // `InterfaceType`, open text: interface, nat_gateway, trunk, ...
  std::string description;
  std::string owner_id;
  std::string requester_id;
  std::string vpc_id;
  std::string subnet_id;
  std::string instance_id;
  std::string name;                // the Name tag
  std::string trunk_id;            // of an EKS branch interface, as its controller tags it
  std::vector<GroupIndex> groups;  // in the interface's order
  bool groups_known = false;       // false: its description has no `Groups`
  bool doubtful = false;
  // Here for its addresses and the groups it carries alone, as a member of a group that others'
  // rules reference: the rules of its own groups were not asked for. Records of its own are those
  // of an interface that the inventory lacks.
  bool peer_only = false;
  // Private addresses: the primary IPv4 first where there is one, then secondary ones and IPv6.
  std::vector<IpAddress> addresses;
  std::vector<IpPrefix> prefixes;  // delegated to it, both families

  // One of `addresses`, or inside one of `prefixes`.
  bool Owns(const IpAddress& address) const;
};

struct PrefixList {
  std::string id;
  std::string name;
  // None: the list is known to exist, its entries are not. Sorted.
  std::optional<std::vector<IpPrefix>> entries;
  bool whole = true;  // false: there are more entries than these
  bool doubtful = false;
};

struct NetworkAclEntry {
  std::int32_t number = 0;  // `RuleNumber`; 32767 and 32768 are the default denies
  Direction direction = Direction::kIngress;
  std::optional<Protocol> protocol;
  bool allow = false;
  IpPrefix prefix;
  std::int32_t from_port = -1;  // -1: all
  std::int32_t to_port = -1;
  std::int32_t icmp_type = -1;
  std::int32_t icmp_code = -1;

  friend bool operator==(const NetworkAclEntry&, const NetworkAclEntry&) = default;
};

struct NetworkAcl {
  std::string id;
  std::string vpc_id;
  bool is_default = false;
  // Two entries of one direction and address family share a number, so which acts first is
  // unknown.
  bool number_twice = false;
  bool doubtful = false;
  std::vector<NetworkAclEntry> entries;  // ascending by number, both directions
};

// In the inventory when it is described, associated with an ACL or has an interface.
struct Subnet {
  std::string id;
  std::string vpc_id;
  std::string owner_id;
  std::vector<IpPrefix> prefixes;  // empty where no document describes the subnet
  // As associated, else the VPC's default one; none where the inventory does not tell, or tells
  // two.
  std::optional<AclIndex> acl;
  bool doubtful = false;
};

// What AWS is asked for by an id.
enum class Learnable : std::uint8_t {
  kInterface,     // eni-...
  kGroupRules,    // sg-...
  kGroupMembers,  // sg-...
  kPrefixList,    // pl-...
  kNetworkAcl,    // subnet-...
  kBranches,      // eni-...: a trunk's
};

// What answers hang on and AWS could not be asked for.
struct Unlearned {
  Learnable what = Learnable::kInterface;
  std::string id;
  // A clause that says what AWS could not be asked and why, printable ASCII without quotes and
  // backslashes; empty where nobody has asked yet.
  std::string reason;
  // AWS answered, and does not show it: there is no use in asking again.
  bool is_final = false;
};

// One account and Region at one moment, as sgflow's own documents name it.
struct Snapshot {
  std::string account_id;
  std::string region;
  std::optional<std::chrono::sys_seconds> captured_at;

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

// Immutable once built (InventoryBuilder), so any number of threads may read it. Everything it
// returns lives as long as it does. Look-ups cost one hash, those by address one more for each
// length of delegated prefix (AWS has one a family: /28 and /80).
class Inventory {
 public:
  Inventory(const Inventory&) = delete;
  Inventory& operator=(const Inventory&) = delete;
  Inventory(Inventory&&) = default;
  Inventory& operator=(Inventory&&) = default;
  ~Inventory() = default;

  std::span<const NetworkInterface> interfaces() const { return interfaces_; }
  std::span<const SecurityGroup> groups() const { return groups_; }
  std::span<const Rule> rules() const { return rules_; }
  std::span<const PrefixList> prefix_lists() const { return prefix_lists_; }
  std::span<const NetworkAcl> acls() const { return acls_; }
  std::span<const Subnet> subnets() const { return subnets_; }

  // Null where the inventory has none.
  const NetworkInterface* FindInterface(std::string_view interface_id) const;
  // The same, for an interface's own records: null also where it is here as a peer only.
  const NetworkInterface* FindLocal(std::string_view interface_id) const;
  // Null where AWS could be asked for it, or was not.
  const Unlearned* FindUnlearned(Learnable what, std::string_view id) const;
  // The interface that has this private address, or a delegated prefix around it, in this VPC.
  // Null where none or, by mistake in the data, more than one has it.
  const NetworkInterface* FindInterface(std::string_view vpc_id, const IpAddress& address) const;
  const SecurityGroup* FindGroup(std::string_view group_id) const;
  const PrefixList* FindPrefixList(std::string_view prefix_list_id) const;
  const Subnet* FindSubnet(std::string_view subnet_id) const;

  // The interfaces that carry the group.
  std::span<const InterfaceIndex> Members(GroupIndex group) const { return members_[group]; }

  // Where something of groups() stands in it.
  GroupIndex IndexOf(const SecurityGroup& group) const {
    return static_cast<GroupIndex>(&group - groups_.data());
  }

  // Whether every interface of the VPC is here, so that an address not found belongs to none.
  bool InterfacesKnown(std::string_view vpc_id) const;

  // What sgflow's own snapshots among the documents say of themselves.
  std::span<const Snapshot> snapshots() const { return snapshots_; }
  // The oldest `Snapshot.CapturedAt`.
  std::optional<std::chrono::sys_seconds> captured_at() const { return captured_at_; }

 private:
  friend class InventoryBuilder;
  Inventory() = default;

  // An interface's address is a prefix of full length.
  struct VpcPrefix {
    std::string_view vpc_id;
    IpPrefix prefix;
    friend bool operator==(const VpcPrefix&, const VpcPrefix&) = default;
  };
  struct VpcPrefixHash {
    std::size_t operator()(const VpcPrefix& key) const noexcept;
  };

  void BuildIndices();
  void IndexAddress(std::string_view vpc_id, const IpPrefix& prefix, InterfaceIndex interface);

  std::vector<NetworkInterface> interfaces_;
  std::vector<SecurityGroup> groups_;
  std::vector<Rule> rules_;
  std::vector<PrefixList> prefix_lists_;
  std::vector<NetworkAcl> acls_;
  std::vector<Subnet> subnets_;
  std::vector<std::vector<InterfaceIndex>> members_;
  std::vector<std::string> known_vpcs_;  // sorted
  std::vector<Snapshot> snapshots_;
  std::vector<Unlearned> unlearned_;  // sorted by what and id, each with a reason
  std::optional<std::chrono::sys_seconds> captured_at_;

  IdIndex interface_index_;
  IdIndex group_index_;
  IdIndex prefix_list_index_;
  IdIndex subnet_index_;
  // Keys are views into the interfaces, whose strings never move.
  std::unordered_map<VpcPrefix, std::optional<InterfaceIndex>, VpcPrefixHash> address_index_;
  // The lengths in address_index_, longest first.
  std::vector<int> ipv4_lengths_;
  std::vector<int> ipv6_lengths_;
};

}  // namespace sgflow
