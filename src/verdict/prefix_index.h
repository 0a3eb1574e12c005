// Which of many prefixes hold an address.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network/ip_address.h"
#include "network/ip_prefix.h"

namespace sgflow {

// Two prefixes either nest or have nothing in common, so they form trees, and the longest one
// around an address leads to all others. Immutable.
class PrefixIndex {
 public:
  using Node = std::uint32_t;
  static constexpr Node kNone = 0;

  struct Entry {
    IpPrefix prefix;
    std::uint32_t value = 0;
  };

  PrefixIndex() = default;
  // O(n log n). A prefix may have several values.
  explicit PrefixIndex(std::vector<Entry> entries);

  // The longest prefix around the address, or kNone. Addresses of one node are inside exactly the
  // same prefixes. O(log n).
  Node Find(const IpAddress& address) const;

  // Calls back with the value of every prefix around the node's addresses. O(values).
  template <typename Function>
  void ForEachValue(Node node, const Function& function) const {
    for (; node != kNone; node = nodes_[node].parent) {
      const TreeNode& at = nodes_[node];
      for (std::uint32_t i = at.begin; i < at.end; ++i) function(values_[i]);
    }
  }

 private:
  struct TreeNode {
    Node parent = kNone;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  // From `first` to the next one's, the node's prefix is the longest.
  template <typename Key>
  struct Steps {
    std::vector<Key> firsts;  // sorted
    std::vector<Node> nodes;
  };
  __extension__ using Ipv6Key = unsigned __int128;

  template <typename Key>
  void Add(const std::vector<Entry>& entries, std::size_t begin, std::size_t end, int bits,
           Steps<Key>& steps);

  std::vector<TreeNode> nodes_{TreeNode{}};
  std::vector<std::uint32_t> values_;
  Steps<std::uint32_t> ipv4_;
  Steps<Ipv6Key> ipv6_;
};

}  // namespace sgflow
