// One document of the AWS CLI or of sgflow itself, parsed already.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "documents/json_reader.h"
#include "inventory/inventory_builder.h"

namespace sgflow {

// Hands what the document describes to the builder. False where it has none of the keys that
// sgflow knows; the report is then without a word of it.
[[nodiscard]] bool ReadDocument(JsonObject& document, std::string_view file,
                                InventoryBuilder& builder);

// The keys of a document that sgflow knows. Those of lists may be cut (JsonReading).
std::span<const std::string_view> KnownKeys();

// What to say of a document without a known key: the one that was meant, or which there are.
std::string KnownKeysHint(const JsonObject& document);

}  // namespace sgflow
