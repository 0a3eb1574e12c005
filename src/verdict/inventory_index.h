// What judging asks of an inventory beyond the look-ups it has itself, made ready once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inventory/inventory.h"
#include "network/ip_address.h"
#include "verdict/prefix_index.h"
#include "verdict/verdict.h"

namespace sgflow {

// 0 is "not told".
using VpcIndex = std::uint32_t;
// A set of groups in a VPC, as interfaces carry them.
using GroupListIndex = std::uint32_t;
// An address or a delegated prefix that some interface has; 0 is none.
using AddressEntry = std::uint32_t;
// An entry of a prefix list, or of several; 0 is none.
using ListedEntry = std::uint32_t;
// Its place in Inventory::prefix_lists.
using PrefixListIndex = std::uint32_t;

struct GroupList {
  std::vector<GroupIndex> groups;  // ascending, so that their order at the interface plays no part
  VpcIndex vpc = 0;
  // Not all rules of its groups are known, or the documents were warned about at one of them.
  bool incomplete = false;
};

struct InterfaceFacts {
  const Subnet* subnet = nullptr;  // null: not told, or not in the inventory
  VpcIndex vpc = 0;
  GroupListIndex list = 0;
  PeerKind kind = PeerKind::kUnknown;
  bool has_branches = false;  // a trunk: its records may be those of a branch
  bool is_branch = false;
  bool is_gateway_endpoint = false;  // of a Gateway Load Balancer
};

// Immutable, for any number of threads; one serves the judges of all of them. Holds the inventory.
class InventoryIndex {
 public:
  // O(n log n).
  explicit InventoryIndex(std::shared_ptr<const Inventory> inventory);

  const Inventory& inventory() const { return *inventory_; }
  const std::shared_ptr<const Inventory>& shared_inventory() const { return inventory_; }

  InterfaceIndex IndexOf(const NetworkInterface& interface) const {
    return static_cast<InterfaceIndex>(&interface - inventory_->interfaces().data());
  }
  const InterfaceFacts& facts(const NetworkInterface& interface) const {
    return facts_[IndexOf(interface)];
  }
  const InterfaceFacts& facts(InterfaceIndex interface) const { return facts_[interface]; }

  std::span<const GroupList> lists() const { return lists_; }

  // Who has an address, whatever the VPC. Sorted by VPC, within it the longest prefix first.
  struct Holder {
    VpcIndex vpc = 0;
    InterfaceIndex interface = 0;
    int length = 0;
  };
  // One hash, and one more for each length of delegated prefix.
  AddressEntry FindAddress(const IpAddress& address) const;
  std::span<const Holder> Holders(AddressEntry entry) const;
  // The VPC's interface that has the entry's addresses. None where none or, by mistake in the data,
  // more than one has.
  std::optional<InterfaceIndex> InterfaceIn(VpcIndex vpc, AddressEntry entry) const;

  PrefixListIndex IndexOf(const PrefixList& list) const {
    return static_cast<PrefixListIndex>(&list - inventory_->prefix_lists().data());
  }
  // The longest entry around the address, whatever the list. O(log entries).
  ListedEntry FindListed(const IpAddress& address) const { return listed_.Find(address); }
  // Calls back with each PrefixListIndex that has an entry around the one given, maybe with some
  // more than once.
  template <typename Function>
  void ForEachListAround(ListedEntry entry, const Function& function) const {
    listed_.ForEachValue(entry, function);
  }

  // 0 where no interface is in it.
  VpcIndex FindVpc(std::string_view vpc_id) const;
  std::string_view VpcId(VpcIndex vpc) const { return vpc_ids_[vpc]; }

  // The interfaces attached to the instance.
  std::span<const InterfaceIndex> OfInstance(std::string_view instance_id) const;

  // The interface's branch that has the address (D7, D8 of tests/oracle/DECISIONS.md); null where
  // none has.
  const NetworkInterface* FindBranch(const NetworkInterface& trunk, const IpAddress& address) const;

  bool CarriedByNetworkLoadBalancer(GroupIndex group) const { return by_balancer_[group]; }

  // The ACL that a packet meets where it enters or leaves the subnet, which is null where the
  // inventory lacks it; none where it is unknown.
  std::optional<AclIndex> FindAcl(std::string_view vpc_id, const Subnet* subnet) const;

 private:
  struct Slot {
    IpAddress address;
    std::uint8_t length = 0;
    AddressEntry entry = 0;  // 0: free
  };

  void AddVpcsAndLists();
  void AddAddresses();
  void AddPrefixLists();
  void AddBranches();
  void AddAcls();
  std::size_t Probe(const IpAddress& address, int length) const;

  std::shared_ptr<const Inventory> inventory_;
  std::vector<InterfaceFacts> facts_;
  std::vector<GroupList> lists_;
  std::vector<std::string_view> vpc_ids_{{}};
  std::unordered_map<std::string_view, VpcIndex> vpc_index_;
  std::unordered_map<std::string_view, std::vector<InterfaceIndex>> of_instance_;
  std::vector<bool> by_balancer_;

  std::vector<Slot> slots_;        // open addressing
  std::vector<int> ipv4_lengths_;  // longest first
  std::vector<int> ipv6_lengths_;
  std::vector<std::vector<Holder>> holders_;
  PrefixIndex listed_;  // its values are lists

  std::vector<bool> acl_usable_;
  // Of VPCs with exactly one, for subnets that the inventory lacks.
  std::unordered_map<std::string_view, std::optional<AclIndex>> default_acls_;
};

}  // namespace sgflow
