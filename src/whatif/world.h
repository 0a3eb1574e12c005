// One set of rules, today's or the proposed one, and what it says of a connection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inventory/inventory.h"
#include "verdict/judge.h"
#include "verdict/packet.h"
#include "verdict/verdict.h"

namespace sgflow {

// From what lets less through to what lets more through.
enum class GroupAnswer : std::uint8_t { kRefuses, kUntold, kAllows, kNoGroups };

// What groups and network ACL say of the packets of one direction.
struct Leg {
  GroupAnswer groups = GroupAnswer::kRefuses;
  // kAllows: those that surely match, kUntold: those that perhaps do. In the inventory's order.
  std::vector<RuleIndex> rules;
  bool incomplete = false;  // not all rules of the interface's groups are known
  AclAnswer acl;
};

struct Passage {
  bool judged = false;  // false: the packet lacks what is needed, or its interface is not here
  Leg opening;
  Leg reply;  // `groups` matters for untracked connections only
  const NetworkInterface* local = nullptr;
  Peer peer;  // its views are the packet's
};

// For one thread.
class World {
 public:
  explicit World(std::shared_ptr<const Inventory> inventory,
                 std::span<const std::string> without_rules = {});
  explicit World(std::shared_ptr<const InventoryIndex> index) : judge_(std::move(index)) {}

  Judge& judge() { return judge_; }
  const InventoryIndex& index() const { return judge_.index(); }
  const Inventory& inventory() const { return judge_.index().inventory(); }

  // `opening` may name interfaces of another world's inventory: this world's are found by id.
  Passage Ask(const Packet& opening);

  // Whether the rule is gone from the inventory's ones.
  bool IsRemoved(RuleIndex rule) const { return !removed_.empty() && removed_[rule]; }

 private:
  void AskLeg(const Packet& packet, Leg& leg, Passage& passage);

  Judge judge_;
  std::vector<bool> removed_;  // by rule; empty: none is
};

// The permissions let the same through, whatever their ids and groups.
bool SayTheSame(std::span<const Rule> one, std::span<const Rule> other);

}  // namespace sgflow
