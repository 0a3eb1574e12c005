// The json output (docs/schema.md): one object a line, AWS's Parquet column names.
#pragma once

#include <memory>

#include "output/encoder.h"

namespace sgflow {

std::unique_ptr<Encoder> MakeJsonEncoder(std::shared_ptr<const Inventory> inventory);

}  // namespace sgflow
