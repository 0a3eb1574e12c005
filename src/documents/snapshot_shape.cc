#include <array>
#include <string>
#include <utility>

#include "documents/shapes.h"
#include "documents/timestamp.h"

namespace sgflow {
namespace {

constexpr std::array<std::pair<std::string_view, ListedKind>, kListedKindCount> kKindNames{
    {{"NetworkInterfaces", ListedKind::kNetworkInterfaces},
     {"SecurityGroups", ListedKind::kSecurityGroups},
     {"SecurityGroupRules", ListedKind::kSecurityGroupRules},
     {"PrefixLists", ListedKind::kPrefixLists},
     {"NetworkAcls", ListedKind::kNetworkAcls},
     {"Subnets", ListedKind::kSubnets}}};

// Raised when a reader of today would take a snapshot of tomorrow for something that it is not.
constexpr NumberRange kVersion{1, 1, "no version of a snapshot that this sgflow reads",
                               "take the sgflow that wrote it, or a newer one"};

// A kind of tomorrow narrows nothing that is known today.
ListedKinds ReadKinds(JsonObject& object) {
  ListedKinds kinds;
  const auto names = object.Texts("Kinds");
  if (!names) return kinds;
  for (const std::string& name : *names) {
    for (const auto& [known, kind] : kKindNames) {
      if (name == known) kinds.Add(kind);
    }
  }
  return kinds;
}

Coverage ReadCoverage(JsonObject& object) {
  Coverage coverage;
  coverage.kinds = ReadKinds(object);
  coverage.account_ids = object.Texts("AccountIds");
  coverage.regions = object.Texts("Regions");
  coverage.vpc_ids = object.Texts("VpcIds");
  coverage.member_group_ids =
      object.Texts("MembersOfGroupIds").value_or(std::vector<std::string>());
  coverage.rule_group_ids = object.Texts("RulesOfGroupIds").value_or(std::vector<std::string>());
  return coverage;
}

std::optional<std::chrono::sys_seconds> ReadMoment(JsonObject& object, std::string_view key) {
  if (!object.Has(key)) return std::nullopt;
  const std::string_view text = object.RequiredText(key);
  if (text.empty()) return std::nullopt;
  const auto moment = ParseTimestamp(text);
  if (!moment) {
    object.Fail(key, '"' + std::string(text) + "\" is no time",
                "write it as 2026-01-02T03:04:05Z, with Z or an offset as +01:00");
  }
  return moment;
}

}  // namespace

void ReadSnapshot(JsonObject& object, DocumentDescription& document) {
  Snapshot snapshot;
  (void)object.Number("Version", kVersion);
  snapshot.captured_at = ReadMoment(object, "CapturedAt");
  snapshot.account_id = object.Text("AccountId");
  snapshot.region = object.Text("Region");
  object.Object("Coverage", [&](JsonObject& inner) { document.coverage = ReadCoverage(inner); });
  document.snapshot = std::move(snapshot);
}

}  // namespace sgflow
