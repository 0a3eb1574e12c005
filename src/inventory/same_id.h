// One thing described twice: the same content counts once, other content is an error, or of an
// earlier moment.
#pragma once

#include <span>
#include <vector>

#include "inventory/description.h"
#include "inventory/inventory_report.h"

namespace sgflow {

// Leaves the first description of every id, with what later ones add to it: a member that only one
// of them tells is no contradiction (an instance tells less of its interfaces than
// describe-network-interfaces does). Lists are compared without their order; the entries of a
// prefix list that is known in part only are put together. Of captures of different moments that
// contradict each other the later one counts; other contradictions are errors, which name both
// places. For each description of an inventory that has an id, but rules.
template <typename Description>
void MergeSameIds(std::vector<Description>& all, std::span<const DocumentDescription> documents,
                  InventoryReport& report);

// Of rules whose `group` is settled.
void MergeSameIds(std::vector<Rule>& rules, std::span<const Origin> origins,
                  std::span<const DocumentDescription> documents, InventoryReport& report);

}  // namespace sgflow
