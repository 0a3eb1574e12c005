#include "verdict/prefix_index.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace sgflow {
namespace {

template <typename Key>
Key KeyOf(const IpAddress& address) {
  Key key = 0;
  for (std::size_t i = 0; i < sizeof(Key); ++i) {
    key = static_cast<Key>((key << 8) | address.bytes()[i]);
  }
  return key;
}

// The last address inside.
template <typename Key>
Key LastOf(const IpPrefix& prefix, int bits) {
  const Key first = KeyOf<Key>(prefix.address());
  const int free_bits = bits - prefix.length();
  if (free_bits == bits) return static_cast<Key>(~Key{0});
  return static_cast<Key>(first | ((Key{1} << free_bits) - 1));
}

template <typename Key>
PrefixIndex::Node FindIn(const std::vector<Key>& firsts,
                         const std::vector<PrefixIndex::Node>& nodes, Key key) {
  if (firsts.empty() || key < firsts.front()) return PrefixIndex::kNone;
  // The last one that is not behind the key. Without a branch: which half it is cannot be guessed,
  // and each wrong guess costs more than a step.
  std::size_t at = 0;
  for (std::size_t count = firsts.size(); count > 1;) {
    const std::size_t half = count / 2;
    at += firsts[at + half] <= key ? half : 0;
    count -= half;
  }
  return nodes[at];
}

}  // namespace

PrefixIndex::PrefixIndex(std::vector<Entry> entries) {
  // A prefix comes before those inside it.
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return a.value < b.value;
  });
  const auto ipv6 =
      std::ranges::find_if(entries, [](const Entry& entry) { return !entry.prefix.is_ipv4(); });
  const auto border = static_cast<std::size_t>(ipv6 - entries.begin());
  Add<std::uint32_t>(entries, 0, border, 32, ipv4_);
  Add<Ipv6Key>(entries, border, entries.size(), 128, ipv6_);
}

template <typename Key>
void PrefixIndex::Add(const std::vector<Entry>& entries, std::size_t begin, std::size_t end,
                      int bits, Steps<Key>& steps) {
  struct Open {
    Node node;
    Key last;
  };
  std::vector<Open> open;
  const auto step = [&](Key first, Node node) {
    if (!steps.firsts.empty() && steps.firsts.back() == first) {
      steps.nodes.back() = node;
    } else {
      steps.firsts.push_back(first);
      steps.nodes.push_back(node);
    }
  };
  const auto close_before = [&](Key first, bool all) {
    while (!open.empty() && (all || open.back().last < first)) {
      const Key last = open.back().last;
      open.pop_back();
      // What lies behind the last address of all needs no step.
      if (last != static_cast<Key>(~Key{0})) {
        step(static_cast<Key>(last + 1), open.empty() ? kNone : open.back().node);
      }
    }
  };
  for (std::size_t i = begin; i < end;) {
    const IpPrefix& prefix = entries[i].prefix;
    const Key first = KeyOf<Key>(prefix.address());
    close_before(first, false);
    const auto node = static_cast<Node>(nodes_.size());
    nodes_.push_back({.parent = open.empty() ? kNone : open.back().node,
                      .begin = static_cast<std::uint32_t>(values_.size()),
                      .end = 0});
    for (; i < end && entries[i].prefix == prefix; ++i) values_.push_back(entries[i].value);
    nodes_.back().end = static_cast<std::uint32_t>(values_.size());
    step(first, node);
    open.push_back({node, LastOf<Key>(prefix, bits)});
  }
  close_before(0, true);
}

PrefixIndex::Node PrefixIndex::Find(const IpAddress& address) const {
  return address.is_ipv4() ? FindIn(ipv4_.firsts, ipv4_.nodes, KeyOf<std::uint32_t>(address))
                           : FindIn(ipv6_.firsts, ipv6_.nodes, KeyOf<Ipv6Key>(address));
}

}  // namespace sgflow
