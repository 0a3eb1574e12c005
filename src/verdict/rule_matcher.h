// Which rules of an interface match, answered from memory where the same was asked before.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
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
  // Where it is counted what all that is remembered takes: whoever adds to this adds there. Null
  // where it will not be.
  std::size_t* bytes_remembered = nullptr;
  // The batch for which somebody has looked what inventory its untold rules lack; 0: none. And what
  // of that AWS could not be asked for; null: nothing.
  mutable std::uint32_t looked_at_in = 0;
  mutable const Unlearned* unlearned = nullptr;
};

// For one thread. The index must outlive it.
class RuleMatcher {
 public:
  // Nothing is remembered of further lists of groups where classes have come to `most_bytes`.
  explicit RuleMatcher(const InventoryIndex& index, std::size_t most_bytes = kMostBytes);

  // Frees memory where too much is remembered: call it once a record. Ends the validity of what
  // Match gave.
  void Prepare() {
    alone_.clear();
    if (sets_.size() >= kMostSets || *bytes_of_sets_ > kMostBytesOfSets ||
        answered_alone_ >= kMostAlone) {
      Forget();
    }
  }

  // O(log rules) where the same was asked before, O(groups * log rules + found) else.
  const MatchSet& Match(GroupListIndex list, const Question& question);

 private:
  static constexpr std::size_t kMostSets = 16384;
  static constexpr std::size_t kMostBytesOfSets = std::size_t{8} << 20;
  static constexpr std::size_t kMostBytes = std::size_t{8} << 20;
  // Then other lists of groups may be those of most records.
  static constexpr std::size_t kMostAlone = std::size_t{1} << 18;

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

  // Null where there is no room for them.
  const QuestionClasses* ClassesOf(GroupListIndex list, Direction direction);
  const RuleSet& RulesOf(GroupIndex group, VpcIndex vpc, Direction direction);
  std::size_t Probe(const Key& key) const;
  void Compute(GroupListIndex list, const Question& question, MatchSet& to);
  void Forget();
  void Grow();

  const InventoryIndex& index_;
  // By list and direction, made when needed, and what they take.
  std::vector<std::unique_ptr<const QuestionClasses>> classes_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  // By group, VPC and direction, likewise. Interfaces of many lists share them.
  std::unordered_map<std::uint64_t, const RuleSet> rules_;
  std::deque<MatchSet> sets_;
  // Where it is wherever this is moved: the sets know it.
  std::unique_ptr<std::size_t> bytes_of_sets_ = std::make_unique<std::size_t>(0);
  std::deque<MatchSet> alone_;  // this record's, of lists without classes
  std::size_t answered_alone_ = 0;
  std::vector<Slot> slots_;
  std::vector<FoundRule> found_;  // kept for its memory
};

}  // namespace sgflow
