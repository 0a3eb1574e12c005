#include "cli/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <utility>

#include "enrich/self_check.h"
#include "verdict/verdict.h"

namespace sgflow {
namespace {

void PrintVerdicts(const EnrichCounters& counters, const Inventory& inventory, bool is_live) {
  for (std::size_t i = 0; i < kVerdictKindCount; ++i) {
    if (counters.verdicts[i] == 0) continue;
    fmt::print(stderr, "  {:<26} {}\n", NameOf(static_cast<VerdictKind>(i)), counters.verdicts[i]);
  }
  const SelfCheck check = CheckOf(counters);
  if (check.judged != 0) {
    fmt::print(stderr, "unexplained        {} of {} judged ({:.2f} %)\n", check.unexplained,
               check.judged,
               100.0 * static_cast<double>(check.unexplained) / static_cast<double>(check.judged));
  }
  if (const auto hint = HintOf(counters, inventory, is_live)) {
    fmt::print(stderr, "                   {}\n", *hint);
  }
  const auto lacking = LackingReferences(inventory);
  if (!lacking.empty()) {
    constexpr std::size_t kShown = 10;
    fmt::print(
        stderr, "not in inventory   {}{}\n",
        fmt::join(lacking.begin(),
                  lacking.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, lacking.size())),
                  ", "),
        lacking.size() > kShown ? fmt::format(" and {} more", lacking.size() - kShown) : "");
  }
}

}  // namespace

void PrintSummary(const EnrichCounters& counters, const Inventory& inventory, bool is_live,
                  std::uint64_t rejected, double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(counters.records) / seconds : 0;
  fmt::print(stderr,
             "records            {}\n"
             "enriched           {}\n"
             "unknown interface  {}\n",
             counters.records + rejected, counters.enriched, counters.unknown_interface);
  fmt::print(stderr,
             "nothing to enrich  {}\n"
             "malformed          {}\n",
             counters.nothing_to_enrich, rejected);
  std::string_view name = "not all learned";
  for (const auto& [reason, count] : counters.unlearned) {
    fmt::print(stderr, "{:<18} {}: {}\n", std::exchange(name, {}), count, reason);
  }
  PrintVerdicts(counters, inventory, is_live);
  fmt::print(stderr, "seconds            {:.3f}\nrecords/s          {:.0f}\n", seconds, rate);
}

}  // namespace sgflow
