// The json output (docs/schema.md): one object a line, AWS's Parquet column names.
#pragma once

#include <memory>

#include "output/encoder.h"
#include "output/field_selection.h"

namespace sgflow {

std::unique_ptr<Encoder> MakeJsonEncoder(std::shared_ptr<const Inventory> inventory,
                                         const FieldSelection& selection);

}  // namespace sgflow
