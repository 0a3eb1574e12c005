#include "verdict/port_index.h"

#include <algorithm>

namespace sgflow {
namespace {

// Fewer are looked at sooner than they are searched.
constexpr std::size_t kFewRanges = 8;
constexpr std::size_t kMostValuesPerRange = 64;
// A table takes 512 bytes.
constexpr std::uint32_t kFewBorders = 8;
constexpr std::size_t kFewBordersInAll = 64;
constexpr std::size_t kPages = 256;

void SortUnique(std::vector<std::uint16_t>& values) {
  std::ranges::sort(values);
  const auto repeated = std::ranges::unique(values);
  values.erase(repeated.begin(), repeated.end());
  values.shrink_to_fit();
}

}  // namespace

std::optional<PortIndex> PortIndex::Make(std::span<const PortRange> ranges) {
  if (ranges.size() <= kFewRanges) return std::nullopt;
  PortIndex made;
  std::vector<std::uint16_t>& firsts = made.firsts_;
  firsts.push_back(0);
  for (const PortRange& range : ranges) {
    firsts.push_back(range.first);
    if (range.last != 0xFFFF) firsts.push_back(static_cast<std::uint16_t>(range.last + 1));
  }
  SortUnique(firsts);

  // First how long each list is, then where it ends, and filled from its end on where it begins.
  std::size_t total = 0;
  made.begins_.resize(firsts.size() + 1);
  for (const PortRange& range : ranges) {
    const std::size_t last = made.Of(range.last);
    for (std::size_t i = made.Of(range.first); i <= last; ++i) ++made.begins_[i];
    total += last - made.Of(range.first) + 1;
    if (total > kMostValuesPerRange * ranges.size()) return std::nullopt;
  }
  std::uint32_t end = 0;
  for (std::uint32_t& begin : made.begins_) begin = end += begin;
  made.values_.resize(total);
  for (const PortRange& range : ranges) {
    const std::size_t last = made.Of(range.last);
    for (std::size_t i = made.Of(range.first); i <= last; ++i) {
      made.values_[--made.begins_[i]] = range.value;
    }
  }
  return made;
}

std::size_t PortIndex::Of(std::uint16_t port) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(firsts_, port) - firsts_.begin()) - 1;
}

std::span<const std::uint32_t> PortIndex::Around(std::uint16_t port) const {
  const std::size_t at = Of(port);
  return std::span(values_).subspan(begins_[at], begins_[at + 1] - begins_[at]);
}

void PortClasses::Add(std::uint16_t first, std::uint16_t last) {
  borders_.push_back(first);
  if (last != 0xFFFF) borders_.push_back(static_cast<std::uint16_t>(last + 1));
}

void PortClasses::Finish() {
  SortUnique(borders_);
  if (borders_.size() <= kFewBordersInAll) return;
  pages_.resize(kPages);
  std::uint32_t next = 0;
  for (std::uint32_t number = 0; number < kPages; ++number) {
    Page& page = pages_[number];
    const std::uint32_t begin = next;
    page.begin = static_cast<std::uint16_t>(begin);
    while (next != borders_.size() && borders_[next] >> 8 == number) ++next;
    if (next - begin <= kFewBorders) continue;
    page.table = static_cast<std::uint16_t>(tables_.size());
    auto& table = tables_.emplace_back();
    std::uint32_t at = begin;
    for (std::uint32_t port = 0; port < table.size(); ++port) {
      while (at != next && borders_[at] <= (number << 8 | port)) ++at;
      table[port] = static_cast<std::uint16_t>(at - begin);
    }
  }
  tables_.shrink_to_fit();
}

}  // namespace sgflow
