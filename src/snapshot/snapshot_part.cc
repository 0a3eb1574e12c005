#include "snapshot/snapshot_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <utility>

#include "aws/ec2_elements.h"

namespace sgflow {
namespace {

using Ids = std::set<std::string>;

enum Kind : std::size_t {
  kInterfaces,
  kGroups,
  kRules,
  kPrefixLists,
  kAcls,
  kSubnets,
};

constexpr std::array<Ec2Action, kSnapshotKinds.size()> kActions{
    Ec2Action::kDescribeNetworkInterfaces,  Ec2Action::kDescribeSecurityGroups,
    Ec2Action::kDescribeSecurityGroupRules, Ec2Action::kDescribeManagedPrefixLists,
    Ec2Action::kDescribeNetworkAcls,        Ec2Action::kDescribeSubnets};

class Capture {
 public:
  Capture(Ec2& ec2, SnapshotPart& part, std::vector<std::string> vpc_ids, AwsDeadline until)
      : ec2_(ec2), part_(part), vpc_ids_(std::move(vpc_ids)), until_(until) {}

  std::optional<AwsFault> Run() {
    if (auto fault = ListAll()) return fault;
    // Twice will do unless the account changes all the time.
    constexpr int kRounds = 4;
    for (int round = 0; round < kRounds; ++round) {
      auto asks = AsksForTheMissing();
      if (asks.empty()) break;
      if (auto fault = Take(std::move(asks))) return fault;
      if (auto fault = LookAgainAtGroupsThatAreGone()) return fault;
    }
    DropRepeatedPermissions();
    NarrowToWhatIsThere();
    return AddEntries();
  }

 private:
  std::optional<AwsFault> ListAll() {
    std::vector<Ec2Ask> asks;
    for (std::size_t kind = 0; kind < kActions.size(); ++kind) {
      const bool in_vpcs = !vpc_ids_.empty() && kind != kPrefixLists;
      // Rules cannot be asked for by VPC; those of the groups found are asked for later.
      if (in_vpcs && kind == kRules) continue;
      asks.push_back({.action = kActions[kind],
                      .filter = in_vpcs ? "vpc-id" : "",
                      .values = in_vpcs ? vpc_ids_ : std::vector<std::string>()});
    }
    return Take(std::move(asks));
  }

  std::vector<AwsResult<Ec2Pages>> Ask(std::vector<Ec2Ask>& asks) {
    for (Ec2Ask& ask : asks) ask.deadline = until_;
    return ec2_.Ask(asks);
  }

  std::optional<AwsFault> Take(std::vector<Ec2Ask> asks) {
    const auto answers = Ask(asks);
    for (std::size_t i = 0; i < asks.size(); ++i) {
      if (!answers[i]) return answers[i].error();
      for (const std::string& page : *answers[i]) {
        if (auto fault = TakePage(asks[i], page)) return fault;
      }
    }
    return std::nullopt;
  }

  std::optional<AwsFault> TakePage(const Ec2Ask& ask, const std::string& page) {
    auto elements = ReadElements(ask, std::span(&page, 1));
    if (!elements) return elements.error();
    const auto* action = std::ranges::find(kActions, ask.action);
    const auto kind = static_cast<std::size_t>(action - kActions.data());
    for (Ec2Element& element : *elements) TakeElement(kind, std::move(element));
    return std::nullopt;
  }

  void TakeElement(std::size_t kind, Ec2Element element) {
    if (kind == kGroups) {
      permissions_[element.id] = std::move(element.apart);
    } else {
      AppendMembers(element.apart, element.json);
    }
    if (kind == kRules) has_rules_.insert(element.related.begin(), element.related.end());
    if (!element.vpc_id.empty()) seen_vpcs_.insert(std::move(element.vpc_id));
    if (kind == kInterfaces)
      carried_[element.id] = {element.related.begin(), element.related.end()};
    part_.elements[kind][std::move(element.id)] = {.owner_id = std::move(element.owner_id),
                                                   .json = std::move(element.json)};
  }

  // Groups that came after the groups were listed, and rules that came after the rules were.
  std::vector<Ec2Ask> AsksForTheMissing() {
    Ids groups = has_rules_;
    for (const auto& [id, carried] : carried_) groups.insert(carried.begin(), carried.end());
    std::erase_if(groups, [&](const std::string& id) {
      return part_.elements[kGroups].contains(id) || asked_groups_.contains(id);
    });
    Ids owners_of_rules = groups;
    for (const auto& [id, permissions] : permissions_) {
      // An empty list holds none.
      const bool any = permissions.find('{') != std::string::npos;
      const bool told = vpc_ids_.empty() && !any;
      if (!told && !has_rules_.contains(id)) owners_of_rules.insert(id);
    }
    std::erase_if(owners_of_rules,
                  [&](const std::string& id) { return asked_rules_.contains(id); });
    asked_groups_.insert(groups.begin(), groups.end());
    asked_rules_.insert(owners_of_rules.begin(), owners_of_rules.end());
    std::vector<Ec2Ask> asks;
    if (!groups.empty()) asks.push_back(AskBy(kGroups, "group-id", groups));
    if (!owners_of_rules.empty()) asks.push_back(AskBy(kRules, "group-id", owners_of_rules));
    return asks;
  }

