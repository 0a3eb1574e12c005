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
// where a capture is.
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

  // Ascending, each once.
  std::vector<Moment> Moments() const {
    std::vector<Moment> moments;
    for (const Capture& capture : captures_) moments.push_back(capture.moment);
    std::ranges::sort(moments);
    const auto repeated = std::ranges::unique(moments);
    moments.erase(repeated.begin(), repeated.end());
    return moments;
  }

  // In the order of their coming. A series that begins later has none. No moment: each series'
  // first ones, for the time before all.
  std::vector<Stored> At(std::optional<Moment> moment) const {
    std::map<std::size_t, Moment> held;  // by series
    for (const Capture& capture : captures_) {
      if (moment && capture.moment > *moment) continue;
      const auto [at, is_new] = held.try_emplace(Root(capture.place), capture.moment);
      const bool better = moment ? capture.moment > at->second : capture.moment < at->second;
      if (!is_new && better) at->second = capture.moment;
    }
    std::vector<Stored> stored;
    for (const Capture& capture : captures_) {
      const auto found = held.find(Root(capture.place));
      if (found != held.end() && found->second == capture.moment) stored.push_back(capture.stored);
    }
    return stored;
  }

 private:
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
};

}  // namespace sgflow
