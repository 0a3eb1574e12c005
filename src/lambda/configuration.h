// How the function is set up: environment variables, all in one table.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "flowlog/record_layout.h"
#include "lambda/firehose_transform.h"
#include "lambda/json_log.h"
#include "lambda/partition_keys.h"
#include "lambda/snapshot_handler.h"
#include "live/open_inventory.h"
#include "output/encoder.h"
#include "output/field_selection.h"

namespace sgflow {

using Environment = std::map<std::string, std::string, std::less<>>;

// From the process's own: null-terminated NAME=VALUE strings.
Environment ReadEnvironment(const char* const* environment);

struct ConfigurationVariable {
  std::string_view name;
  std::string_view default_value;  // as docs/configuration.md says it
  std::string_view meaning;
};
// All that the function reads, and all that docs/configuration.md lists.
std::span<const ConfigurationVariable> ConfigurationVariables();

struct Configuration {
  OutputFormat format = OutputFormat::kClassic;
  std::shared_ptr<const RecordLayout> record_format;  // null: found out
  FieldSelection fields;
  InventorySetup inventory;
  Packing packing = Packing::kNone;
  PartitionKeys partition_keys;              // none: Firehose does not partition
  std::string reingest_stream;               // empty: none
  std::string metrics_namespace = "sgflow";  // empty: no metrics
  std::string output;                        // s3://BUCKET/PREFIX for objects; empty: none
  std::string format_options;                // BatchOptions::format_options
};

// A variable that is set to nothing counts as not set. Errors, all kUsage: a value that cannot be,
// or none where there must be one.
[[nodiscard]] Result<Configuration> ReadConfiguration(const Environment& environment);
// The part of it that says where the inventory comes from; programs beside the function take it
// from there too.
[[nodiscard]] Result<InventorySetup> ReadInventorySetup(const Environment& environment);

// What the function is to do where it takes snapshots; none where it is not set up for that. Errors
// as above.
[[nodiscard]] Result<std::optional<SnapshotSetup>> ReadSnapshotSetup(
    const Environment& environment);

// One message for each variable that is named like ours and is none of ours, and for each name in
// SGFLOW_RECORD_FORMAT that is no field.
std::vector<std::string> UnknownNames(const Environment& environment);

// INFO where Lambda sets none.
LogLevel ReadLogLevel(const Environment& environment);

// The variable's value; none where it is not set or empty.
std::optional<std::string_view> GetVariable(const Environment& environment, std::string_view name);

}  // namespace sgflow
