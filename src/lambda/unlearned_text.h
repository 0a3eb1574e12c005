// Records that AWS could not be asked about, in a line of the log.
#pragma once

#include <string>

#include "enrich/enricher.h"

namespace sgflow {

// As "3 records: it throttles ...; 1 record: ...".
std::string TextOf(const RecordsByReason& records);

}  // namespace sgflow
