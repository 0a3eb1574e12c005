// The fast look-ups against plain scans.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "verdict/port_index.h"
#include "verdict/prefix_index.h"

namespace sgflow {
namespace {

// Few bits vary, so that prefixes nest and meet.
rc::Gen<IpAddress> AnyAddress() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 256), rc::gen::inRange(0, 4)),
      [](const std::tuple<bool, int, int>& parts) {
        const auto [ipv4, low, high] = parts;
        std::array<std::uint8_t, 16> bytes{};
        bytes[0] = high == 3 ? 255 : static_cast<std::uint8_t>(high);
        bytes[ipv4 ? 3 : 15] = static_cast<std::uint8_t>(low);
        if (high == 3) std::fill(bytes.begin(), bytes.begin() + (ipv4 ? 3 : 15), 255);
        return IpAddress(ipv4 ? AddressFamily::kIpv4 : AddressFamily::kIpv6, bytes);
      });
}

RC_GTEST_PROP(PrefixIndex, FindsWhatAScanFinds, ()) {
  std::vector<PrefixIndex::Entry> entries;
  const int count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) {
    const IpAddress address = *AnyAddress();
    const int free_bits = *rc::gen::inRange(0, 10);
    const bool everything = *rc::gen::inRange(0, 8) == 0;
    entries.push_back({IpPrefix(address, everything ? 0 : address.bits() - free_bits),
                       static_cast<std::uint32_t>(i)});
  }
  const PrefixIndex index(entries);
  for (int i = 0; i < 20; ++i) {
    const IpAddress address = *AnyAddress();
    std::vector<std::uint32_t> expected;
    for (const auto& entry : entries) {
      if (entry.prefix.Contains(address)) expected.push_back(entry.value);
    }
    std::vector<std::uint32_t> found;
    index.ForEachValue(index.Find(address), [&](std::uint32_t value) { found.push_back(value); });
    std::ranges::sort(found);
    RC_ASSERT(found == expected);
  }
}

RC_GTEST_PROP(PortIndex, FindsWhatAScanFinds, ()) {
  std::vector<PortRange> ranges;
  PortClasses classes;
  const int count = *rc::gen::inRange(0, 60);
  const auto any_port = rc::gen::map(rc::gen::inRange(0, 64), [](int port) {
    return static_cast<std::uint16_t>(port < 32 ? port * 9 : 65535 - (port - 32) * 7);
  });
  for (int i = 0; i < count; ++i) {
    const std::uint16_t one = *any_port;
    const std::uint16_t other = *any_port;
    ranges.push_back({std::min(one, other), std::max(one, other), static_cast<std::uint32_t>(i)});
    classes.Add(ranges.back().first, ranges.back().last);
  }
  const std::optional<PortIndex> index = PortIndex::Make(ranges);
  classes.Finish();
  std::map<std::uint32_t, std::vector<std::uint32_t>> of_class;
  for (int i = 0; i < 30; ++i) {
    const std::uint16_t port = *any_port;
    std::vector<std::uint32_t> expected;
    for (const PortRange& range : ranges) {
      if (range.first <= port && port <= range.last) expected.push_back(range.value);
    }
    if (index) {
      const auto around = index->Around(port);
      std::vector<std::uint32_t> found(around.begin(), around.end());
      std::ranges::sort(found);
      RC_ASSERT(found == expected);
    }
    const auto [at, is_new] = of_class.try_emplace(classes.Of(port), expected);
    RC_ASSERT(at->second == expected);
  }
}

}  // namespace
}  // namespace sgflow
