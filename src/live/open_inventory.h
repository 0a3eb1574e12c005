// Where an inventory comes from, by name.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "store/inventory_source.h"

namespace sgflow {

inline constexpr std::string_view kLiveInventory = "live";

struct InventorySetup {
  // That, a path, or an s3://, redis:// or rediss:// URL; a folder, or an s3:// URL with a slash at
  // its end, is one of snapshots over time.
  std::string name{kLiveInventory};
  std::chrono::seconds time_to_live{300};
  bool fail_on_error = false;
  // Live, trunks are learned with their branches; the classic format has no use for them.
  bool with_branches = true;
  // Whom AWS is asked by; empty: the environment's identity. Its {account-id} is each record's.
  std::string role_arn{};
  std::string redis_password_secret{};  // an ARN

  bool is_live() const { return name == kLiveInventory; }
};

// What is read from elsewhere is read once, and errors are all that is wrong with it; live there is
// nothing to be read yet. Warnings come with the first Refresh.
[[nodiscard]] std::expected<std::unique_ptr<InventorySource>, std::vector<Error>> OpenInventory(
    const InventorySetup& setup);

}  // namespace sgflow
