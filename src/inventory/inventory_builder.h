// Puts an Inventory together from descriptions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inventory/completeness.h"
#include "inventory/description.h"
#include "inventory/inventory.h"
#include "inventory/inventory_report.h"

namespace sgflow {

// Add documents and what stands in them, then Build once. What is looked up does not depend on
// their order; the order of a group's rules is that of their coming, and an error's or warning's
// place is the first one.
class InventoryBuilder {
 public:
  // `report` must outlive this.
  explicit InventoryBuilder(InventoryReport& report) : report_(report) {}

  // For the origins of what stands in the document.
  [[nodiscard]] std::uint32_t AddDocument(DocumentDescription document);

  // The text, to live until all is built: for an origin's list.
  [[nodiscard]] std::string_view Keep(std::string text) {
    return kept_texts_.emplace_back(std::move(text));
  }

  // Makes room for that many more of the kind.
  void Expect(ListedKind kind, std::size_t count);

  void Add(InterfaceDescription interface) { interfaces_.push_back(std::move(interface)); }
  void Add(GroupDescription group) { groups_.push_back(std::move(group)); }
  void Add(RuleDescription described);
  void Add(PrefixListDescription list) { lists_.push_back(std::move(list)); }
  void Add(AclDescription acl) { acls_.push_back(std::move(acl)); }
  void Add(SubnetDescription subnet) { subnets_.push_back(std::move(subnet)); }
  void Add(Unlearned unlearned) { unlearned_.push_back(std::move(unlearned)); }

  // Null, and the report has errors, where descriptions contradict each other. O(n log n).
  [[nodiscard]] std::shared_ptr<const Inventory> Build() &&;

 private:
  Completeness FindCompleteness() const;
  void MergeAll();
  void AddSnapshots();
  void AddGroups();
  void AddInterfaces();
  void AddUnlearned();
  void AddRules(const Completeness& completeness);
  void MarkListed(std::vector<std::string> Coverage::* group_ids, bool SecurityGroup::* mark);
  void AddPermissions(const std::vector<PermissionDescription>& permissions, GroupIndex group);
  void ShareTexts(Rule& rule);
  void IndexRules();
  void AddPrefixLists();
  void WarnOfUndescribedGroups();

  GroupIndex GroupOf(std::string_view id);
  Place PlaceOf(const Origin& origin) const;

  InventoryReport& report_;
  std::deque<std::string> kept_texts_;  // whose elements never move
  std::vector<DocumentDescription> documents_;
  std::vector<InterfaceDescription> interfaces_;
  std::vector<GroupDescription> groups_;
  std::vector<Origin> rule_origins_;  // of the rules that are built already
  std::vector<PrefixListDescription> lists_;
  std::vector<AclDescription> acls_;
  std::vector<SubnetDescription> subnets_;
  std::vector<Unlearned> unlearned_;

  Inventory built_;
  RecentTexts texts_;            // of rules
  std::vector<bool> has_owner_;  // by group; looked at for each rule, so small
};

}  // namespace sgflow
