// Which field stands where in a line.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "flowlog/field.h"

namespace sgflow {

// More columns than any flow log can have today; a longer header is refused.
inline constexpr std::size_t kMaxColumns = 128;

// Immutable. Shared by the records of a file, so that whatever an encoder prepares for a layout
// it prepares once; two layouts are the same exactly when their pointers are.
class RecordLayout {
 public:
  struct Column {
    // None: a name that the catalogue lacks, carried through as text. AWS adds fields every year.
    std::optional<Field> field;
    // AWS's spelling, or the unknown name as it was given.
    std::string name;

    friend bool operator==(const Column&, const Column&) = default;
  };

  // A preset's name (v2 to v11, classic), AWS's "${version} ${account-id}", or plain names, set
  // apart by blanks or commas. Errors: a name twice, no name that is known, too many columns.
  [[nodiscard]] static Result<std::shared_ptr<const RecordLayout>> Parse(std::string_view format);

  // From names that were set apart already, as those of a header. Errors as Parse.
  [[nodiscard]] static Result<std::shared_ptr<const RecordLayout>> FromNames(
      std::span<const std::string_view> names);

  // AWS's default format, version 2; the 29 fields of version 5 in alphabetical order, as the
  // console's "Select all" writes them; the Transit Gateway's default format.
  static const std::shared_ptr<const RecordLayout>& Default();
  static const std::shared_ptr<const RecordLayout>& Classic();
  static const std::shared_ptr<const RecordLayout>& TransitGateway();

  std::span<const Column> columns() const { return columns_; }
  std::size_t size() const { return columns_.size(); }

  // Where the field stands; none where the layout lacks it.
  std::optional<std::size_t> IndexOf(Field field) const {
    const std::uint8_t index = index_[static_cast<std::size_t>(field)];
    if (index == kAbsent) return std::nullopt;
    return index;
  }

  // Whether its records are a transit gateway's own: it has one of their fields.
  bool of_transit_gateway() const { return of_transit_gateway_; }

  // The columns that are more than text, for a record's type check.
  struct TypedColumn {
    std::uint8_t index;
    FieldType type;
    std::uint64_t limit;   // the largest number that can stand there
    std::uint8_t address;  // of an address: its place among kAddressFields
  };
  std::span<const TypedColumn> typed_columns() const { return typed_columns_; }

 private:
  static constexpr std::uint8_t kAbsent = 0xFF;

  explicit RecordLayout(std::vector<Column> columns);

  std::vector<Column> columns_;
  std::vector<TypedColumn> typed_columns_;
  std::array<std::uint8_t, kFieldCount> index_{};
  bool of_transit_gateway_ = false;
};

// One message for each column that the catalogue lacks, with the field it may be a slip of.
std::vector<std::string> UnknownColumns(const RecordLayout& layout);

}  // namespace sgflow
