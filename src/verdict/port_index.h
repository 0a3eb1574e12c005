// Which of many port ranges hold a port.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sgflow {

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;  // below `first`: no port is inside
  std::uint32_t value = 0;

  bool Holds(std::uint16_t port) const { return first <= port && port <= last; }
};

// Ranges overlap, so each stretch of ports between two borders has the list of those over it.
// Immutable.
class PortIndex {
 public:
  // None where looking at every range is better: there are few, or the lists would grow out of
  // proportion (then most ranges hold any port). No range may be empty. O(n log n + lists).
  static std::optional<PortIndex> Make(std::span<const PortRange> ranges);

  // The values of the ranges around the port. O(log n).
  std::span<const std::uint32_t> Around(std::uint16_t port) const;

 private:
  std::size_t Of(std::uint16_t port) const;

  std::vector<std::uint16_t> firsts_;  // of the stretches; the first one is 0
  std::vector<std::uint32_t> begins_;  // of their lists, and the last one's end
  std::vector<std::uint32_t> values_;
};

// The borders alone: ports of one class are inside exactly the same ranges.
class PortClasses {
 public:
  void Add(std::uint16_t first, std::uint16_t last);
  // After the last Add, before the first Of.
  void Finish();
  // O(log n) of a few, O(1) of many.
  std::uint32_t Of(std::uint16_t port) const {
    if (pages_.empty()) return FewUpTo(port);
    const Page& page = pages_[port >> 8];
    if (page.table != kNoTable) return page.begin + std::uint32_t{tables_[page.table][port & 0xFF]};
    std::uint32_t at = page.begin;
    while (at != borders_.size() && borders_[at] <= port) ++at;
    return at;
  }

  // What it takes of memory.
  std::size_t bytes() const {
    return borders_.capacity() * sizeof(borders_[0]) + pages_.capacity() * sizeof(Page) +
           tables_.capacity() * sizeof(Table);
  }

 private:
  static constexpr std::uint16_t kNoTable = 0xFFFF;

  // 256 ports: the first border inside, and, where those are many, the number of them up to each
  // port. No page has more than 256 borders, so that 16 bits are enough.
  struct Page {
    std::uint16_t begin = 0;
    std::uint16_t table = kNoTable;
  };
  using Table = std::array<std::uint16_t, 256>;

  // How many borders are not behind the port. Without a branch, as in PrefixClasses.
  std::uint32_t FewUpTo(std::uint16_t port) const {
    std::size_t at = 0;
    for (std::size_t count = borders_.size(); count != 0;) {
      const std::size_t half = (count + 1) / 2;
      at += borders_[at + half - 1] <= port ? half : 0;
      count -= half;
    }
    return static_cast<std::uint32_t>(at);
  }

  std::vector<std::uint16_t> borders_;
  // None where borders are few: those of many lists of groups are kept, and pages take a kilobyte.
  std::vector<Page> pages_;
  std::vector<Table> tables_;
};

}  // namespace sgflow
