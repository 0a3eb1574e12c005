// A fault of S3 as a batch's error.
#pragma once

#include <utility>

#include "aws/client.h"

namespace sgflow {

// What is not there is the input's doing, all else the environment's.
inline Error ErrorOf(AwsFault fault) {
  if (fault.kind == AwsFault::Kind::kNotFound) fault.error.kind = ErrorKind::kInput;
  return std::move(fault.error);
}

}  // namespace sgflow
