// The rules of a group in one direction, compiled for matching.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "inventory/inventory.h"
#include "verdict/inventory_index.h"
#include "verdict/port_index.h"
#include "verdict/prefix_index.h"
#include "verdict/rule_check.h"

namespace sgflow {

struct FoundRule {
  RuleIndex rule = 0;
  Answer answer = Answer::kNo;
  bool names_port = false;

  friend bool operator==(const FoundRule&, const FoundRule&) = default;
};

// Immutable, and small: fifty bytes a rule. The index must outlive it.
class RuleSet {
 public:
  // For interfaces in `vpc`: what a group reference covers differs with that. O(n log n).
  RuleSet(const InventoryIndex& index, GroupIndex group, VpcIndex vpc, Direction direction);

  // Appends every rule that matches, maybe more than once. O(log n + found).
  void Find(const Question& question, std::vector<FoundRule>& to) const;

 private:
  // Rules of one source differ in their services.
  using SourceId = std::uint32_t;
  static constexpr std::int16_t kAnyProtocol = -1;

  enum class Service : std::uint8_t {
    kAllPorts,
    kIcmpTypes,
    kPorts,
    kManyPorts,  // they have an index
  };
  // Rules of one source, protocol and kind of service, up to where the next bucket's begin.
  struct Bucket {
    std::uint32_t begin = 0;
    std::int16_t protocol = kAnyProtocol;
    Service service = Service::kAllPorts;
  };
  using SourceOf = std::pair<std::uint32_t, SourceId>;  // a group's, or a prefix list's

  class Compiler;

  void FindOf(SourceId source, Answer answer, const Question& question,
              std::vector<FoundRule>& to) const;
  void FindIn(std::size_t bucket, Answer answer, const Question& question,
              std::vector<FoundRule>& to) const;
  void FindByGroup(const Question& question, std::vector<FoundRule>& to) const;

  const InventoryIndex& index_;
  PrefixIndex prefixes_;                   // their values are sources
  std::vector<std::uint32_t> buckets_of_;  // by source, where they begin; the last one's end
  std::vector<Bucket> buckets_;            // and one behind the last
  std::vector<PortRange> rules_;           // their values are rules
  std::vector<std::pair<std::size_t, PortIndex>> many_ports_;  // by bucket

  std::vector<SourceOf> by_list_;   // sorted
  std::vector<SourceOf> by_group_;  // sorted
  // Of by_group_'s sources, those whose peering is told to be active.
  std::vector<SourceId> active_;
  std::vector<SourceId> by_balancer_;
  std::vector<SourceId> by_any_group_;  // for peers whose groups nobody told
  std::vector<SourceId> untold_;        // whoever the peer is
  std::vector<SourceId> untold_far_;    // for peers that are no interface of the own VPC
};

}  // namespace sgflow
