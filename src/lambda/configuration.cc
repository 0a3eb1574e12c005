#include "lambda/configuration.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "flowlog/field.h"

namespace sgflow {
namespace {

constexpr std::string_view kPrefix = "SGFLOW_";
constexpr std::string_view kFormat = "SGFLOW_FORMAT";
constexpr std::string_view kRecordFormat = "SGFLOW_RECORD_FORMAT";
constexpr std::string_view kFields = "SGFLOW_FIELDS";
constexpr std::string_view kDrop = "SGFLOW_DROP";
constexpr std::string_view kInventory = "SGFLOW_INVENTORY";

constexpr std::array kVariables = {
    ConfigurationVariable{kInventory, "none: must be set",
                          "The inventory: path of a JSON file in the function's package or on a "
                          "file system that it mounts, plain or gzip"},
    ConfigurationVariable{kFormat, "`classic`",
                          "What a record becomes: `classic` (the record's fields as text and "
                          "`security-groups`) or `json` (typed columns)"},
    ConfigurationVariable{kRecordFormat, "found out",
                          "The fields of a record, in order, where no header tells: a preset (`v2` "
                          "to `v11`, `classic`) or the flow log's own format, as `${version} "
                          "${account-id} ...`. Not set, only AWS's default format, its Transit "
                          "Gateway default and the console's \"Select all\" are understood"},
    ConfigurationVariable{kFields, "all but `sg_rules`",
                          "The fields and columns to write, set apart by commas; `+NAME` adds one "
                          "to those written by default. Fewer cost less"},
    ConfigurationVariable{kDrop, "none", "Fields and columns to leave out"},
};

std::unexpected<Error> BadValue(std::string_view name, std::string message, std::string hint = {}) {
  return std::unexpected(
      Error{.kind = ErrorKind::kUsage,
            .message = std::move(message),
            .place = {.file = {}, .line = 0, .column = 0, .field = std::string(name)},
            .hint = std::move(hint)});
}

std::string FormatNames() {
  std::string names;
  for (const OutputFormatName& format : OutputFormats()) {
    names.append(names.empty() ? "" : ", ").append(format.name);
  }
  return names;
}

std::string NearestVariable(std::string_view name) {
  std::vector<std::string_view> names;
  for (const ConfigurationVariable& variable : kVariables) names.push_back(variable.name);
  const auto near = NearestNames(name, names);
  return near.empty() ? "" : "; did you mean " + std::string(near.front()) + "?";
}

}  // namespace

Environment ReadEnvironment(const char* const* environment) {
  Environment variables;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return variables;
}

std::span<const ConfigurationVariable> ConfigurationVariables() { return kVariables; }

Result<Configuration> ReadConfiguration(const Environment& environment) {
  Configuration configuration;
  if (const auto name = GetVariable(environment, kFormat)) {
    const auto format = FindOutputFormat(*name);
    if (!format) {
      return BadValue(kFormat, "there is no format '" + std::string(*name) + "'",
                      "one of: " + FormatNames());
    }
    configuration.format = *format;
  }
  if (const auto format = GetVariable(environment, kRecordFormat)) {
    auto layout = RecordLayout::Parse(*format);
    if (!layout) return BadValue(kRecordFormat, layout.error().message, layout.error().hint);
    configuration.record_format = std::move(*layout);
  }
  auto fields = FieldSelection::Parse(configuration.format,
                                      {kFields, GetVariable(environment, kFields).value_or("")},
                                      {kDrop, GetVariable(environment, kDrop).value_or("")});
  if (!fields) return std::unexpected(std::move(fields.error()));
  configuration.fields = *fields;
  const auto inventory = GetVariable(environment, kInventory);
  if (!inventory) return BadValue(kInventory, "is not set", "give the path of the inventory file");
  configuration.inventory = *inventory;
  return configuration;
}

std::vector<std::string> UnknownNames(const Environment& environment) {
  std::vector<std::string> messages;
  for (auto at = environment.lower_bound(kPrefix);
       at != environment.end() && at->first.starts_with(kPrefix); ++at) {
    if (std::ranges::find(kVariables, at->first, &ConfigurationVariable::name) !=
        kVariables.end()) {
      continue;
    }
    messages.push_back(at->first + " means nothing to sgflow" + NearestVariable(at->first));
  }
  const auto layout = RecordLayout::Parse(GetVariable(environment, kRecordFormat).value_or(""));
  if (!layout) return messages;  // not set, or an error that ReadConfiguration tells
  for (const std::string& message : UnknownColumns(**layout)) {
    messages.push_back(std::string(kRecordFormat) + ": " + message);
  }
  return messages;
}

LogLevel ReadLogLevel(const Environment& environment) {
  const auto name = GetVariable(environment, "AWS_LAMBDA_LOG_LEVEL");
  return name ? FindLogLevel(*name).value_or(LogLevel::kInfo) : LogLevel::kInfo;
}

std::optional<std::string_view> GetVariable(const Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  if (found == environment.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace sgflow
