#include "inventory/subnet_acls.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace sgflow {
namespace {

// Total, so that neither the order in the document nor a number given twice changes the result.
bool ActsBefore(const NetworkAclEntry& one, const NetworkAclEntry& other) {
  const auto key = [](const NetworkAclEntry& entry) {
    return std::tie(entry.number, entry.direction, entry.prefix, entry.allow, entry.protocol,
                    entry.from_port, entry.to_port, entry.icmp_type, entry.icmp_code);
  };
  return key(one) < key(other);
}

// Entries of two families never meet in a packet.
bool ShareNumber(const NetworkAclEntry& one, const NetworkAclEntry& other) {
  return one.number == other.number && one.direction == other.direction &&
         one.prefix.is_ipv4() == other.prefix.is_ipv4();
}

class Resolver {
 public:
  Resolver(std::span<const DocumentDescription> documents, InventoryReport& report)
      : documents_(documents), report_(report) {}

  void AddAcls(std::vector<AclDescription>& acls) {
    for (AclDescription& described : acls) {
      OrderEntries(described);
      NoteUntold(described);
      built_.acls.push_back(std::move(described.acl));
    }
  }

  void AddSubnets(std::vector<SubnetDescription>& subnets) {
    for (SubnetDescription& described : subnets) {
      SubnetOf(described.subnet.id) = std::move(described.subnet);
    }
  }

  void Associate(const std::vector<AclDescription>& acls) {
    for (AclIndex acl = 0; acl < acls.size(); ++acl) {
      for (const std::string& subnet_id : acls[acl].subnet_ids) {
        Subnet& subnet = SubnetOf(subnet_id);
        if (subnet.vpc_id.empty()) subnet.vpc_id = built_.acls[acl].vpc_id;
        std::vector<AclIndex>& found = acls_of_subnet_[Position(subnet)];
        if (std::ranges::find(found, acl) != found.end()) continue;
        found.push_back(acl);
        if (found.size() == 2) WarnOfTwo(subnet, found, acls[acl].origin);
      }
    }
  }

  void AddSubnetsOf(std::span<const NetworkInterface> interfaces) {
    for (const NetworkInterface& interface : interfaces) {
      if (interface.subnet_id.empty()) continue;
      Subnet& subnet = SubnetOf(interface.subnet_id);
      if (subnet.vpc_id.empty()) subnet.vpc_id = interface.vpc_id;
    }
  }

  SubnetAcls Finish(const std::vector<AclDescription>& acls, const Completeness& completeness) {
    const auto defaults = DefaultAcls(acls);
    for (std::size_t i = 0; i < built_.subnets.size(); ++i) {
      Subnet& subnet = built_.subnets[i];
      if (acls_of_subnet_[i].size() == 1) {
        subnet.acl = acls_of_subnet_[i].front();
      } else if (acls_of_subnet_[i].empty() && !subnet.vpc_id.empty() &&
                 !may_have_any_.contains(subnet.vpc_id) &&
                 completeness.Lists(ListedKind::kNetworkAcls, subnet.vpc_id)) {
        const auto found = defaults.find(subnet.vpc_id);
        if (found != defaults.end()) subnet.acl = found->second;
      }
      if (subnet.acl && !acls[*subnet.acl].entries_told) subnet.acl.reset();
    }
    return std::move(built_);
  }

 private:
  // A default ACL has the subnets that no other one has.
  void NoteUntold(const AclDescription& described) {
    const NetworkAcl& acl = described.acl;
    const bool any_subnet = !described.associations_told && !acl.is_default;
    if (any_subnet) may_have_any_.insert(acl.vpc_id);
    if (!any_subnet && described.entries_told) return;
    report_.AddWarning(InventoryWarningKind::kAclNotTold, PlaceOf(described.origin),
                       acl.id + " is described without " +
                           (any_subnet ? "Associations: which subnets it is of is unknown"
                                       : "Entries: what it lets pass is unknown"),
                       "write the file anew: aws ec2 describe-network-acls");
  }

