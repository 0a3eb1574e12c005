// The classic output (docs/classic-format.md): byte for byte what the earlier Python function
// wrote.
#pragma once

#include <memory>

#include "output/encoder.h"
#include "output/field_selection.h"

namespace sgflow {

std::unique_ptr<Encoder> MakeClassicEncoder(std::shared_ptr<const Inventory> inventory,
                                            const FieldSelection& selection);

}  // namespace sgflow
