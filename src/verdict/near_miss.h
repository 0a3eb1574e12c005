// Rules that would have let a refused packet in, had one thing been other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"
#include "verdict/inventory_index.h"
#include "verdict/rule_check.h"

namespace sgflow {

// In this order they are given.
enum class NearMissKind : std::uint8_t { kUntold, kSource, kPort, kProtocol };

struct NearMiss {
  RuleIndex rule = 0;
  NearMissKind kind = NearMissKind::kUntold;
  Cause cause = Cause::kNone;  // kUntold, and kSource for a deleted peering
  std::string why;             // as "allows tcp 5432 only from 10.0.1.0/24"; printable ASCII
};

struct NearMisses {
  std::vector<NearMiss> misses;
  // What cannot be told and why, one clause for the reason; empty where all is known.
  std::string doubt;

  // What it takes of memory. O(misses).
  std::size_t bytes() const;
};

// At most these of kSource, kPort and kProtocol each; every can't-tell rule.
inline constexpr std::size_t kMostNearMisses = 3;

// All can't-tell rules, then the closest ones of each kind: rules that name a port before those
// that don't, narrow ranges before wide ones, else by their ids (D47 of tests/oracle/DECISIONS.md).
// What it says holds for every question of the same class. O(rules).
NearMisses FindNearMisses(const InventoryIndex& index, const GroupList& list,
                          const Question& question);

// "tcp 443", "udp 8000-8100", "all icmp", "icmp type 8", "all traffic", "protocol 47".
std::string DescribeService(const Rule& rule);
// "10.0.1.0/24", "prefix list pl-...", "members of sg-...".
std::string DescribeSource(const Rule& rule);
// What the rule cannot be told for, where AWS could not be asked for that; else null.
const Unlearned* UnlearnedOf(const Inventory& inventory, const Rule& rule, Cause cause);
// "the inventory lacks prefix list pl-..." and the like. `subject` is what the rule is called.
std::string DescribeCause(const Rule& rule, Cause cause, std::string_view subject = "it");

}  // namespace sgflow
