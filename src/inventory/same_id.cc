#include "inventory/same_id.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sgflow {
namespace {

// Joins what two descriptions tell, and keeps the name of the first member that they tell
// differently.
class Joining {
 public:
  template <typename T>
  void Text(std::string_view member, T& kept, const T& other) {
    if (kept.empty()) {
      kept = other;
    } else if (!other.empty() && other != kept) {
      Differs(member);
    }
  }

  template <typename T>
  void List(std::string_view member, std::vector<T>& kept, const std::vector<T>& other) {
    if (kept.empty()) {
      kept = other;
    } else if (!other.empty() && !std::ranges::is_permutation(kept, other)) {
      Differs(member);
    }
  }

  // Here an empty list was told too.
  template <typename T>
  void List(std::string_view member, std::optional<std::vector<T>>& kept,
            const std::optional<std::vector<T>>& other) {
    if (!kept) {
      kept = other;
    } else if (other && !std::ranges::is_permutation(*kept, *other)) {
      Differs(member);
    }
  }

  void Check(std::string_view member, bool same) {
    if (!same) Differs(member);
  }

  // Empty where they agree.
  std::string_view difference() const { return difference_; }

 private:
  void Differs(std::string_view member) {
    if (difference_.empty()) difference_ = member;
  }

  std::string_view difference_;
};

std::vector<std::string> Ids(const std::vector<CarriedGroup>& groups) {
  std::vector<std::string> ids;
  ids.reserve(groups.size());
  for (const CarriedGroup& group : groups) ids.push_back(group.id);
  std::ranges::sort(ids);
  return ids;
}

// Of addresses that are told in part only, those told whole take the place.
void JoinAddresses(InterfaceDescription& kept, const InterfaceDescription& other,
                   Joining& joining) {
  std::vector<IpAddress>& to = kept.interface.addresses;
  const std::vector<IpAddress>& from = other.interface.addresses;
  if (kept.addresses_whole && other.addresses_whole) {
    joining.List("addresses", to, from);
  } else if (!kept.addresses_whole && !from.empty()) {
    to = from;
    kept.addresses_whole = other.addresses_whole;
  }
}

void Join(InterfaceDescription& kept, const InterfaceDescription& other, Joining& joining) {
  NetworkInterface& to = kept.interface;
  const NetworkInterface& from = other.interface;
  joining.Text("InterfaceType", to.type, from.type);
  joining.Text("Description", to.description, from.description);
  joining.Text("OwnerId", to.owner_id, from.owner_id);
  joining.Text("RequesterId", to.requester_id, from.requester_id);
  joining.Text("VpcId", to.vpc_id, from.vpc_id);
  joining.Text("SubnetId", to.subnet_id, from.subnet_id);
  joining.Text("InstanceId", to.instance_id, from.instance_id);
  joining.Text("TagSet", to.name, from.name);
  joining.Text("TagSet", to.trunk_id, from.trunk_id);
  JoinAddresses(kept, other, joining);
  joining.List("delegated prefixes", to.prefixes, from.prefixes);
  if (!kept.groups) {
    kept.groups = other.groups;
  } else if (other.groups) {
    joining.Check("Groups", Ids(*kept.groups) == Ids(*other.groups));
  }
  kept.listed = kept.listed || other.listed;
  to.doubtful = to.doubtful || from.doubtful;
}

// Which of its permissions a source stands in says nothing of what is allowed.
bool AllowTheSame(const std::vector<PermissionDescription>& one,
                  const std::vector<PermissionDescription>& other) {
  struct Allowed {
    Direction direction;
    std::optional<Protocol> protocol;
    std::int32_t from_port;
    std::int32_t to_port;
    PermissionSource source;
    bool operator==(const Allowed&) const = default;
  };
  const auto allowed = [](const std::vector<PermissionDescription>& permissions) {
    std::vector<Allowed> all;
    for (const PermissionDescription& permission : permissions) {
      for (const PermissionSource& source : permission.sources) {
        all.push_back({permission.direction, permission.protocol, permission.from_port,
                       permission.to_port, source});
      }
    }
    return all;
  };
  return std::ranges::is_permutation(allowed(one), allowed(other));
}

void Join(GroupDescription& kept, const GroupDescription& other, Joining& joining) {
  SecurityGroup& to = kept.group;
  const SecurityGroup& from = other.group;
  joining.Text("GroupName", to.name, from.name);
  joining.Text("VpcId", to.vpc_id, from.vpc_id);
  joining.Text("OwnerId", to.owner_id, from.owner_id);
  if (!kept.permissions) {
    kept.permissions = other.permissions;
    kept.permissions_whole = other.permissions_whole;
  } else if (other.permissions) {
    joining.Check("permissions", AllowTheSame(*kept.permissions, *other.permissions));
  }
  to.doubtful = to.doubtful || from.doubtful;
}

void Join(Rule& kept, const Rule& other, Joining& joining) {
  joining.Check("GroupId", kept.group == other.group);
  joining.Check("IsEgress", kept.direction == other.direction);
  joining.Check("IpProtocol", kept.protocol == other.protocol);
  joining.Check("FromPort", kept.from_port == other.from_port);
  joining.Check("ToPort", kept.to_port == other.to_port);
  joining.Check("source", kept.source == other.source);
  joining.Text("Description", kept.description, other.description);
  kept.doubtful = kept.doubtful || other.doubtful;
}

void Join(PrefixListDescription& kept, const PrefixListDescription& other, Joining& joining) {
  PrefixList& to = kept.list;
  const PrefixList& from = other.list;
  joining.Text("PrefixListName", to.name, from.name);
  to.doubtful = to.doubtful || from.doubtful;
  if (!from.entries) return;
  if (to.entries && (!to.whole || !from.whole)) {
    to.entries->insert(to.entries->end(), from.entries->begin(), from.entries->end());
  } else {
    joining.List("entries", to.entries, from.entries);
  }
  to.whole = to.whole && from.whole;
}

void Join(AclDescription& kept, const AclDescription& other, Joining& joining) {
  NetworkAcl& to = kept.acl;
  const NetworkAcl& from = other.acl;
  joining.Text("VpcId", to.vpc_id, from.vpc_id);
  joining.Check("IsDefault", to.is_default == from.is_default);
  joining.List("Entries", to.entries, from.entries);
  joining.List("Associations", kept.subnet_ids, other.subnet_ids);
  kept.entries_told = kept.entries_told || other.entries_told;
  kept.associations_told = kept.associations_told || other.associations_told;
  to.doubtful = to.doubtful || from.doubtful;
}

void Join(SubnetDescription& kept, const SubnetDescription& other, Joining& joining) {
  Subnet& to = kept.subnet;
  const Subnet& from = other.subnet;
  joining.Text("VpcId", to.vpc_id, from.vpc_id);
  joining.Text("OwnerId", to.owner_id, from.owner_id);
  joining.List("CIDR blocks", to.prefixes, from.prefixes);
  to.doubtful = to.doubtful || from.doubtful;
}

const std::string& Id(const InterfaceDescription& description) { return description.interface.id; }
const std::string& Id(const GroupDescription& description) { return description.group.id; }
const std::string& Id(const Rule& rule) { return rule.id; }
const std::string& Id(const PrefixListDescription& description) { return description.list.id; }
const std::string& Id(const AclDescription& description) { return description.acl.id; }
const std::string& Id(const SubnetDescription& description) { return description.subnet.id; }

enum class Later : std::uint8_t { kNone, kKept, kOther };

// Which of two captures of different moments is the later one.
Later LaterOf(const DocumentDescription& kept, const DocumentDescription& other) {
  if (!kept.snapshot || !other.snapshot) return Later::kNone;
  const auto& of_kept = kept.snapshot->captured_at;
  const auto& of_other = other.snapshot->captured_at;
  if (!of_kept || !of_other || *of_kept == *of_other) return Later::kNone;
  return *of_kept > *of_other ? Later::kKept : Later::kOther;
}

// Joins each to the first with its id, and marks it. `origin_of` takes a position.
template <typename Thing, typename OriginOf>
std::vector<bool> JoinToFirsts(std::vector<Thing>& all, OriginOf origin_of,
                               std::span<const DocumentDescription> documents,
                               InventoryReport& report) {
  // In the order of their ids, as snapshots and AWS's pages often have them, none comes twice.
  const auto not_ascending = [](const Thing& one, const Thing& next) {
    return Id(one) >= Id(next);
  };
  if (std::ranges::adjacent_find(all, not_ascending) == all.end()) return {};
  std::unordered_map<std::string_view, std::size_t> first_of_id;
  first_of_id.reserve(all.size());
  std::vector<bool> joined;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto [first, is_new] = first_of_id.try_emplace(Id(all[i]), i);
    if (is_new) continue;
    joined.resize(all.size());
    joined[i] = true;
    Thing& kept = all[first->second];
    Joining joining;
    Join(kept, all[i], joining);
    if (joining.difference().empty()) continue;
    const Origin& origin = origin_of(i);
    const Origin& of_kept = origin_of(first->second);
    const auto later = LaterOf(documents[of_kept.document], documents[origin.document]);
    if (later == Later::kOther) {
      joined[std::exchange(first->second, i)] = true;
      joined[i] = false;
    }
    if (later != Later::kNone) continue;
    report.AddError(InFile(documents[origin.document].file, origin.Path()),
                    Id(kept) + " is described twice, with different " +
                        std::string(joining.difference()) + "; the other one is " + of_kept.Path() +
                        " of " + documents[of_kept.document].file,
                    "keep the one that is true");
  }
  return joined;
}

