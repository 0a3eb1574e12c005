// Which of many prefixes hold an address.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "network/ip_address.h"
#include "network/ip_prefix.h"

namespace sgflow {

// The borders alone: addresses of one class are inside exactly the same prefixes. Immutable.
class PrefixClasses {
 public:
  // The place of the longest prefix around an address among all, from 1 on.
  using Class = std::uint32_t;
  static constexpr Class kNone = 0;

  PrefixClasses() = default;
  // `prefixes` are sorted, and no two are the same. `around`: where to put, of each, the class of
  // the longest one around it, from the place 1 on; may be null. O(n).
  explicit PrefixClasses(std::span<const IpPrefix> prefixes, std::vector<Class>* around = nullptr);

  // O(log n).
  Class Of(const IpAddress& address) const;

  // What it takes of memory.
  std::size_t bytes() const {
    return ipv4_.firsts.capacity() * (sizeof(std::uint32_t) + sizeof(Class)) +
           ipv6_.firsts.capacity() * (sizeof(Ipv6Key) + sizeof(Class));
  }

 private:
  // From `first` to the next one's, the class is the same.
  template <typename Key>
  struct Steps {
    std::vector<Key> firsts;  // sorted
    std::vector<Class> classes;
  };
  __extension__ using Ipv6Key = unsigned __int128;

  template <typename Key>
  static Steps<Key> StepsOf(std::span<const IpPrefix> prefixes, Class before,
                            std::vector<Class>* around);

  Steps<std::uint32_t> ipv4_;
  Steps<Ipv6Key> ipv6_;
};

// Two prefixes either nest or have nothing in common, so they form trees, and the longest one
// around an address leads to all others. Immutable.
class PrefixIndex {
 public:
  using Node = PrefixClasses::Class;

  struct Entry {
    IpPrefix prefix;
    std::uint32_t value = 0;
  };

  PrefixIndex() = default;
  // O(n log n). A prefix may have several values.
  explicit PrefixIndex(std::vector<Entry> entries);

  // The longest prefix around the address, or PrefixClasses::kNone. O(log n).
  Node Find(const IpAddress& address) const { return classes_.Of(address); }

  // Calls back with the value of every prefix around the node's addresses. O(values).
  template <typename Function>
  void ForEachValue(Node node, const Function& function) const {
    for (; node != PrefixClasses::kNone; node = around_[node]) {
      for (std::uint32_t i = begins_[node]; i < begins_[node + 1]; ++i) function(values_[i]);
    }
  }

 private:
  PrefixClasses classes_;
  std::vector<Node> around_;           // by node
  std::vector<std::uint32_t> begins_;  // by node, of its values
  std::vector<std::uint32_t> values_;
};

}  // namespace sgflow