  static Ec2Ask AskBy(Kind kind, std::string filter, const Ids& ids) {
    return {.action = kActions[kind],
            .filter = std::move(filter),
            .values = std::vector<std::string>(ids.begin(), ids.end())};
  }

  // Nothing carries a group that is gone: what was listed with one has changed since.
  std::optional<AwsFault> LookAgainAtGroupsThatAreGone() {
    Ids gone;
    std::ranges::set_difference(asked_groups_, part_.elements[kGroups] | std::views::keys,
                                std::inserter(gone, gone.end()));
    Ids stale;
    for (const auto& [id, carried] : carried_) {
      const bool is_stale = std::ranges::any_of(
          carried, [&](const std::string& group) { return gone.contains(group); });
      if (is_stale && looked_again_.insert(id).second) stale.insert(id);
    }
    if (stale.empty()) return std::nullopt;
    for (const std::string& id : stale) {
      carried_.erase(id);
      part_.elements[kInterfaces].erase(id);
    }
    return Take({AskBy(kInterfaces, "network-interface-id", stale)});
  }

  // Only where no rule is told apart: of another account's groups.
  void DropRepeatedPermissions() {
    for (auto& [id, group] : part_.elements[kGroups]) {
      if (!has_rules_.contains(id)) AppendMembers(permissions_[id], group.json);
    }
  }

  std::optional<AwsFault> AddEntries() {
    auto& lists = part_.elements[kPrefixLists];
    std::vector<Ec2Ask> asks;
    for (const auto& [id, list] : lists) {
      asks.push_back({.action = Ec2Action::kGetManagedPrefixListEntries, .prefix_list_id = id});
    }
    const auto answers = Ask(asks);
    const bool any_told = std::ranges::any_of(answers, [](const auto& a) { return a.has_value(); });
    for (std::size_t i = 0; i < asks.size(); ++i) {
      const std::string& id = asks[i].prefix_list_id;
      if (answers[i]) {
        const auto read = ReadElements(asks[i], *answers[i]);
        if (!read) return read.error();
        AppendMembers(read->front().apart, lists[id].json);
        continue;
      }
      const AwsFault& fault = answers[i].error();
      if (fault.code.ends_with(".NotFound")) {
        lists.erase(id);
      } else if (fault.kind == AwsFault::Kind::kRefused ||
                 (fault.kind == AwsFault::Kind::kAccessDenied && any_told)) {
        part_.prefix_lists_whole = false;
        part_.warnings.push_back(
            fmt::format("{}: what it holds is not told, so rules that name it can't be: {}", id,
                        Describe(fault.error)));
      } else {
        return fault;
      }
    }
    return std::nullopt;
  }

  // EC2 lists nothing of a VPC that is not there, or in another account's or Region's hands; of
  // each that is there is something, be it its default group or a shared subnet.
  void NarrowToWhatIsThere() {
    if (vpc_ids_.empty()) return;
    part_.vpc_ids.emplace();
    std::ranges::copy_if(vpc_ids_, std::back_inserter(*part_.vpc_ids),
                         [&](const std::string& id) { return seen_vpcs_.contains(id); });
  }

  Ec2& ec2_;
  SnapshotPart& part_;
  std::vector<std::string> vpc_ids_;
  AwsDeadline until_;
  std::map<std::string, Ids> carried_;              // groups, by interface
  Ids has_rules_;                                   // groups
  std::map<std::string, std::string> permissions_;  // members, by group
  Ids asked_groups_;
  Ids asked_rules_;
  Ids looked_again_;  // interfaces
  Ids seen_vpcs_;
};

}  // namespace

AwsResult<SnapshotPart> CapturePart(Ec2& ec2, std::string account_id, std::string region,
                                    std::vector<std::string> vpc_ids, AwsDeadline until) {
  SnapshotPart part{.account_id = std::move(account_id),
                    .region = std::move(region),
                    .vpc_ids = {},
                    .elements = {},
                    .prefix_lists_whole = true,
                    .warnings = {}};
  Capture capture(ec2, part, std::move(vpc_ids), until);
  if (auto fault = capture.Run()) return std::unexpected(std::move(*fault));
  return part;
}

}  // namespace sgflow
