// The sentence of sg_reason.
#pragma once

#include <string>
#include <string_view>

#include "verdict/inventory_index.h"
#include "verdict/verdict.h"

namespace sgflow {

// The network ACL that the verdict lacks, where AWS could not be asked for it; else null.
const Unlearned* UnlearnedAclOf(const Verdict& verdict, const InventoryIndex& index);

// `doubt`: NearMisses::doubt, where a can't-tell rule plays a part.
std::string ReasonOf(const Verdict& verdict, std::string_view doubt, const InventoryIndex& index);

}  // namespace sgflow
