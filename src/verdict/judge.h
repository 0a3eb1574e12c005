// Decides which rule let a record's traffic through or kept it out.
#pragma once

#include <memory>
#include <optional>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "verdict/conversations.h"
#include "verdict/initiator.h"
#include "verdict/inventory_index.h"
#include "verdict/packet.h"
#include "verdict/rule_check.h"
#include "verdict/rule_matcher.h"
#include "verdict/verdict.h"

namespace sgflow {

// Whether an earlier record says that the packet's sender opened its conversation; none: nothing is
// remembered, or this packet's flags say it themselves, which is remembered now. `place` is that of
// its sender and receiver, in this order.
std::optional<bool> Converse(const Packet& packet, const Conversations::Place& place,
                             Conversations& conversations);

// For one thread; those of several share the index. What it answers hangs on its arguments alone:
// what it remembers of earlier questions makes it quick and nothing else.
class Judge {
 public:
  explicit Judge(std::shared_ptr<const InventoryIndex> index);
  // With an index of its own.
  explicit Judge(std::shared_ptr<const Inventory> inventory);

  const InventoryIndex& index() const { return *index_; }
  const std::shared_ptr<const InventoryIndex>& shared_index() const { return index_; }

  // Reads what earlier records said of who opened and adds what this one says. A few hundred
  // nanoseconds, without allocation where a like record came before. Spans in the verdict are
  // valid until the next call of this or another member function.
  Verdict Decide(const FlowRecord& record, Conversations& conversations);

  // The same of facts. `sender_remembered`: whether an earlier record says that the sender opened.
  Verdict Decide(const Packet& packet, std::optional<bool> sender_remembered);

  // What groups and network ACL would say of a packet that opens a connection (QuestionPacket;
  // `action` is not asked). One of allowed-by-rule, denied-by-network-acl,
  // denied-by-security-group, not-applicable (no groups, and the ACL does not deny), not-judged,
  // unknown-interface. Exact, or possible where something can't be told.
  Verdict Ask(const Packet& packet);

  // "May this connection be opened?" The same, and the ACL, which knows no connections, lets the
  // replies pass as well: `reply_acl`. Possible where it lets some of them pass.
  Verdict AskConnection(const Packet& opening);

  // How a rule of the interface answers the packet's question in the direction: for explanations.
  RuleAnswer Check(const Rule& rule, const Packet& packet) const;

 private:
  // `memory` tells whether the sender is remembered as the one who opened, and is called once.
  template <typename Memory>
  Verdict DecideWith(const Packet& packet, const Memory& memory);
  Verdict Start(const Packet& packet) const;
  bool FindObstacle(const Packet& packet, Verdict& verdict) const;
  // In the packet's own direction; and the other one's, where the sender's port is the responder's.
  Question QuestionOf(const Packet& packet) const;
  static Question Reversed(const Question& own, const Packet& packet);
  const MatchSet& Match(const Packet& packet, const Question& question);

  std::shared_ptr<const InventoryIndex> index_;
  RuleMatcher matcher_;
};

}  // namespace sgflow
