// Inventories from files on disk.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "documents/documents.h"
#include "error/error.h"

namespace sgflow {

// Reads the files, plain or gzip, whole and makes one inventory of them. The errors of all files
// are given together: kInventory for what stands in them, kEnvironment for what could not be read.
[[nodiscard]] std::expected<LoadedInventory, std::vector<Error>> LoadInventoryFiles(
    std::span<const std::string> paths);

// A document's bytes, plain or gzip, as text. An error is kInventory and names it.
[[nodiscard]] Result<std::string> InflatedDocument(const std::string& name, std::string bytes);

// An inventory of bytes that were read elsewhere; `name` is for messages.
[[nodiscard]] std::expected<LoadedInventory, std::vector<Error>> LoadInventoryBytes(
    const std::string& name, std::string bytes);

}  // namespace sgflow
