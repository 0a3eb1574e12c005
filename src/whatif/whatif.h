// Recorded traffic replayed against a proposed set of rules: what would change.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "verdict/conversations.h"
#include "whatif/change_list.h"
#include "whatif/comparison.h"
#include "whatif/world.h"

namespace sgflow {

struct Proposal {
  std::shared_ptr<const Inventory> inventory;
  // The proposed rules are the inventory's without these.
  std::vector<std::string> removed_rules;
};

struct WhatIfCounters {
  std::uint64_t records = 0;
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
  std::uint64_t without_traffic = 0;  // NODATA, SKIPDATA, transit gateways' records
  std::uint64_t unchanged = 0;        // of accepted and refused
  // Accepted records whose network ACL neither inventory knows: it was taken to stay.
  std::uint64_t acl_unknown = 0;
};

// For one thread. Who opened a connection is decided with today's inventory; then both are asked
// whether the opening packet, and where ACLs are met its reply, may pass.
class WhatIf {
 public:
  WhatIf(std::shared_ptr<const Inventory> today, const Proposal& proposal,
         const ChangeList::Limits& limits = {});

  // Another file begins: who opened what is forgotten.
  void StartStretch() { conversations_.Clear(); }

  void Add(const FlowRecord& record);

  const WhatIfCounters& counters() const { return counters_; }
  const ChangeList& breaks() const { return breaks_; }
  const ChangeList& interrupted() const { return interrupted_; }
  const ChangeList& opens() const { return opens_; }
  const ChangeList& cant_tell() const { return cant_tell_; }
  const Inventory& today() const { return today_.inventory(); }

 private:
  Comparison Compare(const Verdict& verdict, const Packet& packet, Packet& opening);
  void Note(const Comparison& comparison, const Packet& opening, const Tally& tally);
  void NoteUnjudged(const FlowRecord& record, const Verdict& verdict, bool accepted,
                    const Tally& tally);

  World today_;
  World proposed_;
  Conversations conversations_;
  WhatIfCounters counters_;
  ChangeList breaks_;
  ChangeList interrupted_;
  ChangeList opens_;
  ChangeList cant_tell_;
};

}  // namespace sgflow
