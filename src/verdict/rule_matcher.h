// Which rules of an interface match, answered from memory where the same was asked before.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "inventory/inventory.h"
#include "verdict/inventory_index.h"
#include "verdict/near_miss.h"
#include "verdict/rule_check.h"
#include "verdict/rule_set.h"

namespace sgflow {

// What a set of rules answers to a class of questions.
struct MatchSet {
  std::span<const RuleIndex> sure() const { return {rules.data(), sure_count}; }
  std::span<const RuleIndex> untold() const {
    return std::span<const RuleIndex>(rules).subspan(sure_count);
  }
  bool matches() const { return !rules.empty(); }

  // Those that surely match, then those that can't be told; both in the inventory's order. A
  // permission of several sources is its first one.
  std::vector<RuleIndex> rules;
  std::uint32_t sure_count = 0;
  bool names_port = false;  // a matching rule does (D21)
  // The documents were warned about at every rule that is given: the sure ones, else the others.
  bool doubtful = false;

  // For the explanation: one of the questions, and what has been told of it before.
  Question sample;
  GroupListIndex list = 0;
  mutable std::unique_ptr<const NearMisses> near_misses;
  // The batch for which somebody has looked what inventory its untold rules lack; 0: none. And what
  // of that AWS could not be asked for; null: nothing.
  mutable std::uint32_t looked_at_in = 0;
  mutable const Unlearned* unlearned = nullptr;
};

// For one thread. The index must outlive it.
class RuleMatcher {
 public:
  explicit RuleMatcher(const InventoryIndex& index);

  // Frees memory where too much is remembered: call it once a record. Ends the validity of what
  // Match gave.
  void Prepare() {
    if (sets_.size() >= kMostSets) Forget();
  }

  // O(log rules) where the same was asked before, O(log rules + found) else.
  const MatchSet& Match(GroupListIndex list, const Question& question);

 private:
  static constexpr std::size_t kMostSets = 16384;

  struct Key {
    std::uint32_t rules = 0;  // list and direction
    RuleSet::Class question;
    std::uint32_t rest = 0;  // protocol, the load balancer, the address family, ...

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Slot {
    Key key;
    std::uint32_t set = 0;  // its number in sets_ plus 1; 0: free
  };

  const RuleSet& RulesOf(GroupListIndex list, Direction direction);
  std::size_t Probe(const Key& key) const;
  void Compute(const RuleSet& rules, const Question& question, std::uint32_t node, MatchSet& to);
  void Forget();
  void Grow();

  const InventoryIndex& index_;
  std::vector<std::unique_ptr<const RuleSet>> rules_;  // by list and direction, made when needed
  std::deque<MatchSet> sets_;
  std::vector<Slot> slots_;
  std::vector<FoundRule> found_;  // kept for its memory
};

}  // namespace sgflow
