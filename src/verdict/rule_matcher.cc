#include "verdict/rule_matcher.h"

#include <algorithm>

namespace sgflow {
namespace {

constexpr std::size_t kFirstSlots = 1024;

// What is said of near misses differs with the address family, and with a question.
std::uint32_t RestOf(const Question& question) {
  return question.protocol | (question.through_network_load_balancer ? 0x100U : 0U) |
         (question.peer.is_ipv4() ? 0U : 0x200U) | (question.asked ? 0x400U : 0U);
}

}  // namespace

RuleMatcher::RuleMatcher(const InventoryIndex& index, std::size_t most_bytes)
    : index_(index),
      classes_(2 * index.lists().size()),
      most_bytes_(most_bytes),
      slots_(kFirstSlots) {}

const QuestionClasses* RuleMatcher::ClassesOf(GroupListIndex list, Direction direction) {
  auto& classes = classes_[2 * std::size_t{list} + (direction == Direction::kEgress ? 1 : 0)];
  if (!classes && bytes_ < most_bytes_) [[unlikely]] {
    classes = std::make_unique<const QuestionClasses>(index_, index_.lists()[list], direction);
    bytes_ += classes->bytes();
  }
  return classes.get();
}

const RuleSet& RuleMatcher::RulesOf(GroupIndex group, VpcIndex vpc, Direction direction) {
  const std::uint64_t key = std::uint64_t{vpc} << 32 | std::uint64_t{group} << 1 |
                            (direction == Direction::kEgress ? 1U : 0U);
  return rules_.try_emplace(key, index_, group, vpc, direction).first->second;
}

std::size_t RuleMatcher::Probe(const Key& key) const {
  const auto mix = [](std::uint64_t value) {
    value *= 0x9E3779B97F4A7C15U;
    return value ^ (value >> 32);
  };
  const std::uint64_t hash = mix(mix(std::uint64_t{key.rules} << 32 | key.question.prefix) +
                                 mix(std::uint64_t{key.question.holder} << 32 | key.question.port) +
                                 (std::uint64_t{key.question.listed} << 32 | key.rest));
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].set != 0 && !(slots_[at].key == key)) at = (at + 1) & mask;
  return at;
}

const MatchSet& RuleMatcher::Match(GroupListIndex list, const Question& question) {
  const QuestionClasses* classes = ClassesOf(list, question.direction);
  if (classes == nullptr) [[unlikely]] {
    ++answered_alone_;
    Compute(list, question, alone_.emplace_back());
    return alone_.back();
  }
  const Key key{.rules = 2 * list + (question.direction == Direction::kEgress ? 1U : 0U),
                .question = classes->Of(question),
                .rest = RestOf(question)};
  std::size_t at = Probe(key);
  if (slots_[at].set != 0) [[likely]] {
    return sets_[slots_[at].set - 1];
  }
  if (2 * sets_.size() >= slots_.size()) {
    Grow();
    at = Probe(key);
  }
  MatchSet& set = sets_.emplace_back();
  slots_[at] = {key, static_cast<std::uint32_t>(sets_.size())};
  Compute(list, question, set);
  set.bytes_remembered = bytes_of_sets_.get();
  *bytes_of_sets_ += sizeof set + set.rules.capacity() * sizeof set.rules[0];
  return set;
}

void RuleMatcher::Compute(GroupListIndex list, const Question& question, MatchSet& to) {
  to.sample = question;
  to.list = list;
  found_.clear();
  const GroupList& groups = index_.lists()[list];
  for (const GroupIndex group : groups.groups) {
    RulesOf(group, groups.vpc, question.direction).Find(question, found_);
  }
  // The best answer of a rule first.
  std::ranges::sort(found_, [](const FoundRule& a, const FoundRule& b) {
    if (a.rule != b.rule) return a.rule < b.rule;
    return a.answer > b.answer;
  });
  const auto repeated = std::ranges::unique(found_, {}, &FoundRule::rule);
  found_.erase(repeated.begin(), repeated.end());
  const auto first_untold = std::ranges::stable_partition(
      found_, [](const FoundRule& found) { return found.answer == Answer::kYes; });
  to.sure_count = static_cast<std::uint32_t>(first_untold.begin() - found_.begin());
  to.rules.reserve(found_.size());
  for (const FoundRule& found : found_) {
    to.rules.push_back(found.rule);
    to.names_port = to.names_port || found.names_port;
  }
  const auto given = to.sure_count != 0 ? to.sure() : to.untold();
  to.doubtful = !given.empty() && std::ranges::all_of(given, [&](RuleIndex rule) {
    return index_.inventory().rules()[rule].doubtful;
  });
}

void RuleMatcher::Grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.set != 0) slots_[Probe(slot.key)] = slot;
  }
}

void RuleMatcher::Forget() {
  sets_.clear();
  *bytes_of_sets_ = 0;
  answered_alone_ = 0;
  std::ranges::fill(slots_, Slot{});
  if (bytes_ < most_bytes_) return;
  for (auto& classes : classes_) classes.reset();
  bytes_ = 0;
}

}  // namespace sgflow
