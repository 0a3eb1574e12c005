// Which of a record's fields and of sgflow's columns are written.
#pragma once

#include <bitset>
#include <string_view>

#include "error/error.h"
#include "flowlog/record_layout.h"
#include "output/column.h"
#include "output/output_format.h"

namespace sgflow {

// A small value. Names may be written with hyphens, underscores or in camel case.
class FieldSelection {
 public:
  // What an option, or a variable, says.
  struct Names {
    std::string_view option;  // what messages call it
    std::string_view list;    // set apart by commas
  };

  // All fields of the record and the columns that are written by default.
  FieldSelection();

  // `fields`: of those alone that are to be written; one that starts with + is written besides what
  // is written by default. Empty: the default. `drop`: of those that are not. The classic format's
  // `security-groups` is a name too. Error (kUsage): all names that there are none of, with those
  // that are near, and all columns to be written that the format does not have; or that nothing is
  // left.
  [[nodiscard]] static Result<FieldSelection> Parse(OutputFormat format, const Names& fields,
                                                    const Names& drop);

  // Of a name that is no field, also: not where sgflow writes a column of that name itself.
  bool Includes(const RecordLayout::Column& column) const;
  bool Includes(Column column) const { return columns_.test(static_cast<std::size_t>(column)); }
  bool includes_security_groups() const { return security_groups_; }

  // Whether a column is written that a verdict is needed for, and whether one of its words.
  bool needs_verdict() const;
  bool needs_words() const { return Includes(Column::kSgReason) || Includes(Column::kSgNearest); }

 private:
  // False where there is no such name.
  bool Set(std::string_view name, bool included);
  bool IsEmpty(OutputFormat format) const;

  std::bitset<kFieldCount> fields_;
  std::bitset<kColumnCount> columns_;
  bool unknown_fields_ = true;  // those that the catalogue lacks
  bool security_groups_ = true;
};

}  // namespace sgflow
