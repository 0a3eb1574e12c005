// Of which moment a document is, found out without making an inventory of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "documents/documents.h"

namespace sgflow {

// What a `Snapshot` is of. An empty member was not told.
struct CapturedPlace {
  std::string account_id;
  std::string region;
  std::vector<std::string> vpc_ids;  // `Coverage.VpcIds`; empty: all that there are

  friend bool operator==(const CapturedPlace&, const CapturedPlace&) = default;
};

// The capture before one, and until when nothing had changed since: `PreviousCapturedAt` and
// `PreviousSeenAt`.
struct CaptureBefore {
  std::chrono::sys_seconds captured_at;
  std::chrono::sys_seconds seen_at;

  friend bool operator==(const CaptureBefore&, const CaptureBefore&) = default;
};

struct DocumentMoment {
  std::chrono::sys_seconds captured_at;   // the oldest `CapturedAt`
  std::vector<CapturedPlace> places;      // of each `Snapshot` in it
  std::optional<CaptureBefore> before{};  // of the first one that tells it
};

// None where the document has no CapturedAt, as what the AWS CLI prints, or is none that could be
// read: what is wrong with it is told by LoadInventory. O(length), and next to nothing where the
// word stands nowhere in it.
std::optional<DocumentMoment> FindMoment(const Document& document);

// The ids of the interfaces, groups, prefix lists, ACLs and subnets that the document describes.
// O(length). None of one that could not be read.
std::unordered_set<std::string> FindDescribedIds(const Document& document);

// The text of a sgflow snapshot with this said in its first `Snapshot`.
std::string WithBefore(std::string_view text, const CaptureBefore& before);

// The text but for the times in `CapturedAt` and what WithBefore adds: snapshots that differ in
// nothing else say the same.
std::string WithoutMoment(std::string_view text);

// Of the text but for the times in `CapturedAt`. Not for what somebody may want to collide.
std::uint64_t HashWithoutMoment(std::string_view text);

}  // namespace sgflow
