// How well the verdicts fit the inventory: sgflow's accuracy as real traffic shows it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enrich/enricher.h"
#include "inventory/inventory.h"

namespace sgflow {

struct SelfCheck {
  std::uint64_t judged = 0;       // allowed or denied, whatever the reason
  std::uint64_t unexplained = 0;  // of those: they contradict the inventory
};
SelfCheck CheckOf(const EnrichCounters& counters);

// A plain sentence where more than one judged record in a hundred is unexplained. `is_live`: the
// inventory is asked of AWS, and no file of it can be mended.
std::optional<std::string> HintOf(const EnrichCounters& counters, const Inventory& inventory,
                                  bool is_live);

// The groups and prefix lists that rules reference and the inventory lacks, each once, sorted.
std::vector<std::string> LackingReferences(const Inventory& inventory);

}  // namespace sgflow
