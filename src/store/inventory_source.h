// Where the inventory of a batch of records comes from: fixed files, a snapshot that others write,
// or AWS itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "error/error.h"
#include "inventory/inventory.h"
#include "inventory/lacking.h"
#include "inventory/timeline.h"

namespace sgflow {

struct SourceCounters {
  std::uint64_t api_calls = 0;  // requests sent, retries among them
  std::uint64_t throttles = 0;
  std::uint64_t cache_hits = 0;  // of what was asked for, known to be there or known to be absent
  std::uint64_t failures = 0;    // what could not be learned or read anew
  // When the oldest of what is used was read or asked for; none: nothing is.
  std::optional<std::chrono::system_clock::time_point> as_of{};
  // Who did not answer and is left alone for a while, for people: as "eu-west-1: no answer for 10
  // s, left alone until 12:00:10Z".
  std::vector<std::string> silent{};
};

// What is so many times as old as it should get is not used any more.
inline constexpr int kLongestLife = 12;

// Ages are by the clock on the wall: a Lambda function is frozen between invocations, and a steady
// clock may stand still with it.
using WallClock = std::chrono::system_clock::time_point (*)();

using Deadline = std::chrono::steady_clock::time_point;

class InventorySource {
 public:
  InventorySource() = default;
  InventorySource(const InventorySource&) = delete;
  InventorySource& operator=(const InventorySource&) = delete;
  virtual ~InventorySource() = default;

  // The inventory as it is now, never null. Costs nothing but where something has become so old
  // that it is not used any more.
  virtual std::shared_ptr<const Inventory> Current() = 0;

  // Where there are inventories of several times: all of them, Current() being the latest. Null
  // where there is one alone.
  virtual std::shared_ptr<Timeline> CurrentTimeline() { return nullptr; }

  // Whether there is any use in noting what batches lack.
  virtual bool CanLearn() const { return false; }

  // Learns what a batch lacked, as far as the source can: a batch is enriched, what it lacked is
  // learned, and it is enriched once more while Learn says that Current is another one. What was
  // asked for in vain is remembered for a while. What is not answered by `until` failed. An error
  // only where the source is set up to fail on what it cannot learn
  // (SGFLOW_ON_INVENTORY_ERROR=fail); else that is counted, and marked in the inventory with its
  // reason.
  [[nodiscard]] virtual Result<bool> Learn(const Lacking& /*lacking*/, Deadline /*until*/) {
    return false;
  }

  // Renews what has grown old. To be called between batches, none of which waits for it for more
  // than some seconds. What fails leaves the old in place; messages for the log are returned.
  [[nodiscard]] virtual std::vector<std::string> Refresh() = 0;

  // Which of its interfaces a batch had records of, by InterfaceIndex: what is not used is what a
  // source forgets first.
  virtual void NoteUse(const Inventory& /*of*/, const std::vector<bool>& /*interfaces*/) {}

  virtual SourceCounters counters() const = 0;
};

}  // namespace sgflow
