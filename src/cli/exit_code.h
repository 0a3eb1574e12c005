// What the program's exit code says.
#pragma once

#include "error/error.h"

namespace sgflow {

enum ExitCode : int {
  kSuccess = 0,         // all records enriched
  kSomeInputBad = 1,    // some input could not be processed, a missing file included; the rest was
  kBadUsage = 2,        // an inventory that is missing or unusable included: nothing was processed
  kBadEnvironment = 3,  // disk, network, credentials
  kAnsweredNo = 4,      // whatif: something accepted today would break
};

constexpr ExitCode ExitCodeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage:
    case ErrorKind::kInventory:
      return kBadUsage;
    case ErrorKind::kInput:
      return kSomeInputBad;
    case ErrorKind::kEnvironment:
      return kBadEnvironment;
  }
  return kBadEnvironment;
}

}  // namespace sgflow
