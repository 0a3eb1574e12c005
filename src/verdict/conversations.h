// Who opened which connection, as earlier records' TCP flags said: a bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "inventory/inventory.h"
#include "network/ip_address.h"

namespace sgflow {

// One end of a connection.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  friend constexpr bool operator==(const Endpoint&, const Endpoint&) = default;
  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

// For one thread and one stretch of records (a file, a Lambda event): Clear between them, so that
// answers hang on nothing but the stretch itself, whatever the number of workers.
//
// It remembers at least the last `capacity` conversations and at most twice as many: when that
// many new ones have come, all that were not seen since the last such moment are forgotten. The
// memory grows with what is remembered, up to about 210 bytes for each of `capacity`.
class Conversations {
 public:
  static constexpr std::size_t kDefaultCapacity = 16384;

  // Requires capacity > 0.
  explicit Conversations(std::size_t capacity = kDefaultCapacity);

  class Place;

  // Where the conversation of two ends stands, in either order. Has the processor fetch that part
  // of the memory, which is rarely in its cache: best asked for some time before it is used.
  Place PlaceOf(InterfaceIndex interface, const Endpoint& one, const Endpoint& other) const;

  // What is remembered of an earlier connection of the same ends is replaced (D20). O(1).
  void Remember(const Place& place, bool one_opened);

  // Whether `one` opened; none where nothing is remembered. O(1).
  std::optional<bool> OneOpened(const Place& place) const;

  void Clear();

  // For another inventory: what was said of an interface is said of the one that `of` gives for it,
  // and forgotten where it gives none. O(size).
  void Renumber(const std::function<std::optional<InterfaceIndex>(InterfaceIndex)>& of);

 private:
  struct Key {
    Endpoint low;
    Endpoint high;
    InterfaceIndex interface = 0;

    friend bool operator==(const Key&, const Key&) = default;
  };
  struct Slot {
    Key key;
    bool low_opened = false;
  };
  struct Hash {
    std::size_t at = 0;
    std::uint32_t tag = 0;  // never 0
  };
  // Open addressing, at most half full. The tags are small enough to stay in the cache; a slot is
  // touched where its tag fits.
  struct Generation {
    std::vector<std::uint32_t> tags;  // 0: free
    std::vector<Slot> slots;
    std::size_t size = 0;

    void Clear();
    void Prefetch(Hash hash) const;
  };

  static Hash HashOf(const Key& key);
  static std::size_t Probe(const Generation& generation, const Key& key, Hash hash);
  static void Grow(Generation& generation);

  std::size_t capacity_;
  Generation young_;
  Generation old_;
};

class Conversations::Place {
 private:
  friend Conversations;

  Key key_;
  Hash hash_;
  bool one_is_low_ = true;
};

}  // namespace sgflow
