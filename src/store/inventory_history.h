// Inventories of several times, of files, folders and prefixes in S3: put together to one, or to a
// timeline.
//
// One rule: documents of one moment are put together; those of other moments of the same account
// and Region, or VPC of it, and AWS Config's items, make a timeline; documents that say no moment
// belong to each.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "error/error.h"
#include "inventory/inventory.h"
#include "inventory/inventory_report.h"
#include "inventory/timeline.h"
#include "store/document_folder.h"

namespace sgflow {

struct InventoryHistory {
  // The latest, where there is a timeline.
  std::shared_ptr<const Inventory> inventory;
  // Null where nothing tells a moment, or single files tell one only. A folder's captures are a
  // timeline even where there is one alone.
  std::shared_ptr<Timeline> timeline;
};

// Called for each kind of warning, once; of a timeline's other points when they are loaded, on
// whatever thread asks for them.
using TellWarning = std::function<void(const InventoryWarning&)>;

// What a folder holds of single moments is read again when a record falls into its time, and read
// then for the first time where its name is one of `sgflow snapshot --append`: time and memory do
// not grow with the number of snapshots. All else is kept. Errors are those of the latest inventory
// and of AWS Config's files.
[[nodiscard]] std::expected<InventoryHistory, std::vector<Error>> LoadInventoryHistory(
    std::vector<NamedDocuments> named, TellWarning tell);

}  // namespace sgflow
