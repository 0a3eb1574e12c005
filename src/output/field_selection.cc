#include "output/field_selection.h"

#include <algorithm>
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

}  // namespace

FieldSelection::FieldSelection() {
  fields_.set();
  for (const ColumnInfo& info : Columns()) {
    columns_.set(static_cast<std::size_t>(info.column), info.by_default);
  }
}

Result<FieldSelection> FieldSelection::Parse(std::string_view fields, std::string_view drop) {
  FieldSelection selection;
  const auto wanted = SplitNames(fields);
  if (std::ranges::any_of(wanted, [](std::string_view name) { return !name.starts_with('+'); })) {
    selection.fields_.reset();
    selection.columns_.reset();
    selection.unknown_fields_ = false;
    selection.security_groups_ = false;
  }
  for (std::string_view name : wanted) {
    if (name.starts_with('+')) name.remove_prefix(1);
    if (auto set = selection.Set(name, true); !set) return std::unexpected(std::move(set.error()));
  }
  for (const std::string_view name : SplitNames(drop)) {
    if (auto set = selection.Set(name, false); !set) return std::unexpected(std::move(set.error()));
  }
  return selection;
}

Result<void> FieldSelection::Set(std::string_view name, bool included) {
  if (const auto field = FindField(name)) {
    fields_.set(static_cast<std::size_t>(*field), included);
  } else if (const auto column = FindColumn(name)) {
    columns_.set(static_cast<std::size_t>(*column), included);
  } else if (name == kSecurityGroups || name == "security_groups") {
    security_groups_ = included;
  } else {
    const std::string near = NamesNear(name);
    return std::unexpected(Error{.kind = ErrorKind::kUsage,
                                 .message = "'" + std::string(name) + "' is no field and no column",
                                 .place = {},
                                 .hint = near.empty()
                                             ? "docs/fields.md and docs/schema.md have the names"
                                             : "near it: " + near});
  }
  return {};
}

bool FieldSelection::Includes(const RecordLayout::Column& column) const {
  if (column.field) return fields_.test(static_cast<std::size_t>(*column.field));
  return unknown_fields_ && !FindColumn(column.name) && column.name != kSecurityGroups;
}

bool FieldSelection::needs_verdict() const {
  auto verdict = columns_;
  verdict.reset(static_cast<std::size_t>(Column::kSgIds));
  verdict.reset(static_cast<std::size_t>(Column::kSgRules));
  return verdict.any();
}

}  // namespace sgflow
