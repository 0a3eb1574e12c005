#include "verdict/prefix_index.h"

#include <algorithm>

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
Key LastOf(const IpPrefix& prefix) {
  const Key first = KeyOf<Key>(prefix.address());
  const int free_bits = prefix.address().bits() - prefix.length();
  if (free_bits == prefix.address().bits()) return static_cast<Key>(~Key{0});
  return static_cast<Key>(first | ((Key{1} << free_bits) - 1));
}

template <typename Key>
PrefixClasses::Class FindIn(const std::vector<Key>& firsts,
                            const std::vector<PrefixClasses::Class>& classes, Key key) {
  if (firsts.empty() || key < firsts.front()) return PrefixClasses::kNone;
  // The last one that is not behind the key. Without a branch: which half it is cannot be guessed,
  // and each wrong guess costs more than a step.
  std::size_t at = 0;
  for (std::size_t count = firsts.size(); count > 1;) {
    const std::size_t half = count / 2;
    at += firsts[at + half] <= key ? half : 0;
    count -= half;
  }
  return classes[at];
}

}  // namespace

PrefixClasses::PrefixClasses(std::span<const IpPrefix> prefixes, std::vector<Class>* around) {
  const auto ipv6 = std::ranges::find_if_not(prefixes, &IpPrefix::is_ipv4);
  const auto border = static_cast<std::size_t>(ipv6 - prefixes.begin());
  ipv4_ = StepsOf<std::uint32_t>(prefixes.first(border), 0, around);
  ipv6_ = StepsOf<Ipv6Key>(prefixes.subspan(border), static_cast<Class>(border), around);
}

// `before`: how many prefixes come before these.
template <typename Key>
PrefixClasses::Steps<Key> PrefixClasses::StepsOf(std::span<const IpPrefix> prefixes, Class before,
                                                 std::vector<Class>* around) {
  struct Open {
    Class number;
    Key last;
  };
  std::vector<Open> open;
  Steps<Key> steps;
  const auto inner = [&] { return open.empty() ? kNone : open.back().number; };
  const auto step = [&](Key first, Class number) {
    if (!steps.firsts.empty() && steps.firsts.back() == first) {
      steps.classes.back() = number;
    } else {
      steps.firsts.push_back(first);
      steps.classes.push_back(number);
    }
  };
  // What lies behind the last address of all needs no step.
  const auto close = [&] {
    const Key last = open.back().last;
    open.pop_back();
    if (last != static_cast<Key>(~Key{0})) step(static_cast<Key>(last + 1), inner());
  };
  for (const IpPrefix& prefix : prefixes) {
    const Key first = KeyOf<Key>(prefix.address());
    while (!open.empty() && open.back().last < first) close();
    if (around != nullptr) around->push_back(inner());
    open.push_back({++before, LastOf<Key>(prefix)});
    step(first, before);
  }
  while (!open.empty()) close();
  // Of many lists of groups they are kept.
  steps.firsts.shrink_to_fit();
  steps.classes.shrink_to_fit();
  return steps;
}

PrefixClasses::Class PrefixClasses::Of(const IpAddress& address) const {
  return address.is_ipv4() ? FindIn(ipv4_.firsts, ipv4_.classes, KeyOf<std::uint32_t>(address))
                           : FindIn(ipv6_.firsts, ipv6_.classes, KeyOf<Ipv6Key>(address));
}

PrefixIndex::PrefixIndex(std::vector<Entry> entries) {
  // A prefix comes before those inside it.
  std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return a.value < b.value;
  });
  std::vector<IpPrefix> prefixes;
  begins_.push_back(0);
  values_.reserve(entries.size());
  for (const Entry& entry : entries) {
    if (prefixes.empty() || prefixes.back() != entry.prefix) {
      prefixes.push_back(entry.prefix);
      begins_.push_back(static_cast<std::uint32_t>(values_.size()));
    }
    values_.push_back(entry.value);
  }
  begins_.push_back(static_cast<std::uint32_t>(values_.size()));
  around_.reserve(prefixes.size() + 1);
  around_.push_back(PrefixClasses::kNone);
  classes_ = PrefixClasses(prefixes, &around_);
}

}  // namespace sgflow
