// Which inventory was true at a moment: captures over time, and what holds from each to the next.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "error/error.h"
#include "inventory/inventory.h"

namespace sgflow {

// Captures of one place are a series, and a capture of it is true up to its next one; the last one
// has no end. At each point of the timeline one series or more have a capture, and of the others
// their last ones hold, so that an inventory of all can be made. Any number of threads may use it.
//
// Of the points only the last one's inventory is held here. The others are made when they are asked
// for, and shared by all who hold them at the same time: memory is bounded by what its users keep,
// whatever the number of points.
class Timeline {
 public:
  using Moment = std::chrono::sys_seconds;
  using Series = std::uint32_t;

  // Where nothing tells which: that of all points.
  static constexpr Series kAnySeries = static_cast<Series>(-1);
  static constexpr std::size_t kBeforeFirst = static_cast<std::size_t>(-1);

  // What captures of several series tell together.
  struct State {
    std::shared_ptr<const Inventory> inventory;
    // Of each interface, by InterfaceIndex; empty: of the only one.
    std::vector<Series> series;
    // What a series' capture here says of the one before it: until when nothing had changed since.
    struct Before {
      Moment captured_at;
      Moment seen_at;
    };
    std::map<Series, Before> before;

    // `interface` is one of the inventory's. Requires several series.
    Series SeriesOf(const NetworkInterface& interface) const {
      return series[static_cast<std::size_t>(&interface - inventory->interfaces().data())];
    }
  };
  using StatePtr = std::shared_ptr<const State>;

  enum class Which : std::uint8_t {
    kHolding,  // of each series what holds at the point
    kNext,     // of each series its next capture after the point, where it has one
  };
  // Makes the state of a point, or what is to be said of the time before the first one:
  // `kBeforeFirst`. Called by one thread at a time. States of several points may be one.
  using Load = std::function<Result<StatePtr>(std::size_t point, Which which)>;

  // Of each series its captures, ascending, none twice; of all at least one. `latest` is what holds
  // at the last one.
  Timeline(std::vector<std::vector<Moment>> series, StatePtr latest, Load load);

  std::size_t size() const { return captures_.size(); }
  bool has_several_series() const { return only_series_ == kAnySeries; }
  // kAnySeries where there are several.
  Series only_series() const { return only_series_; }
  // Of kBeforeFirst: the first one's.
  Moment CapturedAt(std::size_t point) const {
    return captures_[point == kBeforeFirst ? 0 : point];
  }

  // O(log size).
  std::size_t PointAt(Moment moment) const;
  std::size_t last() const { return captures_.size() - 1; }

  // A series' captures around a moment.
  struct Around {
    Moment captured_at;  // of the one that holds, or of the first one
    bool is_before_first = false;
    std::optional<Moment> next;
  };
  // O(log size).
  Around AroundOf(Series series, Moment moment) const;
  // Whether a series has its first capture after the point.
  bool BeginsLater(std::size_t point) const;

  const std::shared_ptr<const Inventory>& latest() const { return latest_->inventory; }

  // Errors are those of Load; it is tried again with the next call.
  [[nodiscard]] Result<StatePtr> At(std::size_t point);
  // What each series' next captures tell. Requires a point before the last one.
  [[nodiscard]] Result<StatePtr> After(std::size_t point);

 private:
  using Held = std::weak_ptr<const State>;

  Result<StatePtr> Hold(Held& held, std::size_t point, Which which);

  std::vector<std::vector<Moment>> series_;
  std::vector<Moment> captures_;  // of all
  Series only_series_ = kAnySeries;
  StatePtr latest_;
  Load load_;

  std::mutex lock_;
  std::vector<Held> holding_;  // by point, then that before the first
  std::vector<Held> next_;     // by point
};

}  // namespace sgflow
