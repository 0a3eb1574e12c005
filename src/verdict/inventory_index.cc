#include "verdict/inventory_index.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

#include "network/ip_prefix.h"
#include "verdict/peer.h"

namespace sgflow {
namespace {

std::size_t HashOf(const IpAddress& address, int length) {
  const std::size_t mixed =
      (std::hash<IpAddress>{}(address) + static_cast<std::size_t>(length)) * 0x9E3779B97F4A7C15U;
  return mixed ^ (mixed >> 29);
}

void InsertLength(std::vector<int>& lengths, int length) {
  const auto at = std::ranges::lower_bound(lengths, length, std::greater{});
  if (at == lengths.end() || *at != length) lengths.insert(at, length);
}

bool IsDoubtful(const Inventory& inventory, const SecurityGroup& group) {
  if (!group.rules_known || group.doubtful) return true;
  for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
    for (const RuleIndex index : group.rules(direction)) {
      const Rule& rule = inventory.rules()[index];
      if (rule.doubtful) return true;
      if (rule.source.kind != RuleSource::Kind::kPrefixList) continue;
      const PrefixList* list = inventory.FindPrefixList(rule.source.id);
      if (list != nullptr && list->doubtful) return true;
    }
  }
  return false;
}

// An ACL in which two entries of a direction share a number: which acts first is unknown.
bool IsUsable(const NetworkAcl& acl) {
  if (acl.number_twice) return false;
  for (std::size_t i = 0; i < acl.entries.size(); ++i) {
    for (std::size_t j = i + 1;
         j < acl.entries.size() && acl.entries[j].number == acl.entries[i].number; ++j) {
      if (acl.entries[i].direction == acl.entries[j].direction) return false;
    }
  }
  return true;
}

}  // namespace

InventoryIndex::InventoryIndex(std::shared_ptr<const Inventory> inventory)
    : inventory_(std::move(inventory)), facts_(inventory_->interfaces().size()) {
  AddVpcsAndLists();
  AddAddresses();
  AddPrefixLists();
  AddBranches();
  AddAcls();
  by_balancer_.resize(inventory_->groups().size());
  for (GroupIndex group = 0; group < by_balancer_.size(); ++group) {
    by_balancer_[group] = std::ranges::any_of(inventory_->Members(group), [&](InterfaceIndex i) {
      return inventory_->interfaces()[i].type == "network_load_balancer";
    });
  }
}

void InventoryIndex::AddVpcsAndLists() {
  std::vector<bool> doubtful;
  for (const SecurityGroup& group : inventory_->groups()) {
    doubtful.push_back(IsDoubtful(*inventory_, group));
  }
  // Groups that nobody told are not the same as none.
  std::map<std::tuple<VpcIndex, bool, std::vector<GroupIndex>>, GroupListIndex> known;
  for (InterfaceIndex i = 0; i < facts_.size(); ++i) {
    const NetworkInterface& interface = inventory_->interfaces()[i];
    InterfaceFacts& facts = facts_[i];
    if (!interface.vpc_id.empty()) {
      const auto [at, is_new] =
          vpc_index_.try_emplace(interface.vpc_id, static_cast<VpcIndex>(vpc_ids_.size()));
      if (is_new) vpc_ids_.push_back(interface.vpc_id);
      facts.vpc = at->second;
    }
    facts.subnet = inventory_->FindSubnet(interface.subnet_id);
    if (!interface.instance_id.empty()) of_instance_[interface.instance_id].push_back(i);
    facts.kind = KindOf(interface);
    facts.is_branch = interface.type == "branch";
    facts.is_gateway_endpoint = interface.type == "gateway_load_balancer_endpoint";

    std::vector<GroupIndex> groups = interface.groups;
    std::ranges::sort(groups);
    const auto [at, is_new] = known.try_emplace({facts.vpc, interface.groups_known, groups},
                                                static_cast<GroupListIndex>(lists_.size()));
    if (is_new) {
      const bool incomplete =
          std::ranges::any_of(groups, [&](GroupIndex group) { return doubtful[group]; });
      lists_.push_back({.groups = groups, .vpc = facts.vpc, .incomplete = incomplete});
    }
    facts.list = at->second;
  }
}

void InventoryIndex::AddAddresses() {
  // Every address and prefix with its interface; an entry has those of the wider ones too.
  std::map<IpPrefix, std::vector<Holder>> found;
  for (InterfaceIndex i = 0; i < facts_.size(); ++i) {
    const NetworkInterface& interface = inventory_->interfaces()[i];
    const auto add = [&](const IpPrefix& prefix) {
      found[prefix].push_back({facts_[i].vpc, i, prefix.length()});
      InsertLength(prefix.is_ipv4() ? ipv4_lengths_ : ipv6_lengths_, prefix.length());
    };
    for (const IpAddress& address : interface.addresses) add(IpPrefix(address, address.bits()));
    for (const IpPrefix& prefix : interface.prefixes) add(prefix);
  }
  slots_.resize(std::bit_ceil(2 * found.size() + 1));
  holders_.emplace_back();
  for (const auto& [prefix, own] : found) {
    std::vector<Holder> all = own;
    for (const int length : prefix.is_ipv4() ? ipv4_lengths_ : ipv6_lengths_) {
      if (length >= prefix.length()) continue;
      const auto wider = found.find(IpPrefix(prefix.address(), length));
      if (wider != found.end()) all.insert(all.end(), wider->second.begin(), wider->second.end());
    }
    std::ranges::sort(all, [](const Holder& a, const Holder& b) {
      if (a.vpc != b.vpc) return a.vpc < b.vpc;
      if (a.length != b.length) return a.length > b.length;
      return a.interface < b.interface;
    });
    const auto repeated = std::ranges::unique(all, [](const Holder& a, const Holder& b) {
      return a.vpc == b.vpc && a.interface == b.interface;
    });
    all.erase(repeated.begin(), repeated.end());
    slots_[Probe(prefix.address(), prefix.length())] = {prefix.address(),
                                                        static_cast<std::uint8_t>(prefix.length()),
                                                        static_cast<AddressEntry>(holders_.size())};
    holders_.push_back(std::move(all));
  }
}

