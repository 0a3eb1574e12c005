// The columns that sgflow adds to a record's own, in one table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sgflow {

// In the order in which they are written.
enum class Column : std::uint8_t {
  kSgIds,
  kSgVerdict,
  kSgConfidence,
  kSgMatchedRules,
  kSgReason,
  kSgNearest,
  kNaclId,
  kNaclRule,
  kFlowInitiator,
  kLocalInterfaceType,
  kLocalName,
  kPeerInterfaceId,
  kPeerInstanceId,
  kPeerSgIds,
  kPeerName,
  kPeerKind,
  kInventoryAsOf,
  kSgRules,
  kSgflowRecordId,
};
inline constexpr std::size_t kColumnCount = 19;

struct ColumnInfo {
  Column column;
  std::string_view name;
  std::string_view type;  // as docs/schema.md says it
  bool by_default;
  std::string_view meaning;
};

// Indexed by Column; docs/schema.md is made from it.
std::span<const ColumnInfo, kColumnCount> Columns();

// Hyphens and underscores are the same.
[[nodiscard]] std::optional<Column> FindColumn(std::string_view name);

}  // namespace sgflow
