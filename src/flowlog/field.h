// The catalogue of flow-log fields: every field of VPC Flow Logs 2 to 11 and of Transit Gateway
// flow logs, in one table (field_table.inc).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sgflow {

enum class Field : std::uint8_t {
#define SGFLOW_FIELD(enumerator, name, type, version, family, meaning) enumerator,
#include "flowlog/field_table.inc"
#undef SGFLOW_FIELD
};

inline constexpr std::size_t kFieldCount = 0
#define SGFLOW_FIELD(enumerator, name, type, version, family, meaning) +1
#include "flowlog/field_table.inc"
#undef SGFLOW_FIELD
    ;

// AWS's types of the Parquet columns, and addresses, which AWS types as text.
enum class FieldType : std::uint8_t { kText, kInteger32, kInteger64, kAddress };

// The fields that hold an address.
inline constexpr std::array kAddressFields = {Field::kSrcaddr, Field::kDstaddr, Field::kPktSrcaddr,
                                              Field::kPktDstaddr};
// The field's place among them; kAddressFields.size() for any other.
constexpr std::size_t AddressPlace(Field field) {
  std::size_t place = 0;
  while (place < kAddressFields.size() && kAddressFields[place] != field) ++place;
  return place;
}

enum class FieldFamily : std::uint8_t { kVpc, kTransitGateway };

struct FieldInfo {
  Field field;
  std::string_view name;    // AWS's, with hyphens
  std::string_view column;  // AWS's Parquet column, with underscores
  FieldType type;
  int version;  // the flow-log version that brought it
  FieldFamily family;
  std::string_view meaning;
};

// In the table's order; indexed by Field.
std::span<const FieldInfo, kFieldCount> FieldCatalogue();

inline const FieldInfo& InfoOf(Field field) {
  return FieldCatalogue()[static_cast<std::size_t>(field)];
}

// Hyphens, underscores, camel case and capitals all name the same field.
[[nodiscard]] std::optional<Field> FindField(std::string_view name);

// By a name that others have for it: Logs Insights' startTime and endTime; the columns of the table
// that Athena's guide had people make before 2020 (sourceaddress, numpackets, ...), which saved
// results and queries have still. It may as well be a column of another meaning.
[[nodiscard]] std::optional<Field> FindForeignField(std::string_view name);

// Those of `names` that `name` may be a slip of, nearest first, at most three: few letters differ,
// or one begins with the other.
std::vector<std::string_view> NearestNames(std::string_view name,
                                           std::span<const std::string_view> names);

// Whether its values are integers.
bool IsNumber(const std::optional<Field>& field);

// The closest catalogue name, for a message; empty where none is close.
std::string_view NearestFieldName(std::string_view name);

// What a number in the field cannot exceed: by its Parquet type, for ports and protocols by theirs.
std::uint64_t LargestNumber(Field field);

// `text` as a value of the type, "-" included. Integers are digits only, of at most 20.
bool FitsType(FieldType type, std::string_view text);

// As FitsType, and what AWS's documentation says of the field's values on top (ranges, closed
// sets, id prefixes): strict enough to tell one order of fields from another.
bool FitsField(Field field, std::string_view text);

}  // namespace sgflow
