#include "batch/flow_log_key.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "flowlog/aws_names.h"

namespace sgflow {
namespace {

constexpr std::string_view kService = "vpcflowlogs";

bool IsDigits(std::string_view text, std::size_t count) {
  return text.size() == count &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string_view> Split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

int Number(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::optional<std::chrono::sys_seconds> Time(std::string_view year, std::string_view month,
                                             std::string_view day, int hour, int minute,
                                             int second = 0) {
  if (!IsDigits(year, 4) || !IsDigits(month, 2) || !IsDigits(day, 2)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(Number(year)),
                                         std::chrono::month(static_cast<unsigned>(Number(month))),
                                         std::chrono::day(static_cast<unsigned>(Number(day))));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// 20260102T0305Z
std::optional<std::chrono::sys_seconds> FileTime(std::string_view text) {
  if (text.size() != 14 || text[8] != 'T' || text[13] != 'Z' || !IsDigits(text.substr(9, 4), 4)) {
    return std::nullopt;
  }
  return Time(text.substr(0, 4), text.substr(4, 2), text.substr(6, 2), Number(text.substr(9, 2)),
              Number(text.substr(11, 2)));
}

// Regions have no underscore, flow logs neither.
bool ReadFileName(std::string_view file, FlowLogKey& key) {
  const auto parts = Split(file, '_');
  if (parts.size() < 6 || !IsAccountId(parts[0]) || parts[1] != kService) return false;
  const auto time = FileTime(parts[4]);
  if (!time) return false;
  key = {.account = parts[0], .region = parts[2], .flow_log = parts[3], .time = time};
  return true;
}

// Of Firehose's name. Its stream's may have hyphens, and the UUID has some.
std::optional<std::chrono::sys_seconds> FirehoseTime(std::string_view file) {
  constexpr std::size_t kTimeParts = 6;
  const auto parts = Split(file, '-');
  for (std::size_t end = parts.size(); --end >= kTimeParts + 2;) {
    const std::span time = std::span(parts).subspan(end - kTimeParts, kTimeParts);
    const std::string_view version = parts[end - kTimeParts - 1];
    if (parts[end].empty() || version.empty() || !IsDigits(version, version.size()) ||
        !std::ranges::all_of(time.subspan(3), [](auto part) { return IsDigits(part, 2); })) {
      continue;
    }
    if (const auto found =
            Time(time[0], time[1], time[2], Number(time[3]), Number(time[4]), Number(time[5]))) {
      return found;
    }
  }
  return std::nullopt;
}

// What follows NAME= in one of the folders.
std::string_view HiveValue(std::span<const std::string_view> folders, std::string_view name) {
  for (const std::string_view folder : folders) {
    if (folder.starts_with(name) && folder.size() > name.size() && folder[name.size()] == '=') {
      return folder.substr(name.size() + 1);
    }
  }
  return {};
}

int Hour(std::string_view text) { return IsDigits(text, 2) ? Number(text) : 0; }

void ReadFolders(std::span<const std::string_view> folders, FlowLogKey& key) {
  key.account = HiveValue(folders, "aws-account-id");
  key.region = HiveValue(folders, "aws-region");
  key.time = Time(HiveValue(folders, "year"), HiveValue(folders, "month"),
                  HiveValue(folders, "day"), Hour(HiveValue(folders, "hour")), 0);
  for (std::size_t i = 0; i < folders.size(); ++i) {
    if (folders[i] == kService && i > 0 && IsAccountId(folders[i - 1])) {
      key.account = folders[i - 1];
      if (i + 1 < folders.size()) key.region = folders[i + 1];
    }
    if (!key.time && i + 2 < folders.size()) {
      key.time = Time(folders[i], folders[i + 1], folders[i + 2],
                      i + 3 < folders.size() ? Hour(folders[i + 3]) : 0, 0);
    }
  }
}

constexpr std::string_view kTop = "AWSLogs/";

// What stands behind AWSLogs/; none where that is no folder of the name's.
std::optional<std::string_view> BelowTop(std::string_view name) {
  const std::size_t top = name.rfind(kTop);
  if (top == std::string_view::npos || (top != 0 && name[top - 1] != '/')) return std::nullopt;
  return name.substr(top + kTop.size());
}

// Whose folders lie beside the flow logs' one in many a bucket, and hold many more files.
constexpr std::array<std::string_view, 10> kOtherServices{
    "CloudTrail", "CloudTrail-Digest",    "CloudTrail-Insight", "Config",
    "WAFLogs",    "elasticloadbalancing", "globalaccelerator",  "network-firewall",
    "redshift",   "vpcdnsquerylogs"};

bool IsOfAnotherService(std::string_view name) {
  const auto below = BelowTop(name);
  if (!below) return false;
  const auto parts = Split(*below, '/');
  return parts.size() > 2 && IsAccountId(parts[0]) &&
         std::ranges::find(kOtherServices, parts[1]) != kOtherServices.end();
}

// AWS's folders below AWSLogs/, as Hive names them; else the values stand there alone.
constexpr std::array<std::string_view, 6> kLevels{"aws-account-id", "aws-service", "aws-region",
                                                  "year",           "month",       "day"};
constexpr std::size_t kRegionLevel = 2;
constexpr std::size_t kYearLevel = 3;

bool FitsLevel(std::size_t level, std::string_view value) {
  if (level == 0) return IsAccountId(value);
  if (level == 1) return value == kService;
  if (level == kRegionLevel) return !value.empty();
  return IsDigits(value, level == kYearLevel ? 4 : 2);
}

// The values of a folder's levels; none where it is none of AWS's, or lies below a day's.
std::optional<std::vector<std::string_view>> LevelsOf(std::string_view folder) {
  const auto below = BelowTop(folder);
  if (!below) return std::nullopt;
  auto values = Split(*below, '/');
  values.pop_back();  // behind the last slash
  if (values.size() > kLevels.size()) return std::nullopt;
  for (std::size_t level = 0; level < values.size(); ++level) {
    std::string_view& value = values[level];
    const std::string_view hive = HiveValue(std::span(&value, 1), kLevels[level]);
    if (!hive.empty()) value = hive;
    if (!FitsLevel(level, value)) return std::nullopt;
  }
  return values;
}

struct Span {
  std::chrono::sys_days begin;
  std::chrono::sys_days end;  // it is not part of it
};

// Of a year's folder, a month's or a day's.
std::optional<Span> SpanOf(std::span<const std::string_view> date) {
  using std::chrono::sys_days;
  const std::chrono::year year(Number(date[0]));
  if (date.size() == 1) {
    return Span{sys_days(year / std::chrono::January / 1),
                sys_days((year + std::chrono::years(1)) / std::chrono::January / 1)};
  }
  const auto month = year / std::chrono::month(static_cast<unsigned>(Number(date[1])));
  if (!month.ok()) return std::nullopt;
  if (date.size() == 2) {
    return Span{sys_days(month / 1), sys_days((month + std::chrono::months(1)) / 1)};
  }
  const auto day = month / std::chrono::day(static_cast<unsigned>(Number(date[2])));
  if (!day.ok()) return std::nullopt;
  return Span{sys_days(day), sys_days(day) + std::chrono::days(1)};
}

using Answer = KeySelection::Answer;
using Part = KeySelection::Part;

Answer IsOneOf(const std::vector<std::string>& wanted, std::string_view found) {
  if (wanted.empty()) return Answer::kIncluded;
  if (found.empty()) return Answer::kUnknown;
  return std::ranges::find(wanted, found) != wanted.end() ? Answer::kIncluded : Answer::kExcluded;
}

}  // namespace

bool IsFlowLogId(std::string_view text) {
  constexpr std::string_view kPrefix = "fl-";
  return text.starts_with(kPrefix) && text.size() > kPrefix.size() &&
         text.find_first_not_of("0123456789abcdef", kPrefix.size()) == text.npos;
}

FlowLogKey ParseFlowLogKey(std::string_view name) {
  const auto parts = Split(name, '/');
  FlowLogKey key;
  if (!ReadFileName(parts.back(), key)) {
    ReadFolders(std::span(parts).first(parts.size() - 1), key);
    if (const auto time = FirehoseTime(parts.back())) key.time = time;
  }
  return key;
}

Answer KeySelection::Includes(std::string_view name) const {
  if (IsOfAnotherService(name)) return Answer::kExcluded;
  const FlowLogKey key = ParseFlowLogKey(name);
  const bool asks_time = from || to;
  const bool in_time = key.time && (!from || *from <= *key.time) && (!to || *key.time < *to);
  const std::array answers{IsOneOf(accounts, key.account), IsOneOf(regions, key.region),
                           IsOneOf(flow_logs, key.flow_log),
                           !asks_time  ? Answer::kIncluded
                           : !key.time ? Answer::kUnknown
                           : in_time   ? Answer::kIncluded
                                       : Answer::kExcluded};
  for (const Answer worst : {Answer::kExcluded, Answer::kUnknown}) {
    if (std::ranges::find(answers, worst) != answers.end()) return worst;
  }
  return Answer::kIncluded;
}

Part KeySelection::PartOf(std::string_view folder) const {
  if (IsOfAnotherService(folder)) return Part::kNone;
  const auto levels = LevelsOf(folder);
  if (!levels) return Part::kAll;
  if (!levels->empty() && IsOneOf(accounts, levels->front()) == Answer::kExcluded) {
    return Part::kNone;
  }
  if (levels->size() > kRegionLevel &&
      IsOneOf(regions, (*levels)[kRegionLevel]) == Answer::kExcluded) {
    return Part::kNone;
  }
  bool some = (!accounts.empty() && levels->empty()) ||
              (!regions.empty() && levels->size() <= kRegionLevel) ||
              ((from || to) && levels->size() <= kYearLevel);
  if ((from || to) && levels->size() > kYearLevel) {
    const auto span = SpanOf(std::span(*levels).subspan(kYearLevel));
    if (!span) return Part::kAll;
    constexpr std::chrono::days kBeside(1);
    if ((from && span->end + kBeside <= *from) || (to && span->begin - kBeside >= *to)) {
      return Part::kNone;
    }
    const bool is_within = (!from || *from <= span->begin) && (!to || span->end <= *to);
    some = !is_within && levels->size() < kLevels.size();
  }
  return some ? Part::kSome : Part::kAll;
}

}  // namespace sgflow
