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

// What the rules of a permission, one for each source, have in common.
Rule RuleOf(const PermissionDescription& permission, const std::string& group_id,
            GroupIndex group) {
  Rule rule;
  rule.id = group_id;
  rule.id += '/';
  rule.id += PermissionsKey(permission.direction);
  rule.id += '/';
  rule.id += std::to_string(permission.index);
  rule.group = group;
  rule.direction = permission.direction;
  rule.protocol = permission.protocol;
  rule.from_port = permission.from_port;
  rule.to_port = permission.to_port;
  return rule;
}

// Snapshots of other VPCs may be of other moments.
bool MayShareVpc(const DocumentDescription& one, const DocumentDescription& other) {
  if (!one.coverage || !one.coverage->vpc_ids) return true;
  if (!other.coverage || !other.coverage->vpc_ids) return true;
  return std::ranges::find_first_of(*one.coverage->vpc_ids, *other.coverage->vpc_ids) !=
         one.coverage->vpc_ids->end();
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

void InventoryBuilder::Expect(ListedKind kind, std::size_t count) {
  const auto make_room = [&](auto& descriptions) {
    const std::size_t wanted = descriptions.size() + count;
    // Many small documents must not make it grow by little each time.
    if (wanted > descriptions.capacity()) {
      descriptions.reserve(std::max(wanted, descriptions.capacity() * 2));
    }
  };
  switch (kind) {
    case ListedKind::kNetworkInterfaces:
      return make_room(interfaces_);
    case ListedKind::kSecurityGroups:
      return make_room(groups_);
    case ListedKind::kSecurityGroupRules:
      make_room(built_.rules_);
      return make_room(rule_origins_);
    case ListedKind::kPrefixLists:
      return make_room(lists_);
    case ListedKind::kNetworkAcls:
      return make_room(acls_);
    case ListedKind::kSubnets:
      return make_room(subnets_);
  }
}

// There may be so many that they are not kept twice.
void InventoryBuilder::Add(RuleDescription described) {
  described.rule.group = GroupOf(described.group_id);
  if (!has_owner_[described.rule.group] && !described.group_owner_id.empty()) {
    has_owner_[described.rule.group] = true;
    built_.groups_[described.rule.group].owner_id = std::move(described.group_owner_id);
  }
  ShareTexts(built_.rules_.emplace_back(std::move(described.rule)));
  rule_origins_.push_back(described.origin);
}

std::shared_ptr<const Inventory> InventoryBuilder::Build() && {
  const Completeness completeness = FindCompleteness();
  MergeAll();
  AddSnapshots();
  if (report_.has_errors()) return nullptr;

  AddGroups();
  AddInterfaces();
  AddUnlearned();
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
  MergeSameIds(built_.rules_, rule_origins_, documents_, report_);
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
             other->snapshot->region == snapshot.region && MayShareVpc(*other, document);
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
  for (const GroupDescription& described : groups_) {
    SecurityGroup& group = built_.groups_[GroupOf(described.group.id)];
    std::string owner_of_rules = std::move(group.owner_id);
    group = described.group;
    group.described = true;
    if (group.owner_id.empty()) group.owner_id = std::move(owner_of_rules);
  }
  for (const Rule& rule : built_.rules_) built_.groups_[rule.group].described = true;
}

void InventoryBuilder::AddInterfaces() {
  built_.interfaces_.reserve(interfaces_.size());
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
  MarkListed(&Coverage::member_group_ids, &SecurityGroup::members_known);
}

// Those groups that documents say they have listed all members or rules of.
void InventoryBuilder::MarkListed(std::vector<std::string> Coverage::* group_ids,
                                  bool SecurityGroup::* mark) {
  for (const DocumentDescription& document : documents_) {
    if (!document.coverage || document.cut) continue;
    for (const std::string& group_id : (*document.coverage).*group_ids) {
      const auto found = built_.group_index_.Find(group_id);
      if (found) built_.groups_[*found].*mark = true;
    }
  }
}

void InventoryBuilder::AddUnlearned() {
  std::unordered_map<std::string_view, NetworkInterface*> by_id;
  if (!unlearned_.empty()) {
    for (NetworkInterface& interface : built_.interfaces_) by_id.emplace(interface.id, &interface);
  }
  for (const Unlearned& unlearned : unlearned_) {
    if (unlearned.what != Learnable::kInterface) continue;
    const auto found = by_id.find(unlearned.id);
    if (found != by_id.end()) found->second->peer_only = true;
  }
  std::erase_if(unlearned_, [](const Unlearned& unlearned) { return unlearned.reason.empty(); });
  std::ranges::sort(unlearned_, {}, [](const Unlearned& unlearned) {
    return std::pair(unlearned.what, std::string_view(unlearned.id));
  });
  built_.unlearned_ = std::move(unlearned_);
}

// The rules that documents list as they come, then permissions, group by group: the order in which
// answers name them.
void InventoryBuilder::AddRules(const Completeness& completeness) {
  std::vector<bool> decided(built_.groups_.size());
  for (const Rule& rule : built_.rules_) decided[rule.group] = true;
  // A cut list may leave rules of any group on a page that is not here.
  const bool cut = completeness.Cuts(ListedKind::kSecurityGroups) ||
                   completeness.Cuts(ListedKind::kSecurityGroupRules);
  for (SecurityGroup& group : built_.groups_) {
    group.rules_listed = !cut && completeness.Lists(ListedKind::kSecurityGroupRules, group.vpc_id);
    group.rules_known = group.rules_listed && group.described;
  }
  for (GroupDescription& described : groups_) {
    const GroupIndex group = GroupOf(described.group.id);
    if (decided[group] || !described.permissions) continue;
    AddPermissions(*described.permissions, group);
    described.permissions.reset();  // there may be as many again
    built_.groups_[group].rules_listed = !cut;
    built_.groups_[group].rules_known = !cut && described.permissions_whole;
  }
  if (!cut) MarkListed(&Coverage::rule_group_ids, &SecurityGroup::rules_known);
  for (SecurityGroup& group : built_.groups_) {
    group.rules_listed = group.rules_listed || group.rules_known;
  }
  IndexRules();
}

void InventoryBuilder::AddPermissions(const std::vector<PermissionDescription>& permissions,
                                      GroupIndex group) {
  for (const PermissionDescription& permission : permissions) {
    const Rule common = RuleOf(permission, built_.groups_[group].id, group);
    for (const PermissionSource& source : permission.sources) {
      Rule& rule = built_.rules_.emplace_back(common);
      rule.source = source.source;
      rule.description = source.description;
      rule.doubtful = source.doubtful;
      rule.spelling = source.spelling;
      ShareTexts(rule);
    }
  }
}

void InventoryBuilder::ShareTexts(Rule& rule) {
  texts_.Share(rule.source.id);
  texts_.Share(rule.source.account_id);
  texts_.Share(rule.source.vpc_id);
  texts_.Share(rule.description);
}

void InventoryBuilder::IndexRules() {
  for (RuleIndex i = 0; i < built_.rules_.size(); ++i) {
    SecurityGroup& group = built_.groups_[built_.rules_[i].group];
    (built_.rules_[i].direction == Direction::kIngress ? group.ingress : group.egress).push_back(i);
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
  const auto next = static_cast<GroupIndex>(built_.groups_.size());
  const GroupIndex index = built_.group_index_.FindOrAdd(id, next);
  if (index == next) {
    built_.groups_.push_back({});
    built_.groups_.back().id = id;
    has_owner_.push_back(false);
  }
  return index;
}

Place InventoryBuilder::PlaceOf(const Origin& origin) const {
  return InFile(documents_[origin.document].file, origin.Path());
}

}  // namespace sgflow
