#include "output/field_selection.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sgflow {
namespace {

constexpr std::string_view kSecurityGroups = "security-groups";

std::vector<std::string_view> SplitNames(std::string_view list) {
  std::vector<std::string_view> names;
  constexpr std::string_view kSeparators = ", \t\n";
  std::size_t at = 0;
  while ((at = list.find_first_not_of(kSeparators, at)) != std::string_view::npos) {
    const std::size_t end = std::min(list.find_first_of(kSeparators, at), list.size());
    names.push_back(list.substr(at, end - at));
    at = end;
  }
  return names;
}

// "sg_verdict, sg_reason": the names that the unknown one may stand for.
std::string NamesNear(std::string_view name) {
  std::vector<std::string_view> all;
  for (const FieldInfo& info : FieldCatalogue()) all.push_back(info.name);
  for (const ColumnInfo& info : Columns()) all.push_back(info.name);
  all.push_back(kSecurityGroups);
  std::string near;
  for (const std::string_view candidate : NearestNames(name, all)) {
    if (!near.empty()) near += ", ";
    near += candidate;
  }
  return near;
}

bool IsSecurityGroups(std::string_view name) {
  return name == kSecurityGroups || name == "security_groups";
}

// The only format that has the column; none for those that all have.
std::optional<OutputFormat> FormatOf(std::string_view name) {
  if (FindField(name) || FindColumn(name) == Column::kSgflowRecordId) return std::nullopt;
  return IsSecurityGroups(name) ? OutputFormat::kClassic : OutputFormat::kJson;
}

Error UsageError(std::string message, std::string hint) {
  return {.kind = ErrorKind::kUsage,
          .message = std::move(message),
          .place = {},
          .hint = std::move(hint)};
}

// All that is wrong, told at once.
class Complaints {
 public:
  void AddUnknown(std::string_view option, std::string_view name) {
    const std::string near = NamesNear(name);
    Add(option, name,
        "is no field and no column" + (near.empty() ? "" : " (near it: " + near + ")"));
    if (near.empty()) hint_ = "docs/fields.md and docs/schema.md have the names";
  }

  void AddForeign(std::string_view option, std::string_view name, OutputFormat its,
                  OutputFormat format) {
    Add(option, name,
        "is a column of the " + std::string(NameOf(its)) + " format, and this is " +
            std::string(NameOf(format)));
  }

  void AddSubtracted(std::string_view option, std::string_view name, std::string_view drop) {
    Add(option, name, "is no name; " + std::string(drop) + " leaves out");
  }

  void AddNothing(std::string_view option) { text_.append(option).append(": names no field"); }

  bool empty() const { return text_.empty(); }
  Error ToError() const { return UsageError(text_, hint_); }

 private:
  void Add(std::string_view option, std::string_view name, const std::string& what) {
    if (!text_.empty()) text_ += "; ";
    text_.append(option).append(": '").append(name).append("' ").append(what);
  }

  std::string text_;
  std::string hint_;
};

}  // namespace

FieldSelection::FieldSelection() {
  fields_.set();
  for (const ColumnInfo& info : Columns()) {
    columns_.set(static_cast<std::size_t>(info.column), info.by_default);
  }
}

Result<FieldSelection> FieldSelection::Parse(OutputFormat format, const Names& fields,
                                             const Names& drop) {
  FieldSelection selection;
  Complaints complaints;
  const auto wanted = SplitNames(fields.list);
  const auto adds = [](std::string_view name) { return name.starts_with('+'); };
  if (wanted.empty() && !fields.list.empty()) complaints.AddNothing(fields.option);
  if (!std::ranges::all_of(wanted, adds)) {
    selection.fields_.reset();
    selection.columns_.reset();
    selection.unknown_fields_ = false;
    selection.security_groups_ = false;
  }
  for (std::string_view name : wanted) {
    if (adds(name)) name.remove_prefix(1);
    if (name.starts_with('-')) {
      complaints.AddSubtracted(fields.option, name, drop.option);
    } else if (!selection.Set(name, true)) {
      complaints.AddUnknown(fields.option, name);
    } else if (const auto only = FormatOf(name); only && *only != format) {
      complaints.AddForeign(fields.option, name, *only, format);
    }
  }
  for (const std::string_view name : SplitNames(drop.list)) {
    if (!selection.Set(name, false)) complaints.AddUnknown(drop.option, name);
  }
  if (!complaints.empty()) return std::unexpected(complaints.ToError());
  if (selection.IsEmpty(format)) {
    return std::unexpected(UsageError(
        std::string(fields.option) + " and " + std::string(drop.option) + " leave nothing to write",
        "name a field or column of the " + std::string(NameOf(format)) + " format"));
  }
  return selection;
}

bool FieldSelection::Set(std::string_view name, bool included) {
  if (const auto field = FindField(name)) {
    fields_.set(static_cast<std::size_t>(*field), included);
  } else if (const auto column = FindColumn(name)) {
    columns_.set(static_cast<std::size_t>(*column), included);
  } else if (IsSecurityGroups(name)) {
    security_groups_ = included;
  } else {
    return false;
  }
  return true;
}

bool FieldSelection::IsEmpty(OutputFormat format) const {
  const bool any_column = format == OutputFormat::kJson
                              ? columns_.any()
                              : security_groups_ || Includes(Column::kSgflowRecordId);
  return fields_.none() && !unknown_fields_ && !any_column;
}

bool FieldSelection::Includes(const RecordLayout::Column& column) const {
  if (column.field) return fields_.test(static_cast<std::size_t>(*column.field));
  return unknown_fields_ && !FindColumn(column.name) && column.name != kSecurityGroups;
}

bool FieldSelection::needs_verdict() const {
  auto verdict = columns_;
  verdict.reset(static_cast<std::size_t>(Column::kSgIds));
  verdict.reset(static_cast<std::size_t>(Column::kSgRules));
  verdict.reset(static_cast<std::size_t>(Column::kInventoryAsOf));
  verdict.reset(static_cast<std::size_t>(Column::kSgflowRecordId));
  return verdict.any();
}

}  // namespace sgflow
