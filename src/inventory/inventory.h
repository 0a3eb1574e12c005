// What AWS had configured at one moment: interfaces, groups and their rules, prefix lists,
// network ACLs and subnets, compiled for lookup.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

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

struct RuleSource {
  enum class Kind : std::uint8_t { kPrefix, kPrefixList, kSecurityGroup };

  Kind kind = Kind::kPrefix;
  IpPrefix prefix;         // kPrefix
  std::string id;          // kPrefixList: pl-..., kSecurityGroup: sg-...
  std::string account_id;  // kSecurityGroup: `UserId` where AWS gives it
  std::string vpc_id;      // kSecurityGroup: the peered VPC where AWS gives it
  PeeringStatus peering = PeeringStatus::kNone;

  // The prefix or the id, as AWS writes it.
  std::string ToString() const;

  friend bool operator==(const RuleSource&, const RuleSource&) = default;
};

struct Rule {
  std::string id;  // sgr-..., or sg-.../IpPermissions/0 where AWS gave no rule ids
  GroupIndex group = 0;
  Direction direction = Direction::kIngress;
  std::optional<Protocol> protocol;  // none: all ("-1")
  // As AWS gives them: ports for TCP and UDP (-1: all), type and code for ICMP (-1: all). Of no
  // meaning for any other protocol: all ports are allowed then whatever stands here.
  std::int32_t from_port = -1;
  std::int32_t to_port = -1;
  RuleSource source;
  std::string description;
};

struct SecurityGroup {
  std::string id;
  std::string name;
  std::string vpc_id;    // where it was created
  std::string owner_id;
  bool described = false;         // has a `SecurityGroups` entry or owns a rule
  std::vector<RuleIndex> ingress;  // in the inventory's order
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
  std::string name;  // the Name tag
  std::vector<GroupIndex> groups;  // in the interface's order
  // Private addresses: the primary IPv4 first where there is one, then secondary ones and IPv6.
  std::vector<IpAddress> addresses;
  std::vector<IpPrefix> prefixes;  // delegated to it, both families

  // One of `addresses`, or inside one of `prefixes`.
  bool Owns(const IpAddress& address) const;
};

struct PrefixList {
  std::string id;
  std::string name;
  // None: the list is known to exist, its entries are not.
  std::optional<std::vector<IpPrefix>> entries;
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
};

struct NetworkAcl {
  std::string id;
  std::string vpc_id;
  bool is_default = false;
  std::vector<NetworkAclEntry> entries;  // ascending by number, both directions
};

struct Subnet {
  std::string id;
  std::string vpc_id;
  std::vector<IpPrefix> prefixes;
  // As associated, else the VPC's default one; none where the inventory does not tell.
  std::optional<AclIndex> acl;
};

// Immutable once built (InventoryBuilder), so any number of threads may read it. Everything it
// returns lives as long as it does. Look-ups cost one hash, those by address that do not name a
// known address a walk over the VPC's delegated prefixes.
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
  // The interface that has this private address, or a delegated prefix around it, in this VPC.
  // Null where none or, by mistake in the data, more than one has it.
  const NetworkInterface* FindInterface(std::string_view vpc_id, const IpAddress& address) const;
  const SecurityGroup* FindGroup(std::string_view group_id) const;
  const PrefixList* FindPrefixList(std::string_view prefix_list_id) const;
  const Subnet* FindSubnet(std::string_view subnet_id) const;

  // The interfaces that carry the group.
  std::span<const InterfaceIndex> Members(GroupIndex group) const { return members_[group]; }

  // `Snapshot.CapturedAt`.
  std::optional<std::chrono::sys_seconds> captured_at() const { return captured_at_; }

 private:
  friend class InventoryBuilder;
  Inventory() = default;

  using Index = std::unordered_map<std::string_view, std::uint32_t>;
  struct VpcAddress {
    std::string_view vpc_id;
    IpAddress address;
    friend bool operator==(const VpcAddress&, const VpcAddress&) = default;
  };
  struct VpcAddressHash {
    std::size_t operator()(const VpcAddress& key) const noexcept;
  };

  std::vector<NetworkInterface> interfaces_;
  std::vector<SecurityGroup> groups_;
  std::vector<Rule> rules_;
  std::vector<PrefixList> prefix_lists_;
  std::vector<NetworkAcl> acls_;
  std::vector<Subnet> subnets_;
  std::vector<std::vector<InterfaceIndex>> members_;
  std::optional<std::chrono::sys_seconds> captured_at_;

  // Keys are views into the vectors above, whose strings never move.
  Index interface_index_;
  Index group_index_;
  Index prefix_list_index_;
  Index subnet_index_;
  std::unordered_map<VpcAddress, std::optional<InterfaceIndex>, VpcAddressHash> address_index_;
  std::unordered_map<std::string_view, std::vector<std::pair<IpPrefix, InterfaceIndex>>>
      delegated_prefixes_;
};

}  // namespace sgflow
