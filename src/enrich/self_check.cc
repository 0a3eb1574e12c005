#include "enrich/self_check.h"

#include <chrono>
#include <set>
#include <string_view>

namespace sgflow {
namespace {

// "2026-06-01", with the time of day behind it where wanted.
std::string DateOf(std::chrono::sys_seconds time, bool with_clock = false) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const auto two = [](auto number) {
    return (number < 10 ? "0" : "") + std::to_string(static_cast<unsigned>(number));
  };
  std::string text = std::to_string(static_cast<int>(date.year())) + '-' +
                     two(static_cast<unsigned>(date.month())) + '-' +
                     two(static_cast<unsigned>(date.day()));
  if (!with_clock) return text;
  const std::chrono::hh_mm_ss clock(time - day);
  return text + ' ' + two(clock.hours().count()) + ':' + two(clock.minutes().count()) + ':' +
         two(clock.seconds().count());
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

// What the inventory does not tell, and how it would.
struct Untold {
  std::string_view what;
  std::string_view of;  // the records that hang on it
  std::string_view permissions;
  std::string_view documents;
};
constexpr Untold kAcls{.what = "the network ACLs of ",
                       .of = " refused record",
                       .permissions = "allow ec2:DescribeNetworkAcls and ec2:DescribeSubnets",
                       .documents =
                           "add NetworkAcls and Subnets (aws ec2 describe-network-acls, "
                           "aws ec2 describe-subnets)"};
constexpr Untold kRules{.what = "all rules of the security groups of ",
                        .of = " accepted record",
                        .permissions = "see sg_reason and the log for why",
                        .documents =
                            "add SecurityGroups and SecurityGroupRules (aws ec2 "
                            "describe-security-groups, aws ec2 "
                            "describe-security-group-rules)"};

std::string UntoldText(std::uint64_t records, const Untold& untold, bool is_live) {
  std::string text = is_live ? "AWS did not tell " : "the inventory does not tell ";
  text += untold.what;
  text += std::to_string(records);
  text += untold.of;
  text += records == 1 ? ": " : "s: ";
  text += is_live ? untold.permissions : untold.documents;
  return text;
}

std::string AgeText(const EnrichCounters& counters, const Inventory& inventory) {
  const auto captured = inventory.captured_at();
  const bool no_times = counters.latest_end == 0;  // the record format has none
  if (no_times || !captured) {
    std::string text = "the inventory is probably of another time than these records";
    if (captured) text += ": taken " + DateOf(*captured);
    if (!no_times) text += ": records up to " + DateOf(TimeOf(counters.latest_end));
    return text;
  }
  const auto latest = TimeOf(counters.latest_end);
  const bool same_day = DateOf(*captured) == DateOf(latest);
  return std::string("the inventory is probably ") + (*captured < latest ? "older" : "newer") +
         " than these records: taken " + DateOf(*captured, same_day) + ", records up to " +
         DateOf(latest, same_day) + (same_day ? " (UTC)" : "");
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

std::optional<std::string> HintOf(const EnrichCounters& counters, const Inventory& inventory,
                                  bool is_live) {
  const SelfCheck check = CheckOf(counters);
  const auto is_many = [&](std::uint64_t records) { return 100 * records > check.judged; };
  if (!is_many(check.unexplained)) return std::nullopt;
  const std::uint64_t without_acl = counters.refused_with_unknown_acl;
  const std::uint64_t without_rules = counters.allowed_with_unknown_rules;
  // What an ACL may have refused, or a rule may have allowed, says nothing of the inventory's age.
  const bool by_age = is_many(check.unexplained - without_acl - without_rules);
  std::string hint;
  const auto add = [&](const std::string& text) { hint += (hint.empty() ? "" : "; ") + text; };
  const auto is_cause = [&](std::uint64_t records) {
    return is_many(records) || (!by_age && records != 0);
  };
  if (is_cause(without_acl)) add(UntoldText(without_acl, kAcls, is_live));
  if (is_cause(without_rules)) add(UntoldText(without_rules, kRules, is_live));
  if (by_age) add(AgeText(counters, inventory));
  return hint;
}

std::vector<std::string> LackingReferences(const Inventory& inventory) {
  std::set<std::string> lacking;
  for (const Rule& rule : inventory.rules()) {
    if (IsLacking(inventory, rule.source)) lacking.insert(rule.source.id);
  }
  return {lacking.begin(), lacking.end()};
}

}  // namespace sgflow
