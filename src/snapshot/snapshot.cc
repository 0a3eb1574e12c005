#include "snapshot/snapshot.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <thread>
#include <tuple>
#include <utility>

namespace sgflow {
namespace {

// Each has a bucket of calls of its own at EC2; the bound is for what is held in memory.
constexpr std::size_t kMostPlacesAtOnce = 8;

std::string ListOf(std::span<const std::string> names) {
  return names.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(names, "\",\""));
}

// Accounts, Regions and VPCs are plain words.
std::string HeaderOf(const SnapshotPart& part, std::chrono::sys_seconds captured_at) {
  std::vector<std::string> kinds;
  for (const std::string_view kind : kSnapshotKinds) {
    if (kind != "PrefixLists" || part.prefix_lists_whole) kinds.emplace_back(kind);
  }
  const std::string vpcs = part.vpc_ids ? fmt::format(",\"VpcIds\":{}", ListOf(*part.vpc_ids)) : "";
  return fmt::format(
      "{{\"Version\":1,\"CapturedAt\":\"{:%FT%TZ}\",\"AccountId\":\"{}\",\"Region\":\"{}\","
      "\"Coverage\":{{\"Kinds\":{},\"AccountIds\":[\"{}\"],\"Regions\":[\"{}\"]{}}}}}",
      fmt::gmtime(std::chrono::system_clock::to_time_t(captured_at)), part.account_id, part.region,
      ListOf(kinds), part.account_id, part.region, vpcs);
}

// One line an element: a person's tools compare lines.
void AppendPart(const SnapshotPart& part, std::chrono::sys_seconds captured_at, std::string& json) {
  json += "{\"Snapshot\":" + HeaderOf(part, captured_at);
  for (std::size_t kind = 0; kind < kSnapshotKinds.size(); ++kind) {
    json += fmt::format(",\n\"{}\":[", kSnapshotKinds[kind]);
    const char* separator = "\n";
    for (const auto& [id, element] : part.elements[kind]) {
      json += separator;
      json += element.json;
      separator = ",\n";
    }
    json += "\n]";
  }
  json += "}";
}

// What a place has beside VPCs, prefix lists, nobody needs without them. Gives the VPCs that are
// nowhere.
std::vector<std::string> DropPlacesWithoutVpcs(std::vector<std::string> vpc_ids,
                                               std::vector<SnapshotPart>& parts) {
  if (vpc_ids.empty()) return {};
  std::erase_if(parts, [](const SnapshotPart& part) { return part.vpc_ids->empty(); });
  std::erase_if(vpc_ids, [&](const std::string& id) {
    return std::ranges::any_of(parts, [&](const SnapshotPart& part) {
      return std::ranges::find(*part.vpc_ids, id) != part.vpc_ids->end();
    });
  });
  return vpc_ids;
}

void DropRepeated(std::vector<SnapshotPart>& parts) {
  for (std::size_t kind = 0; kind < kSnapshotKinds.size(); ++kind) {
    std::map<std::string_view, std::size_t> keepers;
    for (const bool owners : {true, false}) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        for (const auto& [id, element] : parts[i].elements[kind]) {
          if (!owners || element.owner_id == parts[i].account_id) keepers.try_emplace(id, i);
        }
      }
    }
    std::vector<std::pair<std::size_t, std::string>> repeated;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      for (const auto& [id, element] : parts[i].elements[kind]) {
        if (keepers.at(id) != i) repeated.emplace_back(i, id);
      }
    }
    for (const auto& [i, id] : repeated) parts[i].elements[kind].erase(id);
  }
}

}  // namespace

CapturedSnapshot WriteSnapshotDocument(std::vector<SnapshotPart> parts,
                                       std::chrono::sys_seconds captured_at) {
  std::ranges::sort(
      parts, {}, [](const SnapshotPart& part) { return std::tie(part.account_id, part.region); });
  DropRepeated(parts);
  CapturedSnapshot snapshot;
  const bool several = parts.size() != 1;
  if (several) snapshot.json = "{\"Snapshots\":[\n";
  for (SnapshotPart& part : parts) {
    if (&part != parts.data()) snapshot.json += ",\n";
    AppendPart(part, captured_at, snapshot.json);
    for (std::size_t kind = 0; kind < kSnapshotKinds.size(); ++kind) {
      snapshot.counts[kind] += part.elements[kind].size();
      part.elements[kind].clear();
    }
    for (const std::string& warning : part.warnings) {
      snapshot.warnings.push_back(
          fmt::format("{} of {}: {}", part.region, part.account_id, warning));
    }
  }
  snapshot.json += several ? "\n]}\n" : "\n";
  return snapshot;
}

std::expected<CapturedSnapshot, std::vector<Error>> CaptureSnapshot(
    std::span<const SnapshotPlace> places, const SnapshotOptions& options,
    std::atomic<std::size_t>& done) {
  std::vector<AwsResult<SnapshotPart>> answers(places.size());
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < std::min(places.size(), kMostPlacesAtOnce); ++i) {
      workers.emplace_back([&] {
        for (std::size_t place = next++; place < places.size(); place = next++) {
          const SnapshotPlace& asked = places[place];
          answers[place] = CapturePart(*asked.ec2, asked.account_id, asked.region, options.vpc_ids,
                                       options.until);
          ++done;
        }
      });
    }
  }
  std::vector<SnapshotPart> parts;
  std::vector<Error> errors;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (answers[i]) {
      parts.push_back(std::move(*answers[i]));
      continue;
    }
    Error& error = errors.emplace_back(std::move(answers[i].error().error));
    error.message =
        fmt::format("{} of {}: {}", places[i].region, places[i].account_id, error.message);
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  auto missing_vpcs = DropPlacesWithoutVpcs(options.vpc_ids, parts);
  CapturedSnapshot snapshot = WriteSnapshotDocument(std::move(parts), options.captured_at);
  snapshot.missing_vpcs = std::move(missing_vpcs);
  return snapshot;
}

}  // namespace sgflow
