#include "live/misses.h"

#include <algorithm>
#include <utility>

namespace sgflow {
namespace {

using std::chrono::seconds;

constexpr seconds kFirstPauseOfAbsent{60};
constexpr seconds kLongestPauseOfAbsent{3600};
constexpr seconds kFirstPauseOfFailed{10};
constexpr seconds kLongestPauseOfFailed{300};

seconds NextPause(const Miss& miss, seconds last) {
  const bool failed = miss.error.has_value() && !miss.is_final;
  const seconds first = failed ? kFirstPauseOfFailed : kFirstPauseOfAbsent;
  const seconds longest = failed ? kLongestPauseOfFailed : kLongestPauseOfAbsent;
  return std::clamp(2 * last, first, longest);
}

}  // namespace

const Miss* Misses::Find(const Sought& sought, Time now) const {
  const auto found = known_.find(sought);
  if (found == known_.end()) return nullptr;
  const Remembered& remembered = found->second;
  return now < remembered.missed + remembered.pause ? &remembered.miss : nullptr;
}

bool Misses::Add(const Sought& sought, Miss miss, Time now) {
  const auto [at, is_new] = known_.try_emplace(sought);
  Remembered& remembered = at->second;
  const bool same_kind = remembered.miss.error.has_value() == miss.error.has_value();
  const bool changed = is_new ? miss.error.has_value() : remembered.miss.reason != miss.reason;
  remembered.pause = NextPause(miss, is_new || !same_kind ? seconds(0) : remembered.pause);
  remembered.miss = std::move(miss);
  remembered.missed = now;
  return changed;
}

// Well below, so that not every batch has to.
void Misses::Shrink() {
  if (known_.size() <= most_) return;
  std::vector<Time> times;
  for (const auto& [sought, remembered] : known_) times.push_back(remembered.missed);
  std::size_t left = known_.size() - (most_ - most_ / 4);
  const auto border = times.begin() + static_cast<std::ptrdiff_t>(left - 1);
  std::ranges::nth_element(times, border);
  std::erase_if(known_, [&](const auto& entry) {
    return entry.second.missed <= *border && left != 0 && left-- != 0;
  });
}

std::vector<Unlearned> Misses::AllUnlearned() const {
  std::vector<Unlearned> unlearned;
  for (const auto& [sought, remembered] : known_) {
    const Miss& miss = remembered.miss;
    if (!miss.error) continue;
    unlearned.push_back(
        {.what = sought.what, .id = sought.id, .reason = miss.reason, .is_final = miss.is_final});
  }
  return unlearned;
}

}  // namespace sgflow
