#include "inventory/inventory_builder.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "inventory/same_id.h"
#include "inventory/subnet_acls.h"

namespace sgflow {
namespace {

constexpr std::string_view PermissionsKey(Direction direction) {
  return direction == Direction::kIngress ? "IpPermissions" : "IpPermissionsEgress";
}

// One rule for each source; they share the permission's name.
void ExpandPermission(const PermissionDescription& permission, const std::string& group_id,
                      GroupIndex group, std::vector<Rule>& to) {
  std::string id = group_id;
  id += '/';
  id += PermissionsKey(permission.direction);
  id += '/';
  id += std::to_string(permission.index);
  for (const PermissionSource& source : permission.sources) {
    to.push_back({.id = id,
                  .group = group,
                  .direction = permission.direction,
                  .protocol = permission.protocol,
                  .from_port = permission.from_port,
                  .to_port = permission.to_port,
                  .source = source.source,
                  .description = source.description,
                  .doubtful = source.doubtful});
  }
}

}  // namespace

std::uint32_t InventoryBuilder::AddDocument(DocumentDescription document) {
  if (document.cut) {
    report_.AddWarning(InventoryWarningKind::kNextToken, InFile(document.file, "NextToken"),
                       "the list goes on behind this page; what is on no page is taken as unknown",
                       "let the AWS CLI fetch all pages: without --max-items and --no-paginate");
  }
  documents_.push_back(std::move(document));
  return static_cast<std::uint32_t>(documents_.size() - 1);
}

std::shared_ptr<const Inventory> InventoryBuilder::Build() && {
  const Completeness completeness = FindCompleteness();
  MergeAll();
  AddSnapshots();
  if (report_.has_errors()) return nullptr;

  AddGroups();
  AddInterfaces();
  AddRules(completeness);
  AddPrefixLists();
  WarnOfUndescribedGroups();
  SubnetAcls subnet_acls = ResolveSubnetAcls(std::move(acls_), std::move(subnets_),
                                             built_.interfaces_, completeness, documents_, report_);
  built_.acls_ = std::move(subnet_acls.acls);
  built_.subnets_ = std::move(subnet_acls.subnets);
  built_.known_vpcs_ = completeness.WholeVpcs();
  built_.BuildIndices();
  return std::make_shared<const Inventory>(std::move(built_));
}

Completeness InventoryBuilder::FindCompleteness() const {
  Completeness completeness(documents_);
  for (const InterfaceDescription& described : interfaces_) {
    const std::string& vpc_id = described.interface.vpc_id;
    completeness.AddMention(described.origin.document, vpc_id);
    if (described.listed) completeness.AddListedInterface(described.origin.document, vpc_id);
  }
  for (const GroupDescription& described : groups_) {
    completeness.AddMention(described.origin.document, described.group.vpc_id);
  }
  for (const AclDescription& described : acls_) {
    completeness.AddMention(described.origin.document, described.acl.vpc_id);
  }
  for (const SubnetDescription& described : subnets_) {
    completeness.AddMention(described.origin.document, described.subnet.vpc_id);
    completeness.AddOwner(described.subnet.vpc_id, described.subnet.owner_id);
  }
  return completeness;
}

void InventoryBuilder::MergeAll() {
  MergeSameIds(interfaces_, documents_, report_);
  MergeSameIds(groups_, documents_, report_);
  MergeSameIds(rules_, documents_, report_);
  MergeSameIds(lists_, documents_, report_);
  MergeSameIds(acls_, documents_, report_);
  MergeSameIds(subnets_, documents_, report_);
}

void InventoryBuilder::AddSnapshots() {
  std::vector<const DocumentDescription*> kept;
  for (const DocumentDescription& document : documents_) {
    if (!document.snapshot) continue;
    const Snapshot& snapshot = *document.snapshot;
    const auto same_place = [&](const DocumentDescription* other) {
      return other->snapshot->account_id == snapshot.account_id &&
             other->snapshot->region == snapshot.region;
    };
    const auto other = std::ranges::find_if(kept, same_place);
    if (other != kept.end()) {
      if ((*other)->snapshot->captured_at != snapshot.captured_at) {
        report_.AddError(
            InFile(document.file, "Snapshot.CapturedAt"),
            "is another moment than that of " + (*other)->file + ", of the same account and Region",
            "give the snapshot of one moment");
      }
      continue;
    }
    kept.push_back(&document);
    built_.snapshots_.push_back(snapshot);
    std::optional<std::chrono::sys_seconds>& oldest = built_.captured_at_;
    if (snapshot.captured_at && (!oldest || *snapshot.captured_at < *oldest)) {
      oldest = snapshot.captured_at;
    }
  }
}

void InventoryBuilder::AddGroups() {
  for (GroupDescription& described : groups_) {
    SecurityGroup& group = built_.groups_[GroupOf(described.group.id)];
    group = std::move(described.group);
    group.described = true;
    // GroupOf may have to be asked for this id again.
    described.group.id = group.id;
  }
  for (const RuleDescription& described : rules_) {
    SecurityGroup& group = built_.groups_[GroupOf(described.group_id)];
    group.described = true;
    if (group.owner_id.empty()) group.owner_id = described.group_owner_id;
  }
}

void InventoryBuilder::AddInterfaces() {
  for (InterfaceDescription& described : interfaces_) {
    NetworkInterface& interface = described.interface;
    interface.groups_known = described.groups.has_value();
    if (described.groups) {
      for (const CarriedGroup& carried : *described.groups) {
        const GroupIndex group = GroupOf(carried.id);
        if (built_.groups_[group].name.empty()) built_.groups_[group].name = carried.name;
        if (std::ranges::find(interface.groups, group) == interface.groups.end()) {
          interface.groups.push_back(group);
        }
      }
    }
    built_.interfaces_.push_back(std::move(interface));
  }
  built_.members_.resize(built_.groups_.size());
  for (InterfaceIndex i = 0; i < built_.interfaces_.size(); ++i) {
    for (const GroupIndex group : built_.interfaces_[i].groups) built_.members_[group].push_back(i);
  }
  for (const DocumentDescription& document : documents_) {
    if (!document.coverage || document.cut) continue;
    for (const std::string& group_id : document.coverage->member_group_ids) {
      const auto found = group_index_.find(group_id);
      if (found != group_index_.end()) built_.groups_[found->second].members_known = true;
    }
  }
}

void InventoryBuilder::AddRules(const Completeness& completeness) {
  std::vector<std::vector<Rule>> rules_of_group(built_.groups_.size());
  for (RuleDescription& described : rules_) {
    described.rule.group = GroupOf(described.group_id);
    rules_of_group[described.rule.group].push_back(std::move(described.rule));
  }
  for (SecurityGroup& group : built_.groups_) {
    group.rules_known =
        group.described && completeness.Lists(ListedKind::kSecurityGroupRules, group.vpc_id);
  }
  for (const GroupDescription& described : groups_) {
    const GroupIndex group = GroupOf(described.group.id);
    if (!described.permissions || !rules_of_group[group].empty()) continue;
    built_.groups_[group].rules_known = true;
    for (const PermissionDescription& permission : *described.permissions) {
      ExpandPermission(permission, described.group.id, group, rules_of_group[group]);
    }
  }
  AddRulesInOrder(rules_of_group);
}

// A group's rules of one direction stand side by side.
void InventoryBuilder::AddRulesInOrder(std::vector<std::vector<Rule>>& rules_of_group) {
  for (GroupIndex group = 0; group < rules_of_group.size(); ++group) {
    for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
      std::vector<RuleIndex>& of_direction = direction == Direction::kIngress
                                                 ? built_.groups_[group].ingress
                                                 : built_.groups_[group].egress;
      for (Rule& rule : rules_of_group[group]) {
        if (rule.direction != direction) continue;
        of_direction.push_back(static_cast<RuleIndex>(built_.rules_.size()));
        built_.rules_.push_back(std::move(rule));
      }
    }
  }
}

