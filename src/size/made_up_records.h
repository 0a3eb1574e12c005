// Records that an account might have, for when there is no log of it: made of its inventory alone.
#pragma once

#include <functional>
#include <memory>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"

namespace sgflow {

// Of every interface that has groups, in both directions: traffic that some of its rules let
// through, traffic that they nearly let through, and traffic that none does. The same for the same
// inventory. A record's views are valid during the call. Fields that hang on more than the
// inventory are `-`.
void MakeUpRecords(const Inventory& inventory, const std::shared_ptr<const RecordLayout>& layout,
                   const std::function<void(const FlowRecord&)>& take);

}  // namespace sgflow
