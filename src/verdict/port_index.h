// Which of many port ranges hold a port.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
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
  void Add(PortRange range) { ranges_.push_back(range); }
  // After the last Add, before the first question. O(n log n + lists).
  void Finish();

  // Calls back with the value of each range around the port. O(log n + found).
  template <typename Function>
  void ForEachValue(std::uint16_t port, const Function& function) const {
    if (stretches_ == nullptr) {
      for (const PortRange& range : ranges_) {
        if (range.first <= port && port <= range.last) function(range.value);
      }
      return;
    }
    for (const std::uint32_t value : stretches_->Around(port)) function(value);
  }

  std::span<const PortRange> ranges() const { return ranges_; }

 private:
  // Apart, as most indexes of a rule set have a range or two, and there are many of them.
  struct Stretches {
    struct List {
      std::uint32_t begin = 0;
      std::uint32_t end = 0;
    };

    std::size_t Of(std::uint16_t port) const;
    std::span<const std::uint32_t> Around(std::uint16_t port) const;

    std::vector<std::uint16_t> firsts;  // the first one is 0
    std::vector<List> lists;
    std::vector<std::uint32_t> values;
  };

  std::vector<PortRange> ranges_;
  std::unique_ptr<const Stretches> stretches_;
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
    if (page.table != kNoTable) return page.begin + std::uint32_t{tables_[page.table][port & 0xFF]};
    std::uint32_t at = page.begin;
    while (at != borders_.size() && borders_[at] <= port) ++at;
    return at;
  }

 private:
  static constexpr std::uint16_t kNoTable = 0xFFFF;

  // 256 ports: the first border inside, and, where those are many, the number of them up to each
  // port. No page has more than 256 borders, so that 16 bits are enough.
  struct Page {
    std::uint16_t begin = 0;
    std::uint16_t table = kNoTable;
  };

  std::vector<std::uint16_t> borders_;
  std::array<Page, 256> pages_{};
  std::vector<std::array<std::uint16_t, 256>> tables_;
};

}  // namespace sgflow
