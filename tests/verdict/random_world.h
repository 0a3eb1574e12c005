// Random small inventories whose parts meet: few addresses, groups, ports and protocols.
#pragma once

#include <memory>

#include "inventory/inventory.h"
#include "verdict/packet.h"

namespace sgflow::test {

struct WorldChoice {
  std::uint64_t seed = 0;
  // What a property changes without changing the answer.
  bool reverse_rules = false;
  bool reverse_groups = false;
  // Without the last so many rules.
  std::size_t leave_out = 0;
};

// The same seed makes the same inventory. Rule ids tell the rules apart.
std::shared_ptr<const Inventory> RandomInventory(const WorldChoice& choice);

// A packet at one of its interfaces, with all that a verdict needs.
Packet RandomPacket(const Inventory& inventory, std::uint64_t seed);

}  // namespace sgflow::test
