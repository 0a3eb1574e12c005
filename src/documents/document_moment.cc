#include "documents/document_moment.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <utility>

#include "documents/text_position.h"
#include "documents/timestamp.h"

namespace sgflow {
namespace {

constexpr std::string_view kCapturedAt = "\"CapturedAt\"";
constexpr std::string_view kBefore = ",\"PreviousCapturedAt\":\"";
constexpr std::string_view kSeenAt = "\",\"PreviousSeenAt\":\"";

std::string TextOf(const CaptureBefore& before) {
  return std::string(kBefore)
      .append(TimestampOf(before.captured_at))
      .append(kSeenAt)
      .append(TimestampOf(before.seen_at))
      .append("\"");
}

// Where it begins, or the text's end. Snapshots have hundreds of megabytes.
std::size_t FindWord(std::string_view text, std::string_view word, std::size_t from) {
  const void* found = memmem(text.data() + from, text.size() - from, word.data(), word.size());
  return found == nullptr ? text.size()
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// Calls `take` for each stretch of the text between the times.
template <typename Take>
void ForEachRest(std::string_view text, Take take) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t word = FindWord(text, kCapturedAt, at);
    const std::size_t behind = std::min(word + kCapturedAt.size(), text.size());
    take(text.substr(at, behind - at));
    const std::size_t open = text.find_first_not_of(": \t\r\n", behind);
    if (open == std::string_view::npos || text[open] != '"') {
      at = behind;
      continue;
    }
    const std::size_t close = text.find('"', open + 1);
    at = close == std::string_view::npos ? text.size() : close + 1;
  }
}

std::optional<std::chrono::sys_seconds> TimeIn(simdjson::dom::element snapshot,
                                               std::string_view key) {
  std::string_view text;
  if (snapshot[key].get(text) != simdjson::SUCCESS) return std::nullopt;
  return ParseTimestamp(text);
}

void AddSnapshot(simdjson::dom::element document, std::optional<DocumentMoment>& moment) {
  simdjson::dom::element snapshot;
  if (document["Snapshot"].get(snapshot) != simdjson::SUCCESS) return;
  const auto captured_at = TimeIn(snapshot, "CapturedAt");
  if (!captured_at) return;
  if (!moment) moment.emplace(*captured_at);
  moment->captured_at = std::min(moment->captured_at, *captured_at);
  const auto before = TimeIn(snapshot, "PreviousCapturedAt");
  const auto seen_at = TimeIn(snapshot, "PreviousSeenAt");
  if (before && seen_at && !moment->before) moment->before = CaptureBefore{*before, *seen_at};
  const auto name = [&](std::string_view key) {
    std::string_view found;
    return std::string(snapshot[key].get(found) == simdjson::SUCCESS ? found : "");
  };
  CapturedPlace& place = moment->places.emplace_back();
  place.account_id = name("AccountId");
  place.region = name("Region");
  simdjson::dom::array vpc_ids;
  if (snapshot["Coverage"]["VpcIds"].get(vpc_ids) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element vpc_id : vpc_ids) {
    std::string_view text;
    if (vpc_id.get(text) == simdjson::SUCCESS) place.vpc_ids.emplace_back(text);
  }
}

constexpr auto kDescribed = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"NetworkInterfaces", "NetworkInterfaceId"},
     {"SecurityGroups", "GroupId"},
     {"PrefixLists", "PrefixListId"},
     {"NetworkAcls", "NetworkAclId"},
     {"Subnets", "SubnetId"}});

void AddDescribedIds(simdjson::dom::element document, std::unordered_set<std::string>& ids) {
  for (const auto& [list, key] : kDescribed) {
    simdjson::dom::array elements;
    if (document[list].get(elements) != simdjson::SUCCESS) continue;
    for (const simdjson::dom::element one : elements) {
      std::string_view id;
      if (one[key].get(id) == simdjson::SUCCESS) ids.emplace(id);
    }
  }
}

bool Parse(const Document& document, simdjson::dom::parser& parser, simdjson::dom::element& top) {
  const std::string_view text = WithoutByteOrderMark(document.text);
  return parser.parse(text.data(), text.size(), !document.is_padded).get(top) == simdjson::SUCCESS;
}

}  // namespace

std::optional<DocumentMoment> FindMoment(const Document& document) {
  const std::string_view text = WithoutByteOrderMark(document.text);
  if (FindWord(text, kCapturedAt, 0) == text.size()) return std::nullopt;
  simdjson::dom::parser parser;
  simdjson::dom::element top;
  if (!Parse(document, parser, top)) return std::nullopt;
  std::optional<DocumentMoment> moment;
  AddSnapshot(top, moment);
  simdjson::dom::array parts;
  if (top["Snapshots"].get(parts) == simdjson::SUCCESS) {
    for (const simdjson::dom::element part : parts) AddSnapshot(part, moment);
  }
  return moment;
}

std::unordered_set<std::string> FindDescribedIds(const Document& document) {
  std::unordered_set<std::string> ids;
  simdjson::dom::parser parser;
  simdjson::dom::element top;
  if (!Parse(document, parser, top)) return ids;
  AddDescribedIds(top, ids);
  simdjson::dom::array parts;
  if (top["Snapshots"].get(parts) == simdjson::SUCCESS) {
    for (const simdjson::dom::element part : parts) AddDescribedIds(part, ids);
  }
  return ids;
}

std::string WithBefore(std::string_view text, const CaptureBefore& before) {
  std::string with;
  with.reserve(text.size() + kBefore.size() + 2 * kSeenAt.size() + kDocumentPadding);
  std::size_t end = 0;
  std::size_t stretches = 0;
  ForEachRest(text, [&](std::string_view stretch) {
    // Between the first two stretches is its time.
    if (++stretches == 2) end = static_cast<std::size_t>(stretch.data() - text.data());
  });
  with.append(text.substr(0, end));
  if (end != 0) with += TextOf(before);
  with.append(text.substr(end));
  return with;
}

std::string WithoutMoment(std::string_view text) {
  std::string rest;
  rest.reserve(text.size());
  static const std::size_t kLength = TextOf(CaptureBefore{}).size();
  ForEachRest(text, [&](std::string_view stretch) {
    if (stretch.starts_with(kBefore)) stretch.remove_prefix(std::min(kLength, stretch.size()));
    rest += stretch;
  });
  return rest;
}

std::uint64_t HashWithoutMoment(std::string_view text) {
  std::uint64_t hash = 0;
  ForEachRest(text, [&](std::string_view stretch) {
    hash = (hash ^ std::hash<std::string_view>{}(stretch)) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 32;
  });
  return hash;
}

}  // namespace sgflow
