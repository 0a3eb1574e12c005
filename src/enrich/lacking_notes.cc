#include "enrich/lacking_notes.h"

#include <utility>

#include "verdict/rule_check.h"

namespace sgflow {
namespace {

Lacking::Name NameOf(const FlowRecord& record, std::string_view id) {
  return {.account_id = std::string(record.Get(Field::kAccountId)),
          .region = std::string(record.Get(Field::kRegion)),
          .id = std::string(id)};
}

bool IsUntold(const MatchSet& matches) {
  return matches.sure_count == 0 && !matches.untold().empty();
}

}  // namespace

void LackingNotes::AddInterface(const FlowRecord& record, std::string_view interface_id) {
  if (IsNew(interface_id)) lacking_.interfaces.insert(NameOf(record, interface_id));
}

void LackingNotes::AddTrunk(const FlowRecord& record, std::string_view trunk_id) {
  if (IsNew(trunk_id)) lacking_.trunks.insert(NameOf(record, trunk_id));
}

void LackingNotes::Add(const FlowRecord& record, const Verdict& verdict) {
  for (const MatchSet* matches : {verdict.matches, verdict.weighed}) {
    if (matches == nullptr || !IsUntold(*matches) || matches->looked_at_in == batch_) continue;
    matches->looked_at_in = batch_;
    AddSources(record, *matches);
  }
  if (verdict.acl_answer.outcome != AclOutcome::kUnknown) return;
  const std::string_view own = verdict.local->subnet_id;
  const std::string_view subnet_id = own.empty() ? record.Get(Field::kSubnetId) : own;
  if (!subnet_id.empty() && IsNew(subnet_id)) lacking_.subnets.insert(NameOf(record, subnet_id));
}

void LackingNotes::AddSources(const FlowRecord& record, const MatchSet& matches) {
  const auto rules = index_.inventory().rules();
  for (const RuleIndex first : matches.untold()) {
    // The sources of a permission have one id and stand side by side.
    for (RuleIndex rule = first; rule < rules.size() && rules[rule].id == rules[first].id; ++rule) {
      AddSource(record, rules[rule], matches.sample);
    }
  }
}

void LackingNotes::AddSource(const FlowRecord& record, const Rule& rule, const Question& question) {
  const RuleAnswer answer = CheckRule(index_, rule, question);
  if (answer.answer() != Answer::kUntold) return;
  Lacking::Name name = NameOf(record, rule.source.id);
  switch (answer.source.cause) {
    case Cause::kPrefixListLacking:
    case Cause::kPrefixListUnlisted:
    case Cause::kPrefixListCut:
      lacking_.prefix_lists.insert(std::move(name));
      return;
    case Cause::kGroupLacking:
    case Cause::kGroupNotCovered:
      // Its members are seen by its owner, which may be a peered VPC's account.
      if (!rule.source.account_id.empty()) name.account_id = rule.source.account_id;
      lacking_.member_groups.insert(std::move(name));
      return;
    default:
      return;
  }
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
