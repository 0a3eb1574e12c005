// The classic output (docs/classic-format.md): byte for byte what the earlier Python function
// wrote.
#pragma once

#include <memory>

#include "output/encoder.h"

namespace sgflow {

std::unique_ptr<Encoder> MakeClassicEncoder(std::shared_ptr<const Inventory> inventory);

}  // namespace sgflow
