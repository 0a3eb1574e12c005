// AWS Config's items: what a resource was from a moment on.
//
// Source: docs.aws.amazon.com/config/latest/developerguide/config-item-table.html, and the files
// that Config delivers to S3.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/documents.h"
#include "inventory/description.h"
#include "inventory/inventory_report.h"

namespace sgflow {

struct ConfigItem {
  ListedKind kind = ListedKind::kSecurityGroups;
  std::string resource_id;
  // Where it is; empty: not told.
  std::string account_id;
  std::string region;
  std::string vpc_id;
  // Where the item stands.
  std::shared_ptr<const std::string> file;
  std::string_view list;
  std::uint32_t index = 0;
  // `configurationItemCaptureTime`; none: not told, as in what a query selects. True at all times.
  std::optional<std::chrono::sys_seconds> captured_at;
  // `configurationStateId`: which of two of one second is the later one.
  std::uint64_t state_id = 0;
  // As the AWS CLI prints the resource, with what sgflow reads of it. Empty: from here on it is
  // gone, or nothing is known of it.
  std::string json;

  // As FILE: configurationItems[0].configuration.
  Place place() const;
};

// Whether the text may be Config's. Next to nothing where it is not.
bool MayBeConfig(std::string_view text);

// Adds the items of interfaces, security groups, network ACLs, subnets and prefix lists that the
// document has: a history or snapshot file, what get-resource-config-history or
// batch-get-resource-config prints, or what select-resource-config does; of versions since 1.2
// (2017). Other kinds are passed over. What is wrong goes to `report`. False where it is none of
// these.
bool ReadConfig(const Document& document, std::vector<ConfigItem>& items, InventoryReport& report);

}  // namespace sgflow
