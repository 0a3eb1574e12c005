// Judging whole records: 60 rules x 5 groups, 100,000 distinct peers, and nothing but refusals.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>

#include "verdict/conversations.h"
#include "verdict/explanation.h"
#include "verdict/judge.h"
#include "verdict/world.h"

namespace sgflow::bench {
namespace {

constexpr std::size_t kPeers = 100'000;

// What is left out of account: the line is split and its types are checked with or without a judge.
void BM_ReadAlone(benchmark::State& state) {
  Lines lines = Lines::DistinctPeers(kPeers);
  for (auto _ : state) benchmark::DoNotOptimize(lines.Next().values().data());
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ReadAlone);

// How long the fields take that a verdict needs, without judging.
void BM_ReadPacket(benchmark::State& state) {
  const InventoryIndex index(MakeWorld({}));
  Lines lines = Lines::DistinctPeers(kPeers);
  for (auto _ : state) {
    benchmark::DoNotOptimize(ReadPacket(lines.Next(), index));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_ReadPacket);

void BM_JudgeDistinctPeers(benchmark::State& state) {
  Judge judge(MakeWorld({.list_entries = static_cast<std::size_t>(state.range(0))}));
  Conversations conversations;
  Lines lines = Lines::DistinctPeers(kPeers);
  for (auto _ : state) {
    benchmark::DoNotOptimize(judge.Decide(lines.Next(), conversations));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_JudgeDistinctPeers)->Arg(0)->Arg(1000);

void BM_RefusedScansExplained(benchmark::State& state) {
  Judge judge(MakeWorld({.list_entries = static_cast<std::size_t>(state.range(0))}));
  Explainer explainer(judge.shared_index());
  Conversations conversations;
  Lines lines = Lines::RefusedScans(kPeers);
  for (auto _ : state) {
    const Verdict verdict = judge.Decide(lines.Next(), conversations);
    benchmark::DoNotOptimize(explainer.Reason(verdict));
    benchmark::DoNotOptimize(explainer.Nearest(verdict).size());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RefusedScansExplained)->Arg(0)->Arg(1000);

}  // namespace
}  // namespace sgflow::bench
