// The inventory that --inventory names: files together, or what a store holds.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"

namespace sgflow {

// `live`, or the URL of a store. Such a one cannot be put together with others.
bool IsSourceName(std::string_view name);

// Loaded whole, with every error and warning told on standard error. The exit code where it is
// unusable. `live` is: there is nothing whole to be loaded.
[[nodiscard]] std::expected<std::shared_ptr<const Inventory>, int> LoadNamedInventory(
    const std::vector<std::string>& names, std::string_view option);

}  // namespace sgflow