void InventoryBuilder::AddPrefixLists() {
  for (PrefixListDescription& described : lists_) {
    PrefixList& list = described.list;
    if (list.entries) {
      std::ranges::sort(*list.entries);
      const auto repeated = std::ranges::unique(*list.entries);
      list.entries->erase(repeated.begin(), repeated.end());
    } else {
      report_.AddWarning(InventoryWarningKind::kPrefixListWithoutEntries, PlaceOf(described.origin),
                         list.id + " has no entries here: what it holds is unknown",
                         "add the file that this writes: aws ec2 get-managed-prefix-list-entries "
                         "--prefix-list-id " +
                             list.id + " --query \"{PrefixListId: '" + list.id +
                             "', Entries: Entries}\"");
    }
    built_.prefix_lists_.push_back(std::move(list));
  }
}

void InventoryBuilder::WarnOfUndescribedGroups() {
  std::vector<bool> warned(built_.groups_.size());
  for (InterfaceIndex i = 0; i < built_.interfaces_.size(); ++i) {
    for (const GroupIndex group : built_.interfaces_[i].groups) {
      if (built_.groups_[group].described || warned[group]) continue;
      warned[group] = true;
      report_.AddWarning(InventoryWarningKind::kUndescribedGroup, PlaceOf(interfaces_[i].origin),
                         built_.interfaces_[i].id + " carries " + built_.groups_[group].id +
                             ", which no file describes: its rules are unknown",
                         "add what these write: aws ec2 describe-security-groups, aws ec2 "
                         "describe-security-group-rules");
    }
  }
}

GroupIndex InventoryBuilder::GroupOf(std::string_view id) {
  const auto found = group_index_.find(id);
  if (found != group_index_.end()) return found->second;
  const auto index = static_cast<GroupIndex>(built_.groups_.size());
  built_.groups_.push_back({});
  built_.groups_.back().id = id;
  group_index_.emplace(id, index);
  return index;
}

Place InventoryBuilder::PlaceOf(const Origin& origin) const {
  return InFile(documents_[origin.document].file, origin.path);
}

}  // namespace sgflow
