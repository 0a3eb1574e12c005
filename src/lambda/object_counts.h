// What became of the objects that an invocation was told of.
#pragma once

#include <array>
#include <cstdint>

#include "verdict/verdict.h"

namespace sgflow {

// Every object is exactly one of written, finished, passed and failed. A message that cannot be
// read counts as one that failed.
struct ObjectCounts {
  std::uint64_t objects = 0;
  std::uint64_t written = 0;
  std::uint64_t incomplete =
      0;                       // of those: AWS could not be asked all about it, and it comes again
  std::uint64_t cut_off = 0;   // of those written: the data ends in the middle or is damaged, and
                               // nobody knows how many records are lacking
  std::uint64_t finished = 0;  // before
  std::uint64_t passed = 0;    // it was no input
  std::uint64_t failed = 0;    // and comes again

  // Of those that were written.
  std::uint64_t flow_records = 0;
  std::uint64_t rejected = 0;           // lines that could not be read, beside flow_records
  std::uint64_t unknown_interface = 0;  // of flow_records
  std::array<std::uint64_t, kVerdictKindCount> verdicts{};  // of flow_records, by VerdictKind
};

}  // namespace sgflow
