// Which input an output was made of, so that none is written over with another's.
#pragma once

#include <string>
#include <string_view>

#include "batch/plan.h"
#include "batch/storage.h"

namespace sgflow {

// OutputNote::source, of InputStore::Identity: printable ASCII without blanks, other bytes as %XX;
// of a very long one the beginning and a hash, as S3 takes no more than 2 KB of metadata.
std::string SourceOf(std::string_view identity);

// kInput, at the input: the output is `source`'s. `advice`: what to do about it.
Error OfAnotherInput(const PlannedInput& planned, const std::string& source, std::string advice);

}  // namespace sgflow
