// Whether a record can be taken under a layout that nobody declared.
#pragma once

#include "flowlog/flow_record.h"

namespace sgflow {

// Every value is one that AWS writes in that field, and they go together as in a real record: the
// version is the layout's, times are in order, bytes are no fewer than packets, a record with
// traffic has all that traffic has. Requires one of RecordLayout's three well-known layouts.
bool FitsWellKnownLayout(FlowRecord& record);

}  // namespace sgflow
