#include "flowlog/record_layout.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace sgflow {
namespace {

// The order of AWS's default Transit Gateway format, which takes 14 fields from the VPC's.
constexpr std::string_view kTransitGatewayFormat =
    "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
    "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
    "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr "
    "srcport dstport protocol packets bytes start end log-status type packets-lost-no-route "
    "packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region "
    "flow-direction pkt-src-aws-service pkt-dst-aws-service";

constexpr int kNewestVersion = 11;

std::vector<std::string_view> SplitNames(std::string_view format) {
  std::vector<std::string_view> names;
  constexpr std::string_view kSeparators = " ,\t\r\n";
  std::size_t at = 0;
  while ((at = format.find_first_not_of(kSeparators, at)) != std::string_view::npos) {
    const std::size_t end = std::min(format.find_first_of(kSeparators, at), format.size());
    std::string_view name = format.substr(at, end - at);
    if (name.starts_with("${") && name.ends_with('}')) name = name.substr(2, name.size() - 3);
    names.push_back(name);
    at = end;
  }
  return names;
}

// All VPC fields up to the version, in AWS's order.
std::vector<std::string_view> NamesOfVersion(int version) {
  std::vector<std::string_view> names;
  for (const FieldInfo& info : FieldCatalogue()) {
    if (info.family == FieldFamily::kVpc && info.version <= version) names.push_back(info.name);
  }
  return names;
}

std::optional<std::vector<std::string_view>> PresetNames(std::string_view name) {
  if (name == "classic") {
    auto names = NamesOfVersion(5);
    std::ranges::sort(names);
    return names;
  }
  if (!name.starts_with('v')) return std::nullopt;
  int version = 0;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), version);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  if (version < 2 || version > kNewestVersion) return std::nullopt;
  if (version == 6) return SplitNames(kTransitGatewayFormat);
  return NamesOfVersion(version);
}

// As the AWS CLI prints a flow log's LogFormat unless told `--output text`.
std::string_view WithoutQuotes(std::string_view format) {
  for (const char quote : {'"', '\''}) {
    if (format.size() >= 2 && format.starts_with(quote) && format.ends_with(quote)) {
      return format.substr(1, format.size() - 2);
    }
  }
  return format;
}

bool IsOfName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

Error LayoutError(std::string message, std::string hint = {}) {
  return {.kind = ErrorKind::kUsage,
          .message = std::move(message),
          .place = {},
          .hint = std::move(hint)};
}

}  // namespace

RecordLayout::RecordLayout(std::vector<Column> columns) : columns_(std::move(columns)) {
  index_.fill(kAbsent);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto& field = columns_[i].field;
    // A field that AWS adds to transit gateways later has that name too.
    of_transit_gateway_ = of_transit_gateway_ || columns_[i].name.starts_with("tgw-") ||
                          field == Field::kResourceType;
    if (!field) continue;
    const auto index = static_cast<std::uint8_t>(i);
    index_[static_cast<std::size_t>(*field)] = index;
    const FieldType type = InfoOf(*field).type;
    if (type == FieldType::kText) continue;
    typed_columns_.push_back({.index = index,
                              .type = type,
                              .limit = LargestNumber(*field),
                              .address = static_cast<std::uint8_t>(AddressPlace(*field))});
  }
}

Result<std::shared_ptr<const RecordLayout>> RecordLayout::FromNames(
    std::span<const std::string_view> names) {
  if (names.empty()) return std::unexpected(LayoutError("no field names"));
  if (names.size() > kMaxColumns) {
    return std::unexpected(LayoutError(std::to_string(names.size()) + " fields; at most " +
                                       std::to_string(kMaxColumns) + " can be read"));
  }
  std::vector<Column> columns;
  columns.reserve(names.size());
  // Others' names count where the fields' own are not there.
  const auto names_field = [&](Field field) {
    return std::ranges::any_of(names, [&](auto name) { return FindField(name) == field; });
  };
  const auto foreign_field = [&](std::string_view name) {
    const auto field = FindForeignField(name);
    return field && !names_field(*field) ? field : std::nullopt;
  };
  // `account` is too plain a word to stand alone for one.
  const bool of_others = std::ranges::any_of(names, [&](auto name) {
    const auto field = foreign_field(name);
    return field && *field != Field::kAccountId;
  });
  const auto field_of = [&](std::string_view name) {
    if (const auto field = FindField(name)) return field;
    const auto field = foreign_field(name);
    return field != Field::kAccountId || of_others ? field : std::nullopt;
  };
  bool any_known = false;
  for (const std::string_view name : names) {
    if (name.empty()) return std::unexpected(LayoutError("a field name is empty"));
    const auto field = field_of(name);
    any_known = any_known || field.has_value();
    columns.push_back({field, std::string(field ? InfoOf(*field).name : name)});
    for (std::size_t i = 0; i + 1 < columns.size(); ++i) {
      if (columns[i].name == columns.back().name) {
        return std::unexpected(LayoutError("field '" + columns.back().name + "' stands twice"));
      }
    }
  }
  if (!any_known) {
    const std::string_view nearest = NearestFieldName(names.front());
    return std::unexpected(LayoutError(
        "'" + std::string(names.front()) + "' is no flow-log field and no preset",
        nearest.empty() ? "presets are v2 to v11 and classic; docs/fields.md has the names"
                        : "did you mean " + std::string(nearest) + "?"));
  }
  return std::shared_ptr<const RecordLayout>(new RecordLayout(std::move(columns)));
}

Result<std::shared_ptr<const RecordLayout>> RecordLayout::Parse(std::string_view format) {
  format = WithoutQuotes(format);
  const auto names = SplitNames(format);
  for (const std::string_view name : names) {
    if (std::ranges::all_of(name, IsOfName)) continue;
    return std::unexpected(LayoutError("'" + std::string(name) + "' is no field's name",
                                       "write ${name} or name, set apart by blanks or commas"));
  }
  if (names.size() == 1) {
    if (const auto preset = PresetNames(names.front())) return FromNames(*preset);
  }
  return FromNames(names);
}

std::vector<std::string> UnknownColumns(const RecordLayout& layout) {
  std::vector<std::string> messages;
  for (const RecordLayout::Column& column : layout.columns()) {
    if (column.field) continue;
    const std::string_view nearest = NearestFieldName(column.name);
    messages.push_back("'" + column.name +
                       "' is no field that sgflow knows; it is carried as text" +
                       (nearest.empty() ? "" : " (did you mean " + std::string(nearest) + "?)"));
  }
  return messages;
}

const std::shared_ptr<const RecordLayout>& RecordLayout::Default() {
  static const auto* layout = new auto(*Parse("v2"));
  return *layout;
}

const std::shared_ptr<const RecordLayout>& RecordLayout::Classic() {
  static const auto* layout = new auto(*Parse("classic"));
  return *layout;
}

const std::shared_ptr<const RecordLayout>& RecordLayout::TransitGateway() {
  static const auto* layout = new auto(*Parse("v6"));
  return *layout;
}

}  // namespace sgflow
