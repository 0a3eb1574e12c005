// Matching alone, without what the matcher remembers: 10, 100 and 1,000 rules, and prefix lists.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "verdict/rule_check.h"
#include "verdict/rule_set.h"
#include "verdict/world.h"

namespace sgflow::bench {
namespace {

std::vector<Question> Questions() {
  std::vector<Question> questions;
  std::uint32_t number = 1;
  for (int i = 0; i < 4096; ++i) {
    number = number * 1664525U + 1013904223U;
    Question question;
    question.peer =
        IpAddress(AddressFamily::kIpv4,
                  {static_cast<std::uint8_t>(11 + (number >> 24) % 30),
                   static_cast<std::uint8_t>(number >> 16), static_cast<std::uint8_t>(number >> 8),
                   static_cast<std::uint8_t>(number)});
    question.protocol = kTcp;
    question.port = static_cast<std::uint16_t>(1000 + number % 10000);
    question.vpc = 1;
    questions.push_back(question);
  }
  return questions;
}

void BM_Find(benchmark::State& state) {
  const InventoryIndex index(MakeWorld({.groups = 1,
                                        .rules = static_cast<std::size_t>(state.range(0)),
                                        .list_entries = static_cast<std::size_t>(state.range(1))}));
  const GroupList& list = index.lists()[0];
  const RuleSet rules(index, list.groups.front(), list.vpc, Direction::kIngress);
  std::vector<Question> questions = Questions();
  for (Question& question : questions) question.listed = index.FindListed(question.peer);
  std::vector<FoundRule> found;
  std::size_t i = 0;
  for (auto _ : state) {
    found.clear();
    rules.Find(questions[i], found);
    benchmark::DoNotOptimize(found.data());
    i = (i + 1) % questions.size();
  }
}
BENCHMARK(BM_Find)->ArgNames({"rules", "entries"})->ArgsProduct({{10, 100, 1000}, {0, 1000}});

// The plain way, for comparison.
void BM_Scan(benchmark::State& state) {
  const InventoryIndex index(MakeWorld({.groups = 1,
                                        .rules = static_cast<std::size_t>(state.range(0)),
                                        .list_entries = static_cast<std::size_t>(state.range(1))}));
  const std::vector<Question> questions = Questions();
  std::size_t i = 0;
  for (auto _ : state) {
    std::size_t found = 0;
    for (const Rule& rule : index.inventory().rules()) {
      if (rule.direction != Direction::kIngress) continue;
      if (CheckRule(index, rule, questions[i]).answer() != Answer::kNo) ++found;
    }
    benchmark::DoNotOptimize(found);
    i = (i + 1) % questions.size();
  }
}
BENCHMARK(BM_Scan)->ArgNames({"rules", "entries"})->ArgsProduct({{10, 100, 1000}, {0, 1000}});

}  // namespace
}  // namespace sgflow::bench