// `marked` is empty where none is.
template <typename T>
void EraseMarked(std::vector<T>& all, const std::vector<bool>& marked) {
  if (marked.empty()) return;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (marked[i]) continue;
    if (kept != i) all[kept] = std::move(all[i]);
    ++kept;
  }
  all.erase(all.begin() + static_cast<std::ptrdiff_t>(kept), all.end());
}

}  // namespace

template <typename Description>
void MergeSameIds(std::vector<Description>& all, std::span<const DocumentDescription> documents,
                  InventoryReport& report) {
  EraseMarked(all, JoinToFirsts(
                       all, [&](std::size_t i) -> const Origin& { return all[i].origin; },
                       documents, report));
}

template void MergeSameIds(std::vector<InterfaceDescription>&, std::span<const DocumentDescription>,
                           InventoryReport&);
template void MergeSameIds(std::vector<GroupDescription>&, std::span<const DocumentDescription>,
                           InventoryReport&);
template void MergeSameIds(std::vector<PrefixListDescription>&,
                           std::span<const DocumentDescription>, InventoryReport&);
template void MergeSameIds(std::vector<AclDescription>&, std::span<const DocumentDescription>,
                           InventoryReport&);
template void MergeSameIds(std::vector<SubnetDescription>&, std::span<const DocumentDescription>,
                           InventoryReport&);

void MergeSameIds(std::vector<Rule>& rules, std::span<const Origin> origins,
                  std::span<const DocumentDescription> documents, InventoryReport& report) {
  EraseMarked(rules, JoinToFirsts(
                         rules, [&](std::size_t i) -> const Origin& { return origins[i]; },
                         documents, report));
}

}  // namespace sgflow
