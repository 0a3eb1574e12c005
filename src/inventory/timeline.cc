#include "inventory/timeline.h"

#include <algorithm>
#include <utility>

namespace sgflow {

Timeline::Timeline(std::vector<std::vector<Moment>> series, StatePtr latest, Load load)
    : series_(std::move(series)), latest_(std::move(latest)), load_(std::move(load)) {
  for (const std::vector<Moment>& one : series_) {
    captures_.insert(captures_.end(), one.begin(), one.end());
  }
  std::ranges::sort(captures_);
  const auto repeated = std::ranges::unique(captures_);
  captures_.erase(repeated.begin(), repeated.end());
  const auto has_some = [](const auto& one) { return !one.empty(); };
  if (std::ranges::count_if(series_, has_some) == 1) {
    only_series_ = static_cast<Series>(std::ranges::find_if(series_, has_some) - series_.begin());
  }
  holding_.resize(captures_.size() + 1);
  next_.resize(captures_.size());
  holding_[last()] = latest_;
}

std::size_t Timeline::PointAt(Moment moment) const {
  const auto after = std::ranges::upper_bound(captures_, moment);
  if (after == captures_.begin()) return kBeforeFirst;
  return static_cast<std::size_t>(after - captures_.begin()) - 1;
}

Timeline::Around Timeline::AroundOf(Series series, Moment moment) const {
  const bool is_one = series < series_.size() && !series_[series].empty();
  const std::vector<Moment>& captures = is_one ? series_[series] : captures_;
  const auto next = std::ranges::upper_bound(captures, moment);
  Around around{.captured_at = captures.front(),
                .is_before_first = next == captures.begin(),
                .next = std::nullopt};
  if (!around.is_before_first) around.captured_at = *(next - 1);
  if (next != captures.end()) around.next = *next;
  return around;
}

bool Timeline::BeginsLater(std::size_t point) const {
  return std::ranges::any_of(series_, [&](const std::vector<Moment>& one) {
    return !one.empty() && one.front() > CapturedAt(point);
  });
}

Result<Timeline::StatePtr> Timeline::At(std::size_t point) {
  return Hold(holding_[std::min(point, captures_.size())], point, Which::kHolding);
}

Result<Timeline::StatePtr> Timeline::After(std::size_t point) {
  return has_several_series() ? Hold(next_[point], point, Which::kNext) : At(point + 1);
}

Result<Timeline::StatePtr> Timeline::Hold(Held& held, std::size_t point, Which which) {
  const std::scoped_lock lock(lock_);
  if (auto state = held.lock()) return state;
  auto loaded = load_(point, which);
  if (loaded) held = *loaded;
  return loaded;
}

}  // namespace sgflow
