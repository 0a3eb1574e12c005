#include "inventory/timeline.h"

#include <algorithm>
#include <utility>

namespace sgflow {

Timeline::Timeline(std::vector<Moment> captures, std::shared_ptr<const Inventory> latest, Load load)
    : captures_(std::move(captures)),
      latest_(std::move(latest)),
      load_(std::move(load)),
      held_(captures_.size() + 1) {
  held_[last()] = latest_;
}

std::size_t Timeline::PointAt(Moment moment) const {
  const auto after = std::ranges::upper_bound(captures_, moment);
  if (after == captures_.begin()) return kBeforeFirst;
  return static_cast<std::size_t>(after - captures_.begin()) - 1;
}

Result<std::shared_ptr<const Inventory>> Timeline::At(std::size_t point) {
  const std::scoped_lock lock(lock_);
  std::weak_ptr<const Inventory>& held = held_[std::min(point, captures_.size())];
  if (auto inventory = held.lock()) return inventory;
  auto loaded = load_(point);
  if (loaded) held = *loaded;
  return loaded;
}

}  // namespace sgflow
