// What a run counted, for the person at the terminal.
#pragma once

#include <cstdint>

#include "enrich/enricher.h"
#include "inventory/inventory.h"

namespace sgflow {

// To standard error. `rejected` are the records that could not be read; `is_live`: HintOf.
void PrintSummary(const EnrichCounters& counters, const Inventory& inventory, bool is_live,
                  std::uint64_t rejected, double seconds);

}  // namespace sgflow
