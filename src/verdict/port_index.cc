#include "verdict/port_index.h"

#include <algorithm>
#include <utility>

namespace sgflow {
namespace {

// Fewer are looked at sooner than they are searched.
constexpr std::size_t kFewRanges = 8;
constexpr std::size_t kMostValuesPerRange = 64;
// A table takes 512 bytes, and the rule sets of many interfaces are kept.
constexpr std::uint32_t kFewBorders = 8;

void SortUnique(std::vector<std::uint16_t>& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
}

}  // namespace

PortIndex::PortIndex(std::vector<PortRange> ranges) : ranges_(std::move(ranges)) {
  if (ranges_.size() <= kFewRanges) return;
  firsts_.push_back(0);
  for (const PortRange& range : ranges_) {
    firsts_.push_back(range.first);
    if (range.last != 0xFFFF) firsts_.push_back(static_cast<std::uint16_t>(range.last + 1));
  }
  SortUnique(firsts_);

  std::size_t total = 0;
  for (const PortRange& range : ranges_) total += Stretch(range.last) - Stretch(range.first) + 1;
  if (total > kMostValuesPerRange * ranges_.size()) {
    firsts_.clear();
    return;
  }
  std::vector<std::vector<std::uint32_t>> lists(firsts_.size());
  for (const PortRange& range : ranges_) {
    for (std::size_t i = Stretch(range.first); i <= Stretch(range.last); ++i) {
      lists[i].push_back(range.value);
    }
  }
  for (const auto& list : lists) {
    const auto begin = static_cast<std::uint32_t>(values_.size());
    values_.insert(values_.end(), list.begin(), list.end());
    stretches_.push_back({begin, static_cast<std::uint32_t>(values_.size())});
  }
}

std::size_t PortIndex::Stretch(std::uint16_t port) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(firsts_, port) - firsts_.begin()) - 1;
}

void PortClasses::Add(std::uint16_t first, std::uint16_t last) {
  borders_.push_back(first);
  if (last != 0xFFFF) borders_.push_back(static_cast<std::uint16_t>(last + 1));
}

void PortClasses::Finish() {
  SortUnique(borders_);
  std::uint32_t next = 0;
  for (std::uint32_t number = 0; number < pages_.size(); ++number) {
    Page& page = pages_[number];
    page.begin = next;
    while (next != borders_.size() && borders_[next] >> 8 == number) ++next;
    page.end = next;
    if (page.end - page.begin <= kFewBorders) continue;
    page.table = static_cast<std::uint32_t>(tables_.size());
    auto& table = tables_.emplace_back();
    std::uint32_t at = page.begin;
    for (std::uint32_t port = 0; port < table.size(); ++port) {
      while (at != page.end && borders_[at] <= (number << 8 | port)) ++at;
      table[port] = static_cast<std::uint16_t>(at - page.begin);
    }
  }
}

}  // namespace sgflow
