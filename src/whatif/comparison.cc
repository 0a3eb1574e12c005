#include "whatif/comparison.h"

#include <algorithm>
#include <optional>

#include "whatif/tracking.h"

namespace sgflow {
namespace {

struct Finding {
  Change change = Change::kNone;
  ChangeCause cause = ChangeCause::kNone;
};

Finding CantTell(ChangeCause cause) { return {Change::kCantTell, cause}; }

// A permission of the interface's that says the same as `rule` of the other world does.
bool HasSameRule(const World& world, const NetworkInterface& interface, Direction direction,
                 std::span<const Rule> rule) {
  const Inventory& inventory = world.inventory();
  for (const GroupIndex group : interface.groups) {
    for (const RuleIndex own : inventory.groups()[group].rules(direction)) {
      if (!world.IsRemoved(own) && SayTheSame(RulesOfSameId(inventory, own), rule)) return true;
    }
  }
  return false;
}

// Whether every rule of `rules` says the same as some of `others`.
bool AllAmong(const World& world, std::span<const RuleIndex> rules, const World& other_world,
              std::span<const RuleIndex> others) {
  return std::ranges::all_of(rules, [&](RuleIndex rule) {
    const auto permission = RulesOfSameId(world.inventory(), rule);
    return std::ranges::any_of(others, [&](RuleIndex other) {
      return SayTheSame(permission, RulesOfSameId(other_world.inventory(), other));
    });
  });
}

// Of the proposed inventory: it may have the interface without its groups.
ChangeCause WhyUnjudged(const Passage& then) {
  return then.local == nullptr ? ChangeCause::kInterfaceUnknownThen : ChangeCause::kFieldsMissing;
}

Finding CompareGroups(const World& today, const Passage& now, const World& proposed,
                      const Passage& then, Direction direction) {
  switch (then.opening.groups) {
    case GroupAnswer::kAllows:
      return {};
    case GroupAnswer::kNoGroups:
      if (now.opening.groups == GroupAnswer::kNoGroups) return {};
      return CantTell(ChangeCause::kNoGroupsThen);
    case GroupAnswer::kUntold:
      // One of today's rules did allow it. Where all of them stay, so does what it did.
      if (now.opening.groups == GroupAnswer::kUntold &&
          AllAmong(today, now.opening.rules, proposed, then.opening.rules)) {
        return {};
      }
      return CantTell(ChangeCause::kPossibleMatch);
    case GroupAnswer::kRefuses:
      break;
  }
  if (now.opening.groups == GroupAnswer::kRefuses) return CantTell(ChangeCause::kUnexplained);
  if (then.opening.incomplete) return CantTell(ChangeCause::kRulesIncomplete);
  if (now.opening.groups == GroupAnswer::kUntold) {
    // The rule stays and is known better then: it may not be what allowed the connection.
    const bool stays = std::ranges::any_of(now.opening.rules, [&](RuleIndex rule) {
      return HasSameRule(proposed, *then.local, direction, RulesOfSameId(today.inventory(), rule));
    });
    if (stays) return CantTell(ChangeCause::kPossibleToday);
  }
  return {Change::kBreaks, ChangeCause::kGroups};
}

bool AreSameAcl(const World& today, const AclAnswer& now, const World& proposed,
                const AclAnswer& then) {
  if (now.outcome != then.outcome || now.acl.has_value() != then.acl.has_value()) return false;
  if (!now.acl) return true;
  const NetworkAcl& one = today.inventory().acls()[*now.acl];
  const NetworkAcl& other = proposed.inventory().acls()[*then.acl];
  return one.doubtful == other.doubtful && one.entries == other.entries;
}

Finding CompareAcl(const World& today, const AclAnswer& now, const World& proposed,
                   const AclAnswer& then, ChangeCause cause) {
  switch (then.outcome) {
    case AclOutcome::kNotAsked:
    case AclOutcome::kNotMet:
      return {};
    case AclOutcome::kUnknown:
      if (now.outcome == AclOutcome::kUnknown) return {};
      return CantTell(ChangeCause::kAclUnknown);
    case AclOutcome::kAllowsSome:  // of questions only
    case AclOutcome::kAllows:
      if (!then.doubtful || AreSameAcl(today, now, proposed, then)) return {};
      return CantTell(ChangeCause::kAclUntold);
    case AclOutcome::kDenies:
      break;
  }
  if (then.doubtful) {
    if (AreSameAcl(today, now, proposed, then)) return {};
    return CantTell(ChangeCause::kAclUntold);
  }
  if (now.outcome == AclOutcome::kDenies) return CantTell(ChangeCause::kAclContradicts);
  return {Change::kBreaks, cause};
}

bool IsAclUnknown(const Passage& passage) {
  return passage.opening.acl.outcome == AclOutcome::kUnknown ||
         passage.reply.acl.outcome == AclOutcome::kUnknown;
}

// An established connection that is not tracked needs a rule in either direction.
Finding CompareReplies(const Passage& then) {
  switch (then.reply.groups) {
    case GroupAnswer::kAllows:
    case GroupAnswer::kNoGroups:
      return {};
    case GroupAnswer::kUntold:
      return CantTell(ChangeCause::kPossibleMatch);
    case GroupAnswer::kRefuses:
      break;
  }
  if (then.reply.incomplete) return CantTell(ChangeCause::kRulesIncomplete);
  return {Change::kInterrupted, ChangeCause::kReplyRuleGone};
}

// How much the ACL lets through.
int RankOf(const AclAnswer& answer) {
  if (answer.outcome == AclOutcome::kUnknown || answer.doubtful) return 1;
  return answer.allows() ? 2 : 0;
}

bool AllowsMore(const World& today, const Leg& now, const World& proposed, const Leg& then,
                bool with_groups) {
  if (!AreSameAcl(today, now.acl, proposed, then.acl) && RankOf(then.acl) != 0 &&
      RankOf(then.acl) >= RankOf(now.acl) && RankOf(now.acl) != 2) {
    return true;
  }
  if (!with_groups) return false;
  if (then.groups == GroupAnswer::kUntold && now.groups == GroupAnswer::kUntold) {
    // Those of today did not allow it.
    return !AllAmong(proposed, then.rules, today, now.rules);
  }
  const bool allowed_now = now.groups >= GroupAnswer::kAllows;
  return !allowed_now && then.groups > now.groups;
}

}  // namespace

Comparison CompareAccepted(World& today, World& proposed, const Packet& opening) {
  Comparison result;
  const auto settle = [&](const Finding& finding) {
    result.change = finding.change;
    result.cause = finding.cause;
  };
  const Passage now = today.Ask(opening);
  if (!now.judged) {
    settle(CantTell(ChangeCause::kFieldsMissing));
    return result;
  }
  result.rules = now.opening.rules;
  const Passage then = proposed.Ask(opening);
  if (!then.judged) {
    settle(CantTell(WhyUnjudged(then)));
    return result;
  }
  result.acl_unknown = IsAclUnknown(now) && IsAclUnknown(then);
  const Finding groups = CompareGroups(today, now, proposed, then, *opening.direction);
  const Finding acl =
      CompareAcl(today, now.opening.acl, proposed, then.opening.acl, ChangeCause::kAclOpening);
  const Finding reply_acl =
      CompareAcl(today, now.reply.acl, proposed, then.reply.acl, ChangeCause::kAclReply);
  const Tracking tracking = TrackingOf(today, now, opening);

  // Surely refused by one of them is refused, whatever can't be told of the others.
  for (const Finding& finding : {groups, acl, reply_acl}) {
    if (finding.change != Change::kBreaks) continue;
    settle(finding);
    const bool by_acl = finding.cause != ChangeCause::kGroups;
    // Network ACLs know no connections.
    result.ends = by_acl || tracking.untracked ? Ends::kAtOnce : Ends::kWhenIdle;
    if (by_acl) {
      const Leg& leg = finding.cause == ChangeCause::kAclOpening ? then.opening : then.reply;
      result.acl = leg.acl.acl;
      result.acl_rule = leg.acl.number;
    }
    return result;
  }
  for (const Finding& finding : {groups, acl, reply_acl}) {
    if (finding.change != Change::kCantTell) continue;
    settle(finding);
    if (finding.cause == ChangeCause::kPossibleMatch) result.proposed_rules = then.opening.rules;
    return result;
  }
  if (tracking.untracked) {
    settle(CompareReplies(then));
    if (result.change == Change::kNone) return result;
    result.rules = tracking.reply_rules;
    result.ends = Ends::kAtOnce;
    if (result.change == Change::kCantTell) result.proposed_rules = then.reply.rules;
  }
  return result;
}

Comparison CompareRefused(World& today, World& proposed, const Packet& opening) {
  Comparison result;
  const auto cant_tell = [&](ChangeCause cause) {
    result.change = Change::kCantTell;
    result.cause = cause;
    return result;
  };
  const Passage now = today.Ask(opening);
  if (!now.judged) return cant_tell(ChangeCause::kFieldsMissing);
  const Passage then = proposed.Ask(opening);
  if (!then.judged) return cant_tell(WhyUnjudged(then));
  result.proposed_rules = then.opening.rules;
  if (then.opening.groups == GroupAnswer::kRefuses && then.opening.incomplete &&
      !now.opening.incomplete) {
    return cant_tell(ChangeCause::kRulesIncomplete);
  }
  if (!AllowsMore(today, now.opening, proposed, then.opening, true) &&
      !AllowsMore(today, now.reply, proposed, then.reply, false)) {
    return result;
  }
  const int acl = std::min(RankOf(then.opening.acl), RankOf(then.reply.acl));
  if (acl == 0 || then.opening.groups == GroupAnswer::kRefuses) return result;
  if (then.opening.groups == GroupAnswer::kUntold) return cant_tell(ChangeCause::kPossibleMatch);
  if (acl == 1) {
    return cant_tell(IsAclUnknown(then) ? ChangeCause::kAclUnknown : ChangeCause::kAclUntold);
  }
  if (then.opening.groups == GroupAnswer::kNoGroups &&
      now.opening.groups != GroupAnswer::kNoGroups) {
    return cant_tell(ChangeCause::kNoGroupsThen);
  }
  result.change = Change::kOpens;
  return result;
}

Comparison CompareRefusedEitherWay(World& today, World& proposed, Packet& opening) {
  Comparison sent = CompareRefused(today, proposed, opening);
  if (sent.change != Change::kNone) return sent;
  // As a reply it belongs to a connection that was let through, so that only the ACL refused it.
  const Packet mirrored = Mirrored(opening);
  const Passage now = today.Ask(mirrored);
  const bool was_opened = now.judged && now.opening.groups != GroupAnswer::kRefuses &&
                          RankOf(now.opening.acl) != 0 && RankOf(now.reply.acl) != 2;
  if (!was_opened) return sent;
  Comparison received = CompareRefused(today, proposed, mirrored);
  if (received.change == Change::kNone) return sent;
  opening = mirrored;
  if (received.change == Change::kOpens) {
    received.change = Change::kCantTell;
    received.cause = ChangeCause::kOpenerUnknown;
  }
  return received;
}

Comparison CompareAcceptedEitherWay(World& today, World& proposed, Packet& opening) {
  Comparison sent = CompareAccepted(today, proposed, opening);
  const Packet mirrored = Mirrored(opening);
  Comparison received = CompareAccepted(today, proposed, mirrored);
  if (sent.change == received.change) return sent;
  // No rule of today allows it that way round: it went the other way.
  if (received.cause == ChangeCause::kUnexplained) return sent;
  if (sent.cause == ChangeCause::kUnexplained) {
    opening = mirrored;
    return received;
  }
  sent.change = Change::kCantTell;
  sent.cause = ChangeCause::kOpenerUnknown;
  sent.ends = Ends::kNotAsked;
  sent.acl.reset();
  sent.acl_rule = 0;
  return sent;
}

}  // namespace sgflow
