// Documents of configuration in, an inventory out, with every message about them.
#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "inventory/inventory.h"
#include "inventory/inventory_report.h"

namespace sgflow {

inline constexpr std::size_t kDocumentPadding = 64;

// What a file holds, un-gzipped.
struct Document {
  std::string name;       // for messages
  std::string_view text;  // must live during the call that takes the document
  // The kDocumentPadding bytes behind `text` may be read, whatever they are. Saves a copy.
  bool is_padded = false;
};

struct LoadedInventory {
  std::shared_ptr<const Inventory> inventory;
  std::vector<InventoryWarning> warnings;  // each kind once, with a count
};

// Reads the JSON that the AWS CLI prints (describe-network-interfaces, -security-groups,
// -security-group-rules, -prefix-lists, -managed-prefix-lists, -network-acls, -subnets and
// -instances, get-managed-prefix-list-entries) and sgflow's own snapshots; docs/inventory.md has
// the commands and every message.
//
// The order of the documents changes nothing: they are taken in the order of their names. Errors
// are those of all documents, at most InventoryReport::kMostErrors and one that counts the rest.
// O(n log n) in the length of the texts. Large documents are parsed in pieces: besides the texts
// and the inventory a megabyte or two is held.
[[nodiscard]] std::expected<LoadedInventory, std::vector<Error>> LoadInventory(
    std::span<const Document> documents);
// The same, with what could not be learned.
[[nodiscard]] std::expected<LoadedInventory, std::vector<Error>> LoadInventory(
    std::span<const Document> documents, std::vector<Unlearned> unlearned);

}  // namespace sgflow
