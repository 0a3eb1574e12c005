// Which rules of an interface match, answered from memory where the same was asked before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "inventory/inventory.h"
#include "verdict/inventory_index.h"
#include "verdict/near_miss.h"
#include "verdict/question_classes.h"
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
  // What lists of groups take is made anew where it has come to more than `most_bytes`.
  explicit RuleMatcher(const InventoryIndex& index, std::size_t most_bytes = kMostBytes);

  // Frees memory where too much is remembered: call it once a record. Ends the validity of what
  // Match gave.
  void Prepare() {
    if (sets_.size() >= kMostSets || bytes_ > most_bytes_) Forget();
  }

  // O(log rules) where the same was asked before, O(log rules + found) else.
  const MatchSet& Match(GroupListIndex list, const Question& question);

 private:
  static constexpr std::size_t kMostSets = 16384;
  static constexpr std::size_t kMostBytes = std::size_t{16} << 20;

  struct Key {
    std::uint32_t rules = 0;  // list and direction
    QuestionClass question;
    std::uint32_t rest = 0;  // protocol, the load balancer, the address family, ...

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Slot {
    Key key;
    std::uint32_t set = 0;  // its number in sets_ plus 1; 0: free
  };

  const QuestionClasses& ClassesOf(GroupListIndex list, Direction direction);
  const RuleSet& RulesOf(GroupIndex group, VpcIndex vpc, Direction direction);
  std::size_t Probe(const Key& key) const;
  void Compute(const Question& question, MatchSet& to);
  void Forget();
  void Grow();

  const InventoryIndex& index_;
  // By list and direction, made when needed, and what they take.
  std::vector<std::unique_ptr<const QuestionClasses>> classes_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  // Likewise. Interfaces of many lists share them.
  std::map<std::tuple<GroupIndex, VpcIndex, Direction>, const RuleSet> rules_;
  std::deque<MatchSet> sets_;
  std::vector<Slot> slots_;
  std::vector<FoundRule> found_;  // kept for its memory
};

}  // namespace sgflow
