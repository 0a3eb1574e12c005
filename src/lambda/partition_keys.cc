#include "lambda/partition_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace sgflow {
namespace {

std::unexpected<Error> BadKeys(std::string message, std::string hint) {
  return std::unexpected(Error{.kind = ErrorKind::kUsage,
                               .message = std::move(message),
                               .place = {},
                               .hint = std::move(hint)});
}

// Account, Region and VPC are as their names are made: what stands in a log line is anybody's, and
// this becomes a path.
bool IsPathWord(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
}

std::optional<std::chrono::sys_seconds> EndOf(const FlowRecord& record) {
  // The last second of 9999.
  constexpr std::uint64_t kLast = 253'402'300'799;
  const auto end = record.GetNumber(Field::kEnd);
  if (!end || *end > kLast) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(*end));
}

}  // namespace

std::optional<PartitionKeys::Source> PartitionKeys::FindSource(std::string_view name) {
  for (const Source source :
       {Source::kAccountId, Source::kRegion, Source::kVpcId, Source::kDay, Source::kHour}) {
    if (NameOf(source) == name) return source;
  }
  return std::nullopt;
}

std::string_view PartitionKeys::NameOf(Source source) {
  switch (source) {
    case Source::kAccountId:
      return "account_id";
    case Source::kRegion:
      return "region";
    case Source::kVpcId:
      return "vpc_id";
    case Source::kDay:
      return "day";
    case Source::kHour:
      break;
  }
  return "hour";
}

Result<PartitionKeys> PartitionKeys::Parse(std::string_view names) {
  PartitionKeys keys;
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, comma);
    names.remove_prefix(std::min(comma + 1, names.size()));
    const auto source = FindSource(name);
    if (!source) {
      return BadKeys("there is no key '" + std::string(name) + "'",
                     "one or several of: account_id, region, vpc_id, day, hour");
    }
    if (std::ranges::find(keys.keys_, *source, &Key::source) != keys.keys_.end()) {
      return BadKeys("'" + std::string(name) + "' is given twice", "name each key once");
    }
    keys.keys_.push_back({.source = *source, .value = {}});
  }
  return keys;
}

void PartitionKeys::Clear() {
  for (Key& key : keys_) key.value.clear();
}

void PartitionKeys::Add(const FlowRecord& record) {
  for (Key& key : keys_) {
    if (key.value == kMixed) continue;
    Read(record, key.source, value_);
    if (key.value.empty()) {
      key.value = value_;
    } else if (key.value != value_) {
      key.value = kMixed;
    }
  }
}

void PartitionKeys::Read(const FlowRecord& record, Source source, std::string& value) {
  const auto take = [&](Field field) {
    const std::string_view text = record.Get(field);
    value = IsPathWord(text) ? text : kUnknown;
  };
  switch (source) {
    case Source::kAccountId:
      return take(Field::kAccountId);
    case Source::kRegion:
      return take(Field::kRegion);
    case Source::kVpcId:
      return take(Field::kVpcId);
    case Source::kDay:
    case Source::kHour:
      break;
  }
  value.clear();
  const auto end = EndOf(record);
  if (!end) {
    value = kUnknown;
    return;
  }
  const auto day = std::chrono::floor<std::chrono::days>(*end);
  if (source == Source::kHour) {
    const auto hour = std::chrono::duration_cast<std::chrono::hours>(*end - day);
    fmt::format_to(std::back_inserter(value), "{:02}", hour.count());
    return;
  }
  const std::chrono::year_month_day date(day);
  fmt::format_to(std::back_inserter(value), "{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

void PartitionKeys::AppendMember(std::string& to) const {
  if (keys_.empty()) return;
  to += R"("partitionKeys":{)";
  for (const Key& key : keys_) {
    if (&key != keys_.data()) to += ',';
    // Letters, digits, '-' and '_': nothing that JSON escapes.
    to.append(1, '"').append(NameOf(key.source)).append(R"(":")");
    to.append(key.value.empty() ? kUnknown : std::string_view(key.value)).append(1, '"');
  }
  to += '}';
}

}  // namespace sgflow
