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

void PortIndex::Finish() {
  if (ranges_.size() <= kFewRanges) return;
  auto made = std::make_unique<Stretches>();
  std::vector<std::uint16_t>& firsts = made->firsts;
  firsts.push_back(0);
  for (const PortRange& range : ranges_) {
    firsts.push_back(range.first);
    if (range.last != 0xFFFF) firsts.push_back(static_cast<std::uint16_t>(range.last + 1));
  }
  SortUnique(firsts);

  std::size_t total = 0;
  for (const PortRange& range : ranges_) total += made->Of(range.last) - made->Of(range.first) + 1;
  if (total > kMostValuesPerRange * ranges_.size()) return;
  std::vector<std::vector<std::uint32_t>> lists(firsts.size());
  for (const PortRange& range : ranges_) {
    for (std::size_t i = made->Of(range.first); i <= made->Of(range.last); ++i) {
      lists[i].push_back(range.value);
    }
  }
  for (const auto& list : lists) {
    const auto begin = static_cast<std::uint32_t>(made->values.size());
    made->values.insert(made->values.end(), list.begin(), list.end());
    made->lists.push_back({begin, static_cast<std::uint32_t>(made->values.size())});
  }
  stretches_ = std::move(made);
}

std::size_t PortIndex::Stretches::Of(std::uint16_t port) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(firsts, port) - firsts.begin()) - 1;
}

std::span<const std::uint32_t> PortIndex::Stretches::Around(std::uint16_t port) const {
  const List& list = lists[Of(port)];
  return std::span(values).subspan(list.begin, list.end - list.begin);
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
}

}  // namespace sgflow
