// Which of many port ranges hold a port.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sgflow {

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  std::uint32_t value = 0;
};

// Immutable. Ranges overlap, so each stretch of ports between two borders has the list of those
// over it; where the lists would grow out of proportion, every range is looked at instead (then
// most of them match anyway).
class PortIndex {
 public:
  PortIndex() = default;
  // O(n log n + lists).
  explicit PortIndex(std::vector<PortRange> ranges);

  // Calls back with the value of each range around the port. O(log n + found).
  template <typename Function>
  void ForEachValue(std::uint16_t port, const Function& function) const {
    if (stretches_.empty()) {
      for (const PortRange& range : ranges_) {
        if (range.first <= port && port <= range.last) function(range.value);
      }
      return;
    }
    const std::size_t stretch = Stretch(port);
    for (std::uint32_t i = stretches_[stretch].begin; i < stretches_[stretch].end; ++i) {
      function(values_[i]);
    }
  }

  std::span<const PortRange> ranges() const { return ranges_; }

 private:
  struct StretchList {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  std::size_t Stretch(std::uint16_t port) const;

  std::vector<PortRange> ranges_;
  std::vector<std::uint16_t> firsts_;  // of the stretches, the first one is 0
  std::vector<StretchList> stretches_;
  std::vector<std::uint32_t> values_;
};

// The borders alone: ports of one class are inside exactly the same ranges.
class PortClasses {
 public:
  void Add(std::uint16_t first, std::uint16_t last);
  // After the last Add, before the first Of.
  void Finish();
  // O(1).
  std::uint32_t Of(std::uint16_t port) const {
    const Page& page = pages_[port >> 8];
    if (page.table != kNoTable) return page.begin + tables_[page.table][port & 0xFF];
    std::uint32_t at = page.begin;
    while (at != page.end && borders_[at] <= port) ++at;
    return at;
  }

 private:
  static constexpr std::uint32_t kNoTable = 0xFFFFFFFF;

  // 256 ports: the borders inside, and, where those are many, the number of them up to each port.
  struct Page {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t table = kNoTable;
  };

  std::vector<std::uint16_t> borders_;
  std::array<Page, 256> pages_{};
  std::vector<std::array<std::uint16_t, 256>> tables_;
};

}  // namespace sgflow
