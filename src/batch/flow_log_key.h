// What AWS says of a flow log in the name of its file or object:
// AWSLogs/{account}/vpcflowlogs/{region}/{yyyy}/{MM}/{dd}/[{HH}/]
// {account}_vpcflowlogs_{region}_{flow log}_{yyyyMMddTHHmmZ}_{hash}.log.gz, and the same with
// Hive's names (aws-account-id=..., year=...). Where the file has another name, the folders are
// asked; and for the time first Firehose's name,
// {stream}-{version}-{yyyy}-{MM}-{dd}-{HH}-{mm}-{ss}-{uuid}[.gz], in UTC if no CustomTimeZone is
// set (docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sgflow {

// Views into the name; empty: it does not say.
struct FlowLogKey {
  std::string_view account;
  std::string_view region;
  std::string_view flow_log;
  std::optional<std::chrono::sys_seconds> time;  // UTC; the beginning of what the folders name
};
FlowLogKey ParseFlowLogKey(std::string_view name);

// Whether a name can have it: fl-0123456789abcdef0.
bool IsFlowLogId(std::string_view text);

// Which inputs are wanted, by their names alone. What lies in another AWS service's folder, as
// AWSLogs/{account}/CloudTrail/, never is.
struct KeySelection {
  std::optional<std::chrono::sys_seconds> from{};  // from <= time
  std::optional<std::chrono::sys_seconds> to{};    // time < to
  std::vector<std::string> accounts{};
  std::vector<std::string> regions{};
  std::vector<std::string> flow_logs{};

  enum class Answer { kIncluded, kExcluded, kUnknown };
  // kUnknown where the name does not say what is asked for.
  Answer Includes(std::string_view name) const;

  enum class Part { kNone, kSome, kAll };
  // How much of a folder (its name ends in a slash) is to be looked at for what is included: kSome,
  // those folders in it that are. AWS's folders of accounts, Regions, years, months and days alone
  // say it; a file may lie a day beside its time. Of all others kAll.
  Part PartOf(std::string_view folder) const;
};

}  // namespace sgflow
