#include "enrich/lacking_notes.h"

#include <utility>

#include "verdict/near_miss.h"
#include "verdict/rule_check.h"

namespace sgflow {
namespace {

Lacking::Name NameOf(const FlowRecord& record, std::string_view id) {
  return {.account_id = std::string(record.Get(Field::kAccountId)),
          .region = std::string(record.Get(Field::kRegion)),
          .id = std::string(id)};
}

// What there is no use in asking for again does not leave a record unfinished.
const Unlearned* Unfinished(const Unlearned* unlearned) {
  return unlearned == nullptr || unlearned->is_final ? nullptr : unlearned;
}

bool IsUntold(const MatchSet& matches) {
  return matches.sure_count == 0 && !matches.untold().empty();
}

}  // namespace

void LackingNotes::AddInterface(const FlowRecord& record, std::string_view interface_id) {
  if (IsNew(interface_id)) lacking_.interfaces.insert(NameOf(record, interface_id));
}

const Unlearned* LackingNotes::AddTrunk(const FlowRecord& record, std::string_view trunk_id) {
  if (IsNew(trunk_id)) lacking_.trunks.insert(NameOf(record, trunk_id));
  return Find(Learnable::kBranches, trunk_id);
}

const Unlearned* LackingNotes::AddRules(const FlowRecord& record,
                                        const NetworkInterface& interface) {
  if (!index_.lists()[index_.facts(interface).list].incomplete) [[likely]] {
    return nullptr;
  }
  const Unlearned* unlearned = nullptr;
  for (const GroupIndex index : interface.groups) {
    const SecurityGroup& group = index_.inventory().groups()[index];
    if (group.rules_known) continue;
    if (IsNew(group.id)) lacking_.group_rules.insert(NameOf(record, group.id));
    if (unlearned == nullptr) unlearned = Find(Learnable::kGroupRules, group.id);
  }
  return unlearned;
}

const Unlearned* LackingNotes::Add(const FlowRecord& record, const Verdict& verdict) {
  const Unlearned* unlearned = nullptr;
  for (const MatchSet* matches : {verdict.matches, verdict.weighed}) {
    if (matches == nullptr || !IsUntold(*matches)) continue;
    if (matches->looked_at_in != batch_) {
      matches->looked_at_in = batch_;
      matches->unlearned = AddSources(record, *matches);
    }
    if (unlearned == nullptr) unlearned = matches->unlearned;
  }
  if (verdict.acl_answer.outcome != AclOutcome::kUnknown) return unlearned;
  const std::string_view own = verdict.local->subnet_id;
  const std::string_view subnet_id = own.empty() ? record.Get(Field::kSubnetId) : own;
  if (!subnet_id.empty() && IsNew(subnet_id)) lacking_.subnets.insert(NameOf(record, subnet_id));
  return unlearned != nullptr ? unlearned : Find(Learnable::kNetworkAcl, subnet_id);
}

const Unlearned* LackingNotes::Find(Learnable what, std::string_view id) const {
  return Unfinished(index_.inventory().FindUnlearned(what, id));
}

const Unlearned* LackingNotes::AddSources(const FlowRecord& record, const MatchSet& matches) {
  const Unlearned* unlearned = nullptr;
  const auto rules = index_.inventory().rules();
  for (const RuleIndex first : matches.untold()) {
    // The sources of a permission have one id and stand side by side.
    for (RuleIndex rule = first; rule < rules.size() && rules[rule].id == rules[first].id; ++rule) {
      const Unlearned* of_source = AddSource(record, rules[rule], matches.sample);
      if (unlearned == nullptr) unlearned = of_source;
    }
  }
  return unlearned;
}

const Unlearned* LackingNotes::AddSource(const FlowRecord& record, const Rule& rule,
                                         const Question& question) {
  const RuleAnswer answer = CheckRule(index_, rule, question);
  if (answer.answer() != Answer::kUntold) return nullptr;
  Lacking::Name name = NameOf(record, rule.source.id);
  switch (answer.source.cause) {
    case Cause::kPrefixListLacking:
    case Cause::kPrefixListUnlisted:
    case Cause::kPrefixListCut:
      lacking_.prefix_lists.insert(std::move(name));
      break;
    case Cause::kGroupLacking:
    case Cause::kGroupNotCovered:
      // Its members are seen by its owner, which may be a peered VPC's account.
      if (!rule.source.account_id.empty()) name.account_id = rule.source.account_id;
      lacking_.member_groups.insert(std::move(name));
      break;
    default:
      break;
  }
  return Unfinished(UnlearnedOf(index_.inventory(), rule, answer.source.cause));
}

Lacking LackingNotes::Take() {
  ++batch_;
  seen_.clear();
  return std::exchange(lacking_, {});
}

bool LackingNotes::IsNew(std::string_view id) {
  if (seen_.contains(id)) return false;
  seen_.emplace(id);
  return true;
}

}  // namespace sgflow
