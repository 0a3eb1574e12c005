#include "whatif/world.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace sgflow {

World::World(std::shared_ptr<const Inventory> inventory, std::span<const std::string> without_rules)
    : judge_(std::move(inventory)) {
  if (without_rules.empty()) return;
  const std::unordered_set<std::string_view> ids(without_rules.begin(), without_rules.end());
  const auto rules = this->inventory().rules();
  removed_.resize(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) removed_[i] = ids.contains(rules[i].id);
}

Passage World::Ask(const Packet& opening) {
  Passage passage;
  if (opening.recorded == nullptr || opening.local == nullptr) return passage;
  Packet packet = opening;
  packet.recorded = inventory().FindInterface(opening.recorded->id);
  packet.local = inventory().FindInterface(opening.local->id);
  if (packet.recorded == nullptr || packet.local == nullptr) return passage;
  passage.local = packet.local;
  passage.judged = true;
  AskLeg(packet, passage.opening, passage);
  if (passage.judged) AskLeg(Mirrored(packet), passage.reply, passage);
  return passage;
}

void World::AskLeg(const Packet& packet, Leg& leg, Passage& passage) {
  const Verdict verdict = judge_.Ask(packet);
  if (verdict.kind == VerdictKind::kNotJudged || verdict.kind == VerdictKind::kUnknownInterface ||
      (verdict.kind == VerdictKind::kNotApplicable && verdict.obstacle != Obstacle::kNoGroups)) {
    passage.judged = false;
    return;
  }
  passage.peer = verdict.peer;
  leg.acl = verdict.acl_answer;
  leg.incomplete = verdict.groups_incomplete;
  if (verdict.matches == nullptr) {
    leg.groups = GroupAnswer::kNoGroups;
    return;
  }
  const auto take = [&](std::span<const RuleIndex> rules, GroupAnswer answer) {
    std::ranges::copy_if(rules, std::back_inserter(leg.rules),
                         [&](RuleIndex rule) { return !IsRemoved(rule); });
    if (!leg.rules.empty()) leg.groups = answer;
    return !leg.rules.empty();
  };
  if (!take(verdict.matches->sure(), GroupAnswer::kAllows)) {
    take(verdict.matches->untold(), GroupAnswer::kUntold);
  }
}

bool SayTheSame(std::span<const Rule> one, std::span<const Rule> other) {
  return std::ranges::is_permutation(one, other, [](const Rule& a, const Rule& b) {
    return a.direction == b.direction && a.protocol == b.protocol && a.from_port == b.from_port &&
           a.to_port == b.to_port && a.source == b.source;
  });
}

}  // namespace sgflow
