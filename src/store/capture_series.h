// Captures of several places over time: which ones hold at a moment.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sgflow {

// Places that stand in one capture belong together, and so do those that share one with them: a
// series. Of each series the last captures not after a moment hold, all of that time. `Stored` says
// where a capture is. A series' number is one of its places', until more are joined.
template <typename Stored>
class CaptureSeries {
 public:
  using Moment = std::chrono::sys_seconds;

  void Add(Moment moment, const std::vector<std::string>& places, Stored stored) {
    captures_.push_back({moment, PlaceOf(places.front()), std::move(stored)});
    Join(places.front(), places);
  }

  // The place belongs together with the others.
  void Join(const std::string& place, const std::vector<std::string>& others) {
    for (const std::string& other : others) parents_[Root(PlaceOf(other))] = Root(PlaceOf(place));
  }

  // All places whose names begin with one's and a slash belong together with it.
  void JoinInner(const std::string& place) {
    if (!places_.contains(place)) return;
    const std::string front = place + '/';
    for (auto at = places_.lower_bound(front); at != places_.end() && at->first.starts_with(front);
         ++at) {
      parents_[Root(at->second)] = Root(places_.at(place));
    }
  }

  // Of the place's series something else tells before its first capture.
  void Follow(const std::string& place) { following_.push_back(PlaceOf(place)); }

  // By series: ascending, each once. None of a number that is no series'.
  std::vector<std::vector<Moment>> Moments() const {
    std::vector<std::vector<Moment>> moments(parents_.size());
    for (const Capture& capture : captures_) moments[Root(capture.place)].push_back(capture.moment);
    for (std::vector<Moment>& of_one : moments) {
      std::ranges::sort(of_one);
      const auto repeated = std::ranges::unique(of_one);
      of_one.erase(repeated.begin(), repeated.end());
    }
    return moments;
  }

  struct Held {
    std::size_t series = 0;
    Stored stored;
  };

  // In the order of their coming. A series that begins later has none. No moment: each series'
  // first ones, for the time before all, but of those that follow something else.
  std::vector<Held> At(std::optional<Moment> moment) const {
    return Chosen([&](const std::vector<Moment>& moments, bool follows) -> std::optional<Moment> {
      if (!moment) return follows ? std::nullopt : std::optional(moments.front());
      const auto next = std::ranges::upper_bound(moments, *moment);
      return next == moments.begin() ? std::nullopt : std::optional(*(next - 1));
    });
  }

  // Of each series the first ones after the moment, or its last. One that follows something else,
  // which tells of its place up to `other`, begins no later than that or has none.
  std::vector<Held> After(Moment moment, Moment other) const {
    return Chosen([&](const std::vector<Moment>& moments, bool follows) -> std::optional<Moment> {
      const auto next = std::ranges::upper_bound(moments, moment);
      if (next == moments.end()) return moments.back();
      if (next == moments.begin() && follows && *next > other) return std::nullopt;
      return *next;
    });
  }

 private:
  template <typename Choose>
  std::vector<Held> Chosen(Choose choose) const {
    std::vector<std::optional<Moment>> chosen(parents_.size());
    std::vector<bool> follows(parents_.size());
    for (const std::size_t place : following_) follows[Root(place)] = true;
    const auto moments = Moments();
    for (std::size_t series = 0; series < moments.size(); ++series) {
      if (!moments[series].empty()) chosen[series] = choose(moments[series], follows[series]);
    }
    std::vector<Held> held;
    for (const Capture& capture : captures_) {
      const std::size_t series = Root(capture.place);
      if (chosen[series] == capture.moment) held.push_back({series, capture.stored});
    }
    return held;
  }

  struct Capture {
    Moment moment;
    std::size_t place = 0;
    Stored stored;
  };

  std::size_t PlaceOf(const std::string& name) {
    const auto [at, is_new] = places_.try_emplace(name, parents_.size());
    if (is_new) parents_.push_back(at->second);
    return at->second;
  }
  std::size_t Root(std::size_t place) const {
    while (parents_[place] != place) place = parents_[place];
    return place;
  }

  std::vector<Capture> captures_;
  std::map<std::string, std::size_t> places_;
  std::vector<std::size_t> parents_;
  std::vector<std::size_t> following_;  // places
};

}  // namespace sgflow
