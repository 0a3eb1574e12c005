#include "lambda/configuration.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <utility>

namespace sgflow {
namespace {

constexpr std::string_view kPrefix = "SGFLOW_";
constexpr std::string_view kFormat = "SGFLOW_FORMAT";
constexpr std::string_view kRecordFormat = "SGFLOW_RECORD_FORMAT";
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

// How many letters to change, add or leave out to make one of the other.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string_view NearestVariable(std::string_view name) {
  return std::ranges::min_element(kVariables, {},
                                  [name](const ConfigurationVariable& variable) {
                                    return EditDistance(name, variable.name);
                                  })
      ->name;
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
  const auto inventory = GetVariable(environment, kInventory);
  if (!inventory) return BadValue(kInventory, "is not set", "give the path of the inventory file");
  configuration.inventory = *inventory;
  return configuration;
}

std::vector<std::string> UnknownVariables(const Environment& environment) {
  std::vector<std::string> messages;
  for (auto at = environment.lower_bound(kPrefix);
       at != environment.end() && at->first.starts_with(kPrefix); ++at) {
    if (std::ranges::find(kVariables, at->first, &ConfigurationVariable::name) !=
        kVariables.end()) {
      continue;
    }
    messages.push_back(at->first + " means nothing to sgflow; did you mean " +
                       std::string(NearestVariable(at->first)) + "?");
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