  void OrderEntries(AclDescription& described) {
    NetworkAcl& acl = described.acl;
    std::vector<NetworkAclEntry>& entries = acl.entries;
    std::ranges::sort(entries, ActsBefore);
    const auto repeated = std::ranges::unique(entries);
    entries.erase(repeated.begin(), repeated.end());
    const auto twice = std::ranges::adjacent_find(entries, ShareNumber);
    if (twice == entries.end()) return;
    acl.number_twice = true;
    report_.AddWarning(InventoryWarningKind::kAclNumberTwice, PlaceOf(described.origin),
                       acl.id + " has two " +
                           (twice->direction == Direction::kIngress ? "inbound" : "outbound") +
                           " entries with the number " + std::to_string(twice->number) +
                           ": which of them acts is unknown",
                       "write the file anew: aws ec2 describe-network-acls");
  }

  // One default ACL a VPC; none for a VPC that seems to have two.
  std::unordered_map<std::string_view, std::optional<AclIndex>> DefaultAcls(
      const std::vector<AclDescription>& acls) {
    std::unordered_map<std::string_view, std::optional<AclIndex>> defaults;
    for (AclIndex i = 0; i < built_.acls.size(); ++i) {
      const NetworkAcl& acl = built_.acls[i];
      if (!acl.is_default) continue;
      const auto [at, is_new] = defaults.try_emplace(acl.vpc_id, i);
      if (is_new) continue;
      at->second = std::nullopt;
      report_.AddWarning(InventoryWarningKind::kTwoDefaultAcls, PlaceOf(acls[i].origin),
                         acl.vpc_id +
                             " has two default network ACLs: which of them acts is "
                             "unknown",
                         "write the file anew: aws ec2 describe-network-acls");
    }
    return defaults;
  }

  void WarnOfTwo(const Subnet& subnet, const std::vector<AclIndex>& acls, const Origin& origin) {
    report_.AddWarning(InventoryWarningKind::kSubnetUnderTwoAcls, PlaceOf(origin),
                       subnet.id + " is associated with " + built_.acls[acls[0]].id + " and " +
                           built_.acls[acls[1]].id + ": its ACL is taken as unknown",
                       "write the file anew: aws ec2 describe-network-acls");
  }

  Subnet& SubnetOf(const std::string& id) {
    const auto [at, is_new] = index_.try_emplace(id, built_.subnets.size());
    if (is_new) {
      built_.subnets.push_back({});
      built_.subnets.back().id = id;
      acls_of_subnet_.push_back({});
    }
    return built_.subnets[at->second];
  }

  std::size_t Position(const Subnet& subnet) const {
    return static_cast<std::size_t>(&subnet - built_.subnets.data());
  }

  Place PlaceOf(const Origin& origin) const {
    return InFile(documents_[origin.document].file, origin.Path());
  }

  std::span<const DocumentDescription> documents_;
  InventoryReport& report_;
  SubnetAcls built_;
  std::unordered_map<std::string, std::size_t> index_;
  std::vector<std::vector<AclIndex>> acls_of_subnet_;
  std::unordered_set<std::string> may_have_any_;  // VPCs with an ACL whose subnets are not told
};

}  // namespace

SubnetAcls ResolveSubnetAcls(std::vector<AclDescription> acls,
                             std::vector<SubnetDescription> subnets,
                             std::span<const NetworkInterface> interfaces,
                             const Completeness& completeness,
                             std::span<const DocumentDescription> documents,
                             InventoryReport& report) {
  Resolver resolver(documents, report);
  resolver.AddAcls(acls);
  resolver.AddSubnets(subnets);
  resolver.Associate(acls);
  resolver.AddSubnetsOf(interfaces);
  return resolver.Finish(acls, completeness);
}

}  // namespace sgflow
