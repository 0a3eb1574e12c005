// Of which moment a document is, found out without making an inventory of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/documents.h"

namespace sgflow {

struct DocumentMoment {
  std::chrono::sys_seconds captured_at;  // the oldest `CapturedAt`
  std::vector<std::string> places;       // account and Region of each `Snapshot` in it
};

// None where the document has no CapturedAt, as what the AWS CLI prints, or is none that could be
// read: what is wrong with it is told by LoadInventory. O(length), and next to nothing where the
// word stands nowhere in it.
std::optional<DocumentMoment> FindMoment(const Document& document);

// The text but for the times in `CapturedAt`: snapshots that differ in nothing else say the same.
std::string WithoutMoment(std::string_view text);

// Of what is left without them. Not for what somebody may want to collide.
std::uint64_t HashWithoutMoment(std::string_view text);

}  // namespace sgflow
