#include "batch/flow_log_key.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace sgflow {
namespace {

constexpr std::string_view kService = "vpcflowlogs";

bool IsDigits(std::string_view text, std::size_t count) {
  return text.size() == count &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsAccount(std::string_view text) { return IsDigits(text, 12); }

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
                                             std::string_view day, int hour, int minute) {
  if (!IsDigits(year, 4) || !IsDigits(month, 2) || !IsDigits(day, 2)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(Number(year)),
                                         std::chrono::month(static_cast<unsigned>(Number(month))),
                                         std::chrono::day(static_cast<unsigned>(Number(day))));
  if (!date.ok() || hour > 23 || minute > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
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
  if (parts.size() < 6 || !IsAccount(parts[0]) || parts[1] != kService) return false;
  const auto time = FileTime(parts[4]);
  if (!time) return false;
  key = {.account = parts[0], .region = parts[2], .flow_log = parts[3], .time = time};
  return true;
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
    if (folders[i] == kService && i > 0 && IsAccount(folders[i - 1])) {
      key.account = folders[i - 1];
      if (i + 1 < folders.size()) key.region = folders[i + 1];
    }
    if (!key.time && i + 2 < folders.size()) {
      key.time = Time(folders[i], folders[i + 1], folders[i + 2],
                      i + 3 < folders.size() ? Hour(folders[i + 3]) : 0, 0);
    }
  }
}

using Answer = KeySelection::Answer;

Answer IsOneOf(const std::vector<std::string>& wanted, std::string_view found) {
  if (wanted.empty()) return Answer::kIncluded;
  if (found.empty()) return Answer::kUnknown;
  return std::ranges::find(wanted, found) != wanted.end() ? Answer::kIncluded : Answer::kExcluded;
}

}  // namespace

FlowLogKey ParseFlowLogKey(std::string_view name) {
  const auto parts = Split(name, '/');
  FlowLogKey key;
  if (!ReadFileName(parts.back(), key)) {
    ReadFolders(std::span(parts).first(parts.size() - 1), key);
  }
  return key;
}

Answer KeySelection::Includes(std::string_view name) const {
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

}  // namespace sgflow
