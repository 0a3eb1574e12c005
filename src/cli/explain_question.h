// The question that is asked by options instead of a record.
#pragma once

#include "cli/explain_command.h"
#include "error/error.h"
#include "verdict/inventory_index.h"
#include "verdict/packet.h"

namespace sgflow {

// Whether any option of a question is given.
bool AsksQuestion(const ExplainOptions& options);

// What contradicts or is missing among the options, before anything is read. Error: kUsage.
[[nodiscard]] Result<void> CheckExplainOptions(const ExplainOptions& options);

// Requires options that CheckExplainOptions accepts. Error: kUsage where the inventory has no such
// interface, or several.
[[nodiscard]] Result<Packet> AskedPacket(const ExplainOptions& options,
                                         const InventoryIndex& index);

}  // namespace sgflow
