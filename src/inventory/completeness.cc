#include "inventory/completeness.h"

#include <algorithm>
#include <array>

namespace sgflow {
namespace {

constexpr std::array kKinds{ListedKind::kNetworkInterfaces,  ListedKind::kSecurityGroups,
                            ListedKind::kSecurityGroupRules, ListedKind::kPrefixLists,
                            ListedKind::kNetworkAcls,        ListedKind::kSubnets};
static_assert(kKinds.size() == kListedKindCount);

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void AddTo(std::set<std::string, std::less<>>& names, std::string_view name) {
  if (!name.empty() && !names.contains(name)) names.emplace(name);
}

}  // namespace

Completeness::Completeness(std::span<const DocumentDescription> documents)
    : documents_(documents), mentions_(documents.size()), listed_interfaces_(documents.size()) {
  for (const DocumentDescription& document : documents) {
    if (!document.cut) continue;
    for (const ListedKind kind : kKinds) {
      if (document.kinds.Has(kind)) cut_.Add(kind);
    }
  }
}

void Completeness::AddMention(std::uint32_t document, std::string_view vpc_id) {
  AddTo(mentions_[document], vpc_id);
}

void Completeness::AddListedInterface(std::uint32_t document, std::string_view vpc_id) {
  AddTo(listed_interfaces_[document], vpc_id);
}

void Completeness::AddOwner(std::string_view vpc_id, std::string_view account_id) {
  if (!account_id.empty()) owners_.try_emplace(std::string(vpc_id), account_id);
}

bool Completeness::Lists(ListedKind kind, std::string_view vpc_id) const {
  for (std::uint32_t document = 0; document < documents_.size(); ++document) {
    if (Vouches(document, kind, vpc_id)) return true;
  }
  return false;
}

bool Completeness::Vouches(std::uint32_t document, ListedKind kind, std::string_view vpc_id) const {
  const DocumentDescription& described = documents_[document];
  if (described.cut) return false;
  if (described.coverage) return Covers(*described.coverage, document, kind, vpc_id);
  if (!described.kinds.Has(kind) || cut_.Has(kind)) return false;
  return kind != ListedKind::kNetworkInterfaces || listed_interfaces_[document].contains(vpc_id);
}

bool Completeness::Covers(const Coverage& coverage, std::uint32_t document, ListedKind kind,
                          std::string_view vpc_id) const {
  if (!coverage.kinds.Has(kind)) return false;
  const bool in_reach =
      coverage.vpc_ids ? Contains(*coverage.vpc_ids, vpc_id) : mentions_[document].contains(vpc_id);
  if (!in_reach) return false;
  if (kind != ListedKind::kNetworkInterfaces || !coverage.account_ids) return true;
  const auto owner = owners_.find(vpc_id);
  return owner == owners_.end() || Contains(*coverage.account_ids, owner->second);
}

std::vector<std::string> Completeness::WholeVpcs() const {
  Names candidates;
  for (const Names& names : mentions_) candidates.insert(names.begin(), names.end());
  for (const DocumentDescription& document : documents_) {
    if (!document.coverage || !document.coverage->vpc_ids) continue;
    candidates.insert(document.coverage->vpc_ids->begin(), document.coverage->vpc_ids->end());
  }
  std::vector<std::string> whole;
  for (const std::string& vpc_id : candidates) {
    if (Lists(ListedKind::kNetworkInterfaces, vpc_id)) whole.push_back(vpc_id);
  }
  return whole;
}

}  // namespace sgflow
