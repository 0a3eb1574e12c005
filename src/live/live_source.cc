#include "live/live_source.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

namespace sgflow {
namespace {

using std::chrono::seconds;

// After a failure what is known is left alone for so long.
constexpr seconds kRefreshPause{30};
// The next batch waits for it.
constexpr seconds kLongestRenewal{2};
// What was used so lately another thread's batch may be using.
constexpr seconds kInUse{60};
constexpr std::size_t kMostMessages = 20;

// Both come from records and go into names of hosts and roles.
bool IsAccountId(std::string_view text) {
  return text.size() == 12 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
bool IsRegion(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

// With wildcards in it an id would ask for everything: those come from records, too.
bool IsAwsId(std::string_view text) {
  const std::size_t end = text.find('-');
  if (end == std::string_view::npos || end + 1 == text.size() || text.size() > 255) return false;
  constexpr std::array<std::string_view, 4> kPrefixes{"eni", "sg", "subnet", "pl"};
  return std::ranges::find(kPrefixes, text.substr(0, end)) != kPrefixes.end() &&
         text.find_first_not_of("0123456789abcdef", end + 1) == std::string_view::npos;
}

// What is remembered of a search for them.
Lacking::Name BranchesOf(const Lacking::Name& trunk) {
  return {trunk.account_id, trunk.region, "branches of " + trunk.id};
}

// Nobody has to let this account see the groups of a VPC that is peered with its own.
bool IsOthersAffair(const Lesson::Outcome& outcome) {
  const bool refused = outcome.fault->kind == AwsFault::Kind::kAccessDenied ||
                       outcome.fault->kind == AwsFault::Kind::kCredentials;
  return refused && outcome.name.id.starts_with("sg-");
}

// Without the rest an answer is poorer, not wrong; and what AWS does not show it never will.
bool FailsABatch(const Lesson::Outcome& outcome) {
  return outcome.name.id.starts_with("eni-") && outcome.fault->kind != AwsFault::Kind::kNotFound;
}

}  // namespace

LiveSource::LiveSource(Ec2Factory ec2, LiveSourceOptions options)
    : options_(std::move(options)),
      places_(std::move(ec2), options_.clock, /*leaves_alone=*/!options_.fail_on_error),
      misses_(options_.most_entries),
      current_(known_.Build({})) {}

std::shared_ptr<const Inventory> LiveSource::Current() {
  const Time now = options_.clock();
  {
    const std::scoped_lock lock(published_);
    if (!oldest_ || now - *oldest_ <= kLongestLife * options_.time_to_live) {
      return current_;
    }
  }
  const std::scoped_lock lock(learning_);
  ForgetOld(now);
  const std::scoped_lock lock_published(published_);
  return current_;
}

Result<bool> LiveSource::Learn(const Lacking& lacking, Deadline until) {
  const std::scoped_lock lock(learning_);
  Time now = options_.clock();
  ForgetOld(now);
  Lesson lesson(places_, known_, LessonUntil(until, now));
  Sorted sorted = AddTo(lesson, lacking, now);
  bool changed = false;
  std::optional<Error> error;
  if (sorted.any_to_ask) {
    lesson.Run();
    now = options_.clock();
    changed = Remember(lesson, now, error);
    for (const Lacking::Name& trunk : sorted.trunks) {
      // The next pod is looked for after a while, sooner where there are new ones.
      if (changed) misses_.Remove(BranchesOf(trunk));
      misses_.Add(BranchesOf(trunk), {}, now);
    }
    if (!Publish(changed)) {
      RememberUnreadable(lesson, now);
      Publish(true);
    }
  }
  if (options_.fail_on_error && error) return std::unexpected(std::move(*error));
  return changed || sorted.any_known;
}

LiveSource::Sorted LiveSource::AddTo(Lesson& lesson, const Lacking& lacking, Time now) {
  Sorted sorted;
  std::uint64_t hits = 0;
  const auto retries = [&](const Miss& miss) { return options_.fail_on_error && miss.fails_batch; };
  const auto sort = [&](const Lacking::Names& names, const auto& is_known, const auto& add) {
    for (const Lacking::Name& name : names) {
      if (is_known(name.id)) {
        sorted.any_known = true;
        ++hits;
      } else if (!IsAwsId(name.id)) {
        continue;  // AWS has none
      } else if (const Miss* miss = misses_.Find(name, now); miss != nullptr && !retries(*miss)) {
        ++hits;
      } else {
        add(name);
        sorted.any_to_ask = true;
      }
    }
  };
  sort(
      lacking.interfaces, [&](const std::string& id) { return known_.IsOwn(id); },
      [&](const Lacking::Name& name) { lesson.AddInterface(PlaceOf(name), name); });
  sort(
      lacking.prefix_lists, [&](const std::string& id) { return known_.prefix_lists.contains(id); },
      [&](const Lacking::Name& name) { lesson.AddPrefixList(PlaceOf(name), name); });
  Lacking::Names visible;
  std::ranges::copy_if(lacking.member_groups, std::inserter(visible, visible.end()),
                       [&](const Lacking::Name& group) { return IsVisible(group); });
  sort(
      visible, [&](const std::string& id) { return known_.members.contains(id); },
      [&](const Lacking::Name& name) { lesson.AddMembers(PlaceOf(name), name); });
  sort(
      lacking.subnets, [&](const std::string& id) { return known_.subnets.contains(id); },
      [&](const Lacking::Name& name) { lesson.AddSubnet(PlaceOf(name), name); });
  for (const Lacking::Name& trunk : lacking.trunks) {
    if (!IsAwsId(trunk.id) || misses_.Find(BranchesOf(trunk), now) != nullptr) {
      ++hits;
      continue;
    }
    lesson.AddInterface(PlaceOf(trunk), trunk, /*anew=*/true);
    sorted.trunks.push_back(trunk);
    sorted.any_to_ask = true;
  }
  const std::scoped_lock lock(published_);
  counters_.cache_hits += hits;
  return sorted;
}

bool LiveSource::Remember(const Lesson& lesson, Time now, std::optional<Error>& error) {
  bool changed = lesson.changed();
  std::uint64_t failures = 0;
  for (const Lesson::Outcome& outcome : lesson.outcomes()) {
    if (outcome.found) {
      misses_.Remove(outcome.name);
      const auto interface = known_.interfaces.find(outcome.name.id);
      if (interface == known_.interfaces.end()) continue;
      interface->second.used = now;
      if (!options_.by_account) own_accounts_.insert(outcome.name.account_id);
      continue;
    }
    // A trunk whose new branches could not be looked for is as good as before.
    const bool stays = known_.IsOwn(outcome.name.id);
    Miss miss;
    if (outcome.fault && !IsOthersAffair(outcome)) {
      const bool fails = FailsABatch(outcome);
      miss = {.error = outcome.fault->error, .reason = outcome.reason, .fails_batch = fails};
      ++failures;
      Tell(outcome.fault->error);
      if (fails && !error) error = outcome.fault->error;
    }
    if (!stays) changed = misses_.Add(outcome.name, std::move(miss), now) || changed;
  }
  const std::scoped_lock lock(published_);
  counters_.failures += failures;
  return changed;
}

// What was found and could not be read.
void LiveSource::RememberUnreadable(const Lesson& lesson, Time now) {
  for (const Lesson::Outcome& outcome : lesson.outcomes()) {
    const std::string& id = outcome.name.id;
    const bool there = known_.IsOwn(id) || known_.members.contains(id) ||
                       known_.prefix_lists.contains(id) || known_.subnets.contains(id);
    if (!outcome.found || there) continue;
    const Error error{.kind = ErrorKind::kEnvironment,
                      .message = "what AWS says of " + id + " cannot be read",
                      .place = {},
                      .hint = {}};
    Tell(error);
    misses_.Add(outcome.name, {.error = error, .reason = error.message, .fails_batch = false}, now);
  }
}

std::vector<std::string> LiveSource::Refresh() {
  const std::scoped_lock lock(learning_);
  const Time now = options_.clock();
  ForgetOld(now);
  misses_.Shrink();
  // A batch would have to learn again what it loses.
  if (known_.ShrinkTo(options_.most_entries, now - kInUse)) Publish(true);
  const auto oldest = known_.OldestRenewable();
  if (oldest && *oldest + options_.time_to_live <= now && now >= next_refresh_) {
    const bool forgot = known_.ForgetIdleGroups();
    Lesson lesson(places_, known_, LessonUntil(Deadline::clock::now() + kLongestRenewal, now));
    // What would be too old soon comes along: fewer calls.
    AddOlder(lesson, now - options_.time_to_live / 2);
    lesson.Run();
    const std::size_t before = known_.size();
    if (!Renew(lesson)) next_refresh_ = options_.clock() + kRefreshPause;
    Publish(forgot || lesson.changed() || known_.size() != before);
  }
  return std::exchange(messages_, {});
}

void LiveSource::AddOlder(Lesson& lesson, Time than) {
  const auto name_of = [](const std::string& id, const LiveKnowledge::Said& said) {
    return Lacking::Name{said.place.account_id, said.place.region, id};
  };
  for (const auto& [id, interface] : known_.interfaces) {
    if (interface.said > than || !interface.own || interface.gone) continue;
    lesson.AddInterface(interface.place, name_of(id, interface), /*anew=*/true);
  }
  const auto in_use = known_.GroupsInUse();
  for (const auto& [id, group] : known_.groups) {
    if (group.said <= than && in_use.contains(id)) lesson.AddGroup(group.place, id);
  }
  for (const auto& [id, said] : known_.members) {
    if (said.said <= than) lesson.AddMembers(said.place, name_of(id, said));
  }
  for (const auto& [id, list] : known_.prefix_lists) {
    if (list.said <= than) lesson.AddPrefixList(list.place, name_of(id, list));
  }
  for (const auto& [id, subnet] : known_.subnets) {
    if (subnet.said <= than) lesson.AddSubnet(subnet.place, name_of(id, subnet));
  }
}

bool LiveSource::Renew(const Lesson& lesson) {
  std::uint64_t failures = 0;
  for (const Lesson::Outcome& outcome : lesson.outcomes()) {
    if (outcome.fault) {
      ++failures;
      Tell(outcome.fault->error);
    } else if (!outcome.found) {
      const auto interface = known_.interfaces.find(outcome.name.id);
      if (interface != known_.interfaces.end()) interface->second.gone = true;
      known_.members.erase(outcome.name.id);
      known_.prefix_lists.erase(outcome.name.id);
      known_.subnets.erase(outcome.name.id);
    }
  }
  const std::scoped_lock lock(published_);
  counters_.failures += failures;
  return failures == 0;
}

void LiveSource::Tell(const Error& error) {
  std::string message = Describe(error);
  const bool told = std::ranges::find(messages_, message) != messages_.end();
  if (!told && messages_.size() < kMostMessages) messages_.push_back(std::move(message));
}

void LiveSource::NoteUse(const Inventory& of, const std::vector<bool>& interfaces) {
  const std::unique_lock lock(learning_, std::try_to_lock);
  // No batch waits for this, and only what is nearly full will have to choose.
  if (!lock || 2 * known_.size() < options_.most_entries) return;
  const Time now = options_.clock();
  std::set<GroupIndex> carried;
  for (InterfaceIndex i = 0; i < interfaces.size(); ++i) {
    if (!interfaces[i]) continue;
    const NetworkInterface& interface = of.interfaces()[i];
    carried.insert(interface.groups.begin(), interface.groups.end());
    const auto found = known_.interfaces.find(interface.id);
    if (found != known_.interfaces.end()) found->second.used = now;
  }
  // And the members of groups that their rules reference.
  std::set<std::string_view> referenced;
  for (const Rule& rule : of.rules()) {
    const bool of_group = rule.source.kind == RuleSource::Kind::kSecurityGroup;
    if (of_group && carried.contains(rule.group)) referenced.insert(rule.source.id);
  }
  for (auto& [id, interface] : known_.interfaces) {
    const bool member =
        std::ranges::any_of(interface.element.related,
                            [&](const std::string& group) { return referenced.contains(group); });
    if (member) interface.used = now;
  }
}

SourceCounters LiveSource::counters() const {
  const CallCounts calls = options_.counts();
  const std::scoped_lock lock(published_);
  SourceCounters counters = counters_;
  counters.api_calls = calls.calls;
  counters.throttles = calls.throttles;
  return counters;
}

Ec2Place LiveSource::PlaceOf(const Lacking::Name& name) const {
  Ec2Place place;
  if (options_.by_account && IsAccountId(name.account_id)) place.account_id = name.account_id;
  place.region = IsRegion(name.region) ? name.region : options_.region;
  return place;
}

// One identity does not see other accounts' interfaces: none found does not mean that none are.
bool LiveSource::IsVisible(const Lacking::Name& group) const {
  return options_.by_account || group.account_id.empty() ||
         own_accounts_.contains(group.account_id);
}

void LiveSource::ForgetOld(Time now) {
  if (known_.ForgetBefore(now - kLongestLife * options_.time_to_live)) {
    Publish(true);
  }
}

bool LiveSource::Publish(bool anew) {
  bool readable = true;
  std::shared_ptr<const Inventory> built;
  if (anew) {
    built = known_.Build(misses_.UnlearnedInterfaces());
    if (built == nullptr) {
      readable = false;
      known_.ForgetUnreadable();
      built = known_.Build(misses_.UnlearnedInterfaces());
    }
  }
  const std::scoped_lock lock(published_);
  if (built != nullptr) current_ = std::move(built);
  oldest_ = known_.Oldest();
  counters_.as_of = known_.OldestRenewable();
  counters_.silent = places_.Silent();
  return readable;
}

LessonOptions LiveSource::LessonUntil(Deadline until, Time now) const {
  return {.now = now, .until = until, .with_branches = options_.with_branches};
}

}  // namespace sgflow
