// The rows of the verdict table (docs/verdicts.md), once it is known what the rules and the network
// ACL say.
#pragma once

#include "network/direction.h"
#include "verdict/initiator.h"
#include "verdict/packet.h"
#include "verdict/rule_matcher.h"
#include "verdict/verdict.h"

namespace sgflow {

// What the rules of the packet's own direction and of the other one say.
struct Matches {
  const MatchSet& own;
  const MatchSet& other;
};

// Sets what the verdict was decided by; `matches` must live as long.
void SetJudged(const MatchSet& matches, Direction direction, Verdict& verdict);

// By the verdict's `acl_answer`, which denies.
void DenyByAcl(Confidence confidence, Verdict& verdict);

// `by_flags`: who opened, where the record or an earlier one says so.
void DecideAccepted(const Packet& packet, const Matches& matches, const OpenerAnswer& by_flags,
                    Verdict& verdict);

// Once the ACL has been asked.
void DecideRefused(const Packet& packet, const Matches& matches, const OpenerAnswer& opener,
                   Verdict& verdict);

}  // namespace sgflow
