#include "enrich/self_check.h"

#include <chrono>
#include <set>
#include <string_view>

namespace sgflow {
namespace {

std::string DateOf(std::chrono::sys_seconds time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  const auto two = [](unsigned number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return std::to_string(static_cast<int>(date.year())) + '-' +
         two(static_cast<unsigned>(date.month())) + '-' + two(static_cast<unsigned>(date.day()));
}

// Some tools make milliseconds of the records' seconds.
std::chrono::sys_seconds TimeOf(std::uint64_t seconds) {
  constexpr std::uint64_t kYear3000 = 32'503'680'000;
  if (seconds > kYear3000) seconds /= 1000;
  return std::chrono::sys_seconds(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

bool IsLacking(const Inventory& inventory, const RuleSource& source) {
  switch (source.kind) {
    case RuleSource::Kind::kPrefix:
      return false;
    case RuleSource::Kind::kPrefixList: {
      const PrefixList* list = inventory.FindPrefixList(source.id);
      return list == nullptr || !list->entries;
    }
    case RuleSource::Kind::kSecurityGroup:
      return source.peering != PeeringStatus::kDeleted && inventory.FindGroup(source.id) == nullptr;
  }
  return false;
}

}  // namespace

SelfCheck CheckOf(const EnrichCounters& counters) {
  SelfCheck check;
  for (std::size_t i = 0; i < kVerdictKindCount; ++i) {
    const auto kind = static_cast<VerdictKind>(i);
    if (kind == VerdictKind::kNotApplicable || kind == VerdictKind::kUnknownInterface ||
        kind == VerdictKind::kNotJudged) {
      continue;
    }
    check.judged += counters.verdicts[i];
    if (kind == VerdictKind::kAllowedUnexplained || kind == VerdictKind::kDeniedUnexplained) {
      check.unexplained += counters.verdicts[i];
    }
  }
  return check;
}

std::optional<std::string> HintOf(const EnrichCounters& counters, const Inventory& inventory) {
  const SelfCheck check = CheckOf(counters);
  if (100 * check.unexplained <= check.judged) return std::nullopt;
  const std::string records = "records up to " + DateOf(TimeOf(counters.latest_end));
  const auto captured = inventory.captured_at();
  if (!captured) return "the inventory is probably of another time than these records: " + records;
  const bool older = *captured < TimeOf(counters.latest_end);
  return std::string("the inventory is probably ") + (older ? "older" : "newer") +
         " than these records: taken " + DateOf(*captured) + ", " + records;
}

std::vector<std::string> LackingReferences(const Inventory& inventory) {
  std::set<std::string> lacking;
  for (const Rule& rule : inventory.rules()) {
    if (IsLacking(inventory, rule.source)) lacking.insert(rule.source.id);
  }
  return {lacking.begin(), lacking.end()};
}

}  // namespace sgflow
