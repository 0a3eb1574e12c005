// The inventory that --inventory names: files and folders together, or what a store holds.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "store/inventory_history.h"

namespace sgflow {

// Its latest state is loaded whole, with every error and warning told on standard error. The exit
// code where it is unusable. `live` is: there is nothing whole to be loaded.
[[nodiscard]] std::expected<InventoryHistory, int> LoadNamedInventory(
    const std::vector<std::string>& names, std::string_view option);

}  // namespace sgflow
