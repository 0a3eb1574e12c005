// A search for the records that an account's inventory makes the most of.
#pragma once

#include <functional>
#include <memory>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"

namespace sgflow {

// Has `weigh` weigh records of every interface's, and looks for the heaviest: whoever weighs keeps
// what it wants of them. All traffic is tried that TrafficChoices tells apart, refused and
// accepted, both ways, openings and replies. Where that is too much, as for many interfaces or
// rules, each interface's best is climbed for (the best manner, the best peer for that, the best
// ports for these, until nothing is better) from several beginnings, and the heaviest interfaces
// are searched once more with more patience. The work is bounded, and the same inventory gives the
// same records.
//
// `weigh`: a record's weight; its views are valid during the call.
void SearchHeaviestRecords(const Inventory& inventory,
                           const std::shared_ptr<const RecordLayout>& layout,
                           const std::function<double(const FlowRecord&)>& weigh);

}  // namespace sgflow
