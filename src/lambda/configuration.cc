#include "lambda/configuration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <utility>

#include "aws/s3_url.h"
#include "batch/batch.h"
#include "flowlog/field.h"
#include "snapshot/snapshot_places.h"

namespace sgflow {
namespace {

constexpr std::string_view kPrefix = "SGFLOW_";
constexpr std::string_view kFormat = "SGFLOW_FORMAT";
constexpr std::string_view kRecordFormat = "SGFLOW_RECORD_FORMAT";
constexpr std::string_view kFields = "SGFLOW_FIELDS";
constexpr std::string_view kDrop = "SGFLOW_DROP";
constexpr std::string_view kInventory = "SGFLOW_INVENTORY";
constexpr std::string_view kTimeToLive = "SGFLOW_INVENTORY_TTL";
constexpr std::string_view kOnError = "SGFLOW_ON_INVENTORY_ERROR";
constexpr std::string_view kRoleArn = "SGFLOW_ROLE_ARN";
constexpr std::string_view kRedisSecret = "SGFLOW_REDIS_PASSWORD_SECRET";

constexpr std::string_view kPacking = "SGFLOW_PACKING";
constexpr std::string_view kMetricsNamespace = "SGFLOW_METRICS_NAMESPACE";
constexpr std::string_view kPartitionKeys = "SGFLOW_PARTITION_KEYS";
constexpr std::string_view kSnapshotOutput = "SGFLOW_SNAPSHOT_OUTPUT";
constexpr std::string_view kSnapshotRegions = "SGFLOW_SNAPSHOT_REGIONS";
constexpr std::string_view kSnapshotRoles = "SGFLOW_SNAPSHOT_ROLE_ARNS";
constexpr std::string_view kReingest = "SGFLOW_REINGEST";
constexpr std::string_view kOutput = "SGFLOW_OUTPUT";

constexpr std::array kVariables = {
    ConfigurationVariable{kInventory, "`live`",
                          "Where the inventory comes from: `live` asks AWS for what the records "
                          "need; a snapshot that others write is read from a path (in the "
                          "function's package or on a file system that it mounts), "
                          "`s3://BUCKET/KEY`, `redis://HOST` or `rediss://HOST` (TLS), plain or "
                          "gzip; a folder or `s3://BUCKET/PREFIX/` of them has inventories over "
                          "time"},
    ConfigurationVariable{kTimeToLive, "`300`",
                          "Seconds after which what is known is looked at again, between two "
                          "invocations"},
    ConfigurationVariable{kOnError, "`mark`",
                          "What becomes of records of an interface that AWS could not be asked "
                          "for: `mark` writes them as `unknown-interface` with the reason, `fail` "
                          "fails the invocation, and Firehose tries it again; each invocation asks "
                          "AWS once more. Network ACLs, prefix lists and members of referenced "
                          "groups that cannot be had never fail it"},
    ConfigurationVariable{kRoleArn, "none",
                          "A role to ask AWS by. With `{account-id}` in it, as in "
                          "`arn:aws:iam::{account-id}:role/sgflow`, that of each record's account"},
    ConfigurationVariable{kRedisSecret, "none",
                          "ARN of the secret in Secrets Manager that is the password of Redis"},
    ConfigurationVariable{kFormat, "`classic`",
                          "What a record becomes: `classic` (the record's fields as text and "
                          "`security-groups`) or `json` (typed columns)"},
    ConfigurationVariable{kRecordFormat, "found out",
                          "The fields of a record, in order, where no header tells: a preset (`v2` "
                          "to `v11`, `classic`) or the flow log's own format, as `${version} "
                          "${account-id} ...`. Not set, only AWS's default format, its Transit "
                          "Gateway default and the console's \"Select all\" are understood"},
    ConfigurationVariable{kFields, "all but `sg_rules` and `sgflow_record_id`",
                          "The fields and columns to write, set apart by commas; `+NAME` adds one "
                          "to those written by default. Fewer cost less"},
    ConfigurationVariable{kDrop, "none", "Fields and columns to leave out"},
    ConfigurationVariable{kPacking, "`none`",
                          "`gzip`: all output of an event as gzip in one record, the others "
                          "`Dropped`. Only for streams that deliver to S3 without compression, new "
                          "line delimiter and dynamic partitioning of their own"},
    ConfigurationVariable{kPartitionKeys, "none",
                          "The keys that each record gets for Firehose's dynamic partitioning, set "
                          "apart by commas: `account_id`, `region`, `vpc_id`, `day`, `hour`"},
    ConfigurationVariable{kReingest, "none",
                          "Name of the Firehose stream that records go back to where their output "
                          "does not fit into the answer: mostly the function's own. It must take "
                          "records by PutRecordBatch. The json output then has "
                          "`sgflow_record_id`, by which a record that came twice is told; "
                          "classic has it where `SGFLOW_FIELDS` says `+sgflow_record_id`"},
    ConfigurationVariable{
        kOutput, "none",
        "`s3://BUCKET/PREFIX/`: events that tell of new objects in S3 are answered "
        "too, and the objects' flow-log records are written there, enriched"},
    ConfigurationVariable{kMetricsNamespace, "`sgflow`",
                          "The CloudWatch namespace of the function's metrics, none of AWS's own "
                          "(`AWS/...`); `none`: no metrics"},
    ConfigurationVariable{kSnapshotOutput, "none",
                          "Makes another function of it, which takes snapshots: where to put them, "
                          "one or several set apart by commas"},
    ConfigurationVariable{kSnapshotRegions, "`AWS_REGION`",
                          "The Regions that it lists, set apart by commas"},
    ConfigurationVariable{kSnapshotRoles, "none",
                          "The roles that it assumes for that, one for each account, set apart by "
                          "commas; not set, it lists its own account"},
};

std::unexpected<Error> BadValue(std::string_view name, std::string message, std::string hint = {}) {
  return std::unexpected(
      Error{.kind = ErrorKind::kUsage,
            .message = std::move(message),
            .place = {.file = {}, .line = 0, .column = 0, .field = std::string(name)},
            .hint = std::move(hint)});
}

// Of letters, digits and the others.
bool IsMadeOf(std::string_view name, std::string_view others, std::size_t longest) {
  return name.size() <= longest && std::ranges::all_of(name, [&](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                  (letter >= '0' && letter <= '9') || others.find(letter) != std::string_view::npos;
         });
}

bool IsStreamName(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  return IsMadeOf(name, "_.-", kLongest);
}

bool IsNamespace(std::string_view name) {
  constexpr std::size_t kLongest = 255;
  return IsMadeOf(name, "_.-/#:", kLongest);
}

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (comma != 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

// arn:aws:iam::111122223333:role/PATH/NAME, where aws may be aws-cn and the like and the account
// may be each record's.
bool IsRoleArn(std::string_view arn) {
  constexpr std::string_view kService = ":iam::";
  constexpr std::string_view kRole = ":role/";
  constexpr std::size_t kDigits = 12;
  const std::size_t service = arn.find(kService);
  if (!arn.starts_with("arn:aws") || service == std::string_view::npos) return false;
  const std::string_view rest = arn.substr(service + kService.size());
  const std::size_t role = rest.find(kRole);
  if (role == std::string_view::npos || role + kRole.size() == rest.size()) return false;
  const std::string_view account = rest.substr(0, role);
  return account == "{account-id}" ||
         (account.size() == kDigits &&
          std::ranges::all_of(account, [](char c) { return c >= '0' && c <= '9'; }));
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

Result<InventorySetup> ReadInventorySetup(const Environment& environment) {
  InventorySetup setup;
  setup.name = GetVariable(environment, kInventory).value_or(kLiveInventory);
  if (const auto text = GetVariable(environment, kTimeToLive)) {
    constexpr int kMostSeconds = 86400;
    int seconds = 0;
    const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    const bool is_number = fault == std::errc() && end == text->data() + text->size();
    if (!is_number || seconds < 1 || seconds > kMostSeconds) {
      return BadValue(kTimeToLive, "'" + std::string(*text) + "' is no number of seconds",
                      "one from 1 to " + std::to_string(kMostSeconds));
    }
    setup.time_to_live = std::chrono::seconds(seconds);
  }
  const auto on_error = GetVariable(environment, kOnError).value_or("mark");
  if (on_error != "mark" && on_error != "fail") {
    return BadValue(kOnError, "'" + std::string(on_error) + "' cannot be", "one of: mark, fail");
  }
  setup.fail_on_error = on_error == "fail";
  setup.role_arn = GetVariable(environment, kRoleArn).value_or("");
  if (!setup.role_arn.empty() && !IsRoleArn(setup.role_arn)) {
    return BadValue(kRoleArn, "'" + setup.role_arn + "' is no ARN of a role",
                    "write it as arn:aws:iam::{account-id}:role/NAME");
  }
  setup.redis_password_secret = GetVariable(environment, kRedisSecret).value_or("");
  return setup;
}

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
  std::string wanted(GetVariable(environment, kFields).value_or(""));
  // Records that go round may come twice: each tells which it is. What readers of the classic
  // format expect is theirs to say.
  if (GetVariable(environment, kReingest) && configuration.format != OutputFormat::kClassic) {
    wanted += ",+sgflow_record_id";
  }
  auto fields = FieldSelection::Parse(configuration.format, {kFields, wanted},
                                      {kDrop, GetVariable(environment, kDrop).value_or("")});
  if (!fields) return std::unexpected(std::move(fields.error()));
  configuration.fields = *fields;
  auto inventory = ReadInventorySetup(environment);
  if (!inventory) return std::unexpected(std::move(inventory.error()));
  configuration.inventory = std::move(*inventory);
  configuration.inventory.with_branches = TellsBranches(configuration.format);
  const auto packing = GetVariable(environment, kPacking).value_or("none");
  if (packing != "none" && packing != "gzip") {
    return BadValue(kPacking, "'" + std::string(packing) + "' cannot be", "one of: none, gzip");
  }
  configuration.packing = packing == "gzip" ? Packing::kGzip : Packing::kNone;
  auto keys = PartitionKeys::Parse(GetVariable(environment, kPartitionKeys).value_or(""));
  if (!keys) return BadValue(kPartitionKeys, keys.error().message, keys.error().hint);
  if (!keys->empty() && configuration.packing == Packing::kGzip) {
    return BadValue(kPartitionKeys, "SGFLOW_PACKING=gzip puts records of all keys into one",
                    "leave one of the two out");
  }
  configuration.partition_keys = std::move(*keys);
  configuration.reingest_stream = GetVariable(environment, kReingest).value_or("");
  if (!IsStreamName(configuration.reingest_stream)) {
    return BadValue(kReingest, "'" + configuration.reingest_stream + "' is no name of a stream",
                    "give the stream's name, not its ARN");
  }
  configuration.output = GetVariable(environment, kOutput).value_or("");
  if (!configuration.output.empty() && !ParseS3Prefix(configuration.output)) {
    return BadValue(kOutput, "'" + configuration.output + "' is no place in S3",
                    "write it as s3://BUCKET/PREFIX/");
  }
  const auto text = [&](std::string_view name) {
    return GetVariable(environment, name).value_or("");
  };
  configuration.format_options =
      FormatOptions(NameOf(configuration.format), text(kRecordFormat), text(kFields), text(kDrop));
  if (const auto name = GetVariable(environment, kMetricsNamespace)) {
    // docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
    if (name->starts_with("AWS/")) {
      return BadValue(kMetricsNamespace,
                      "'" + std::string(*name) + "' is among the namespaces of AWS's own services",
                      "choose one that does not begin with AWS/");
    }
    if (!IsNamespace(*name)) {
      return BadValue(kMetricsNamespace, "'" + std::string(*name) + "' is no CloudWatch namespace",
                      "letters, digits and . _ - / # : make one");
    }
    configuration.metrics_namespace = *name == "none" ? "" : *name;
  }
  return configuration;
}

Result<std::optional<SnapshotSetup>> ReadSnapshotSetup(const Environment& environment) {
  SnapshotSetup setup;
  setup.outputs = SplitAtCommas(GetVariable(environment, kSnapshotOutput).value_or(""));
  if (setup.outputs.empty()) return std::nullopt;
  for (const std::string& output : setup.outputs) {
    if (auto checked = CheckSnapshotOutput(output); !checked) {
      return BadValue(kSnapshotOutput, checked.error().message, checked.error().hint);
    }
  }
  setup.regions = SplitAtCommas(GetVariable(environment, kSnapshotRegions).value_or(""));
  setup.role_arns = SplitAtCommas(GetVariable(environment, kSnapshotRoles).value_or(""));
  if (auto checked = CheckRoles(setup.role_arns); !checked) {
    return BadValue(kSnapshotRoles, checked.error().message, checked.error().hint);
  }
  setup.redis_password_secret = GetVariable(environment, kRedisSecret).value_or("");
  return setup;
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
