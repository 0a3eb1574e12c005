// What becomes of a connection when one set of rules follows the other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "inventory/inventory.h"
#include "verdict/packet.h"
#include "whatif/world.h"

namespace sgflow {

enum class Change : std::uint8_t {
  kNone,
  kBreaks,       // accepted today, refused then
  kInterrupted,  // established connections stop, new ones are accepted
  kOpens,        // refused today, accepted then
  kCantTell,
};

// Why it breaks, or why it can't be told.
enum class ChangeCause : std::uint8_t {
  kNone,
  // kBreaks
  kGroups,
  kAclOpening,
  kAclReply,
  // kInterrupted
  kReplyRuleGone,
  // kCantTell
  kInterfaceUnknownToday,
  kInterfaceUnknownThen,
  kFieldsMissing,
  kUnexplained,      // no rule of today explains it
  kPossibleToday,    // one of today's rules perhaps does, and would not then
  kOpenerUnknown,    // it hangs on who opened the connection
  kPossibleMatch,    // a proposed rule perhaps allows it
  kRulesIncomplete,  // a group's rules are not all known
  kNoGroupsThen,     // the interface carries no group then
  kAclUnknown,       // the proposed inventory does not tell the ACL
  kAclUntold,        // an entry can't be told
  kAclContradicts,   // today's ACL would refuse it, yet it was accepted
};

// When established connections end that break.
enum class Ends : std::uint8_t { kNotAsked, kAtOnce, kWhenIdle };

struct Comparison {
  Change change = Change::kNone;
  ChangeCause cause = ChangeCause::kNone;
  Ends ends = Ends::kNotAsked;
  // Of today's inventory: what allows it, or its replies where these are what stops.
  std::vector<RuleIndex> rules;
  // Of the proposed one: what will allow it, or perhaps does.
  std::vector<RuleIndex> proposed_rules;
  // Of the proposed one: the entry that refuses it.
  std::optional<AclIndex> acl;
  std::int32_t acl_rule = 0;
  bool acl_unknown = false;  // in both inventories: it was taken to stay as it is
};

// `opening` is the packet that opened the connection, accepted or refused in both worlds' stead.
// Adding rules to the proposed world never makes an accepted connection break.
Comparison CompareAccepted(World& today, World& proposed, const Packet& opening);
Comparison CompareRefused(World& today, World& proposed, const Packet& opening);

// Where it is not known who opened the connection: what holds either way, or can't tell.
// `opening` is mirrored where it went the other way.
Comparison CompareAcceptedEitherWay(World& today, World& proposed, Packet& opening);
Comparison CompareRefusedEitherWay(World& today, World& proposed, Packet& opening);

}  // namespace sgflow
