// Which inventory was true at a moment: captures over time, and what holds from each to the next.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "error/error.h"
#include "inventory/inventory.h"

namespace sgflow {

// A point's inventory is true from its capture up to the next one; the last point's has no end.
// Any number of threads may use it.
//
// Of the points only the last one's inventory is held here. The others are made when they are asked
// for, and shared by all who hold them at the same time: memory is bounded by what its users keep,
// whatever the number of points.
class Timeline {
 public:
  using Moment = std::chrono::sys_seconds;
  // Makes the inventory of a point, or what is to be said of the time before the first one:
  // `kBeforeFirst`. Called by one thread at a time. Inventories of several points may be one.
  using Load = std::function<Result<std::shared_ptr<const Inventory>>(std::size_t point)>;

  static constexpr std::size_t kBeforeFirst = static_cast<std::size_t>(-1);

  // `captures`: at least one, ascending, none twice. `latest` is the last one's inventory.
  Timeline(std::vector<Moment> captures, std::shared_ptr<const Inventory> latest, Load load);

  std::size_t size() const { return captures_.size(); }
  // Of kBeforeFirst: the first one's.
  Moment CapturedAt(std::size_t point) const {
    return captures_[point == kBeforeFirst ? 0 : point];
  }

  // O(log size).
  std::size_t PointAt(Moment moment) const;
  std::size_t last() const { return captures_.size() - 1; }

  const std::shared_ptr<const Inventory>& latest() const { return latest_; }

  // Errors are those of Load; it is tried again with the next call.
  [[nodiscard]] Result<std::shared_ptr<const Inventory>> At(std::size_t point);

 private:
  std::vector<Moment> captures_;
  std::shared_ptr<const Inventory> latest_;
  Load load_;

  std::mutex lock_;
  std::vector<std::weak_ptr<const Inventory>> held_;  // by point, then that before the first
};

}  // namespace sgflow