void InventoryIndex::AddPrefixLists() {
  std::vector<PrefixIndex::Entry> entries;
  for (const PrefixList& list : inventory_->prefix_lists()) {
    if (!list.entries) continue;
    for (const IpPrefix& prefix : *list.entries) entries.push_back({prefix, IndexOf(list)});
  }
  listed_ = PrefixIndex(std::move(entries));
}

std::size_t InventoryIndex::Probe(const IpAddress& address, int length) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = HashOf(address, length) & mask;
  while (slots_[at].entry != 0 && !(slots_[at].length == length && slots_[at].address == address)) {
    at = (at + 1) & mask;
  }
  return at;
}

AddressEntry InventoryIndex::FindAddress(const IpAddress& address) const {
  for (const int length : address.is_ipv4() ? ipv4_lengths_ : ipv6_lengths_) {
    const AddressEntry entry =
        length == address.bits() ? slots_[Probe(address, length)].entry
                                 : slots_[Probe(IpPrefix(address, length).address(), length)].entry;
    if (entry != 0) return entry;
  }
  return 0;
}

std::span<const InventoryIndex::Holder> InventoryIndex::Holders(AddressEntry entry) const {
  return holders_[entry];
}

std::optional<InterfaceIndex> InventoryIndex::InterfaceIn(VpcIndex vpc, AddressEntry entry) const {
  if (vpc == 0) return std::nullopt;
  const std::vector<Holder>& holders = holders_[entry];
  const auto at = std::ranges::lower_bound(holders, vpc, {}, &Holder::vpc);
  if (at == holders.end() || at->vpc != vpc) return std::nullopt;
  const auto next = at + 1;
  if (next != holders.end() && next->vpc == vpc && next->length == at->length) return std::nullopt;
  return at->interface;
}

VpcIndex InventoryIndex::FindVpc(std::string_view vpc_id) const {
  const auto found = vpc_index_.find(vpc_id);
  return found == vpc_index_.end() ? 0 : found->second;
}

std::span<const InterfaceIndex> InventoryIndex::OfInstance(std::string_view instance_id) const {
  const auto found = of_instance_.find(instance_id);
  if (found == of_instance_.end()) return {};
  return found->second;
}

void InventoryIndex::AddBranches() {
  // Untagged branches hang on the trunks of their VPC.
  for (InterfaceIndex i = 0; i < facts_.size(); ++i) {
    if (inventory_->interfaces()[i].type == "trunk") facts_[i].has_branches = true;
    if (!facts_[i].is_branch) continue;
    const NetworkInterface* trunk = inventory_->FindInterface(inventory_->interfaces()[i].trunk_id);
    if (trunk != nullptr) facts_[IndexOf(*trunk)].has_branches = true;
  }
}

const NetworkInterface* InventoryIndex::FindBranch(const NetworkInterface& trunk,
                                                   const IpAddress& address) const {
  if (!facts(trunk).has_branches) return nullptr;
  for (const Holder& holder : holders_[FindAddress(address)]) {
    if (!facts_[holder.interface].is_branch) continue;
    const NetworkInterface& branch = inventory_->interfaces()[holder.interface];
    const bool hangs_on_it = branch.trunk_id.empty()
                                 ? trunk.type == "trunk" && branch.vpc_id == trunk.vpc_id
                                 : branch.trunk_id == trunk.id;
    if (hangs_on_it) return &branch;
  }
  return nullptr;
}

void InventoryIndex::AddAcls() {
  const std::span<const NetworkAcl> acls = inventory_->acls();
  for (AclIndex i = 0; i < acls.size(); ++i) {
    acl_usable_.push_back(IsUsable(acls[i]));
    if (!acls[i].is_default) continue;
    const auto [at, is_new] = default_acls_.try_emplace(acls[i].vpc_id, i);
    if (!is_new) at->second = std::nullopt;
  }
}

std::optional<AclIndex> InventoryIndex::FindAcl(std::string_view vpc_id,
                                                const Subnet* subnet) const {
  std::optional<AclIndex> acl;
  if (subnet != nullptr) {
    acl = subnet->acl;
  } else if (const auto found = default_acls_.find(vpc_id); found != default_acls_.end()) {
    acl = found->second;
  }
  return acl && acl_usable_[*acl] ? acl : std::nullopt;
}

}  // namespace sgflow
