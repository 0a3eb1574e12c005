// Which connections a security group lets pass without tracking them.
#pragma once

#include <vector>

#include "inventory/inventory.h"
#include "whatif/world.h"

namespace sgflow {

// AWS's EC2 guide, "Security group connection tracking": a TCP or UDP connection that a rule open
// to any address lets in, while a rule of the other direction lets replies out to any address on
// all ports, is not tracked: its replies pass by that other rule, and it stops at once when either
// goes. IPv4 and IPv6 are apart. Some interfaces' connections are tracked all the same.
struct Tracking {
  bool untracked = false;
  std::vector<RuleIndex> reply_rules;  // untracked: those that let the replies pass
};

// Requires that the passage was judged.
Tracking TrackingOf(const World& world, const Passage& passage, const Packet& opening);

}  // namespace sgflow
