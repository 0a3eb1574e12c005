#include "live/live_source.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "flowlog/aws_names.h"
#include "live/lesson_misses.h"
#include "live/renewal.h"

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
  const Sorted sorted = AddTo(lesson, lacking, now);
  bool changed = false;
  std::optional<Error> error;
  if (sorted.any_to_ask) {
    lesson.Run();
    now = options_.clock();
    changed = Remember(lesson, now, error);
    if (!Publish(changed)) {
      RememberUnreadable(lesson, now);
      Publish(true);
    }
  }
  if (options_.fail_on_error && error) return std::unexpected(std::move(*error));
  return changed || sorted.any_known;
}

bool LiveSource::LeavesAlone(const Sought& sought, Time now) const {
  const Miss* miss = misses_.Find(sought, now);
  return miss != nullptr && !(options_.fail_on_error && miss->fails_batch);
}

LiveSource::Sorted LiveSource::AddTo(Lesson& lesson, const Lacking& lacking, Time now) {
  Sorted sorted;
  std::uint64_t hits = 0;
  const auto sort = [&](Learnable what, const Lacking::Names& names, const auto& is_known,
                        const auto& add) {
    for (const Lacking::Name& name : names) {
      const Ec2Place place = PlaceOf(name);
      if (is_known(name.id)) {
        sorted.any_known = true;
        ++hits;
      } else if (!IsAwsId(name.id)) {
        continue;  // AWS has none
      } else if (LeavesAlone({what, place, name.id}, now)) {
        ++hits;
      } else {
        add(place, name);
        sorted.any_to_ask = true;
      }
    }
  };
  const auto in = [](const auto& known) {
    return [&known](const std::string& id) { return known.contains(id); };
  };
  sort(
      Learnable::kInterface, lacking.interfaces,
      [&](const std::string& id) { return known_.IsOwn(id); },
      [&](const Ec2Place& place, const auto& name) { lesson.AddInterface(place, name); });
  sort(Learnable::kGroupRules, lacking.group_rules, in(known_.groups),
       [&](const Ec2Place& place, const auto& name) { lesson.AddGroup(place, name.id); });
  sort(Learnable::kPrefixList, lacking.prefix_lists, in(known_.prefix_lists),
       [&](const Ec2Place& place, const auto& name) { lesson.AddPrefixList(place, name); });
  Lacking::Names visible;
  std::ranges::copy_if(lacking.member_groups, std::inserter(visible, visible.end()),
                       [&](const Lacking::Name& group) { return IsVisible(group); });
  sort(Learnable::kGroupMembers, visible, in(known_.members),
       [&](const Ec2Place& place, const auto& name) { lesson.AddMembers(place, name); });
  sort(Learnable::kNetworkAcl, lacking.subnets, in(known_.subnets),
       [&](const Ec2Place& place, const auto& name) { lesson.AddSubnet(place, name); });
  sort(
      Learnable::kBranches, lacking.trunks, [](const std::string&) { return false; },
      [&](const Ec2Place& place, const auto& name) { lesson.AddBranches(place, name); });
  const std::scoped_lock lock(published_);
  counters_.cache_hits += hits;
  return sorted;
}

bool LiveSource::Remember(const Lesson& lesson, Time now, std::optional<Error>& error) {
  bool changed = lesson.changed();
  std::uint64_t failures = 0;
  for (const Lesson::Outcome& outcome : lesson.outcomes()) {
    const Sought& sought = outcome.sought;
    if (outcome.found) {
      const auto interface = known_.interfaces.find(sought.id);
      if (interface != known_.interfaces.end()) {
        interface->second.used = now;
        own_accounts_.insert(outcome.account_id);
      }
      if (sought.what != Learnable::kBranches || lesson.changed()) misses_.Remove(sought);
      // The next pod is looked for after a while, sooner where there are new ones.
      if (sought.what != Learnable::kBranches) continue;
    }
    const std::string& asked = sought.place.account_id;
    Miss miss = MissOf(outcome, /*of_strangers=*/!asked.empty() && !own_accounts_.contains(asked));
    if (miss.error) {
      ++failures;
      Tell(*miss.error);
      if (miss.fails_batch && !error) error = miss.error;
    }
    changed = misses_.Add(sought, std::move(miss), now) || changed;
  }
  const std::scoped_lock lock(published_);
  counters_.failures += failures;
  return changed;
}

// What was found and could not be read.
void LiveSource::RememberUnreadable(const Lesson& lesson, Time now) {
  for (const Lesson::Outcome& outcome : lesson.outcomes()) {
    if (!outcome.found || known_.Has(outcome.sought.what, outcome.sought.id)) continue;
    const Error error{.kind = ErrorKind::kEnvironment,
                      .message = "what AWS says of " + outcome.sought.id + " cannot be read",
                      .place = {},
                      .hint = {}};
    Tell(error);
    misses_.Add(outcome.sought, {.error = error, .reason = error.message}, now);
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
    AddOlder(lesson, known_, now - options_.time_to_live / 2);
    lesson.Run();
    const std::size_t before = known_.size();
    if (!Renew(lesson)) next_refresh_ = options_.clock() + kRefreshPause;
    Publish(forgot || lesson.changed() || known_.size() != before);
  }
  return std::exchange(messages_, {});
}

bool LiveSource::Renew(const Lesson& lesson) {
  std::uint64_t failures = 0;
  for (const Lesson::Outcome& outcome : lesson.outcomes()) {
    if (outcome.found) misses_.Remove(outcome.sought);
    if (!outcome.fault) continue;
    ++failures;
    Tell(outcome.fault->error);
  }
  ForgetAbsent(known_, lesson.outcomes());
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
  known_.NoteUse(of, interfaces, options_.clock());
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
    built = known_.Build(misses_.AllUnlearned());
    if (built == nullptr) {
      readable = false;
      known_.ForgetUnreadable();
      built = known_.Build(misses_.AllUnlearned());
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
  return {.now = now,
          .until = until,
          .with_branches = options_.with_branches,
          .leaves_alone = [this, now](const Ec2Place& place, const std::string& group_id) {
            return LeavesAlone({Learnable::kGroupRules, place, group_id}, now);
          }};
}

}  // namespace sgflow
