// The rules of a set of groups in one direction, compiled for matching.
#pragma once

#include <cstdint>
#include <unordered_map>
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

// Immutable. The index must outlive it.
class RuleSet {
 public:
  // O(n log n) in the rules and the entries of their prefix lists.
  RuleSet(const InventoryIndex& index, const GroupList& list, Direction direction);

  // Questions with the same class have the same rules.
  struct Class {
    std::uint32_t node = 0;    // the prefixes around the peer
    std::uint32_t holder = 0;  // who the peer is, as far as a group reference asks
    std::uint32_t port = 0;

    friend bool operator==(const Class&, const Class&) = default;
  };
  // O(log n).
  Class ClassOf(const Question& question) const;

  // Appends every rule that matches, maybe more than once. O(log n + found).
  void Find(const Question& question, std::uint32_t node, std::vector<FoundRule>& to) const;

 private:
  using SourceId = std::uint32_t;
  static constexpr int kAnyProtocol = -1;

  // Of one source and protocol.
  struct Bucket {
    int protocol = kAnyProtocol;
    std::vector<RuleIndex> all_ports;
    std::vector<RuleIndex> icmp_types;
    PortIndex ports;
  };
  struct GroupSource {
    SourceId source = 0;
    bool active = false;
  };

  class Compiler;

  void FindOf(SourceId source, Answer answer, const Question& question,
              std::vector<FoundRule>& to) const;
  void FindByGroup(const Question& question, std::vector<FoundRule>& to) const;

  const InventoryIndex& index_;
  PrefixIndex prefixes_;  // their values are sources
  std::vector<std::vector<Bucket>> sources_;
  std::unordered_map<GroupIndex, std::vector<GroupSource>> by_group_;
  std::vector<SourceId> by_balancer_;
  std::vector<SourceId> by_any_group_;  // for peers whose groups nobody told
  std::vector<SourceId> untold_;        // whoever the peer is
  std::vector<SourceId> untold_far_;    // for peers that are no interface of the own VPC
  bool asks_for_holder_ = false;
  // Of TCP and UDP together, as a near miss may be a rule for the other one.
  PortClasses port_classes_;
};

}  // namespace sgflow
