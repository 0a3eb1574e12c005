// The smallest changes that would turn a verdict.
#pragma once

#include "cli/explain_answer.h"
#include "verdict/judge.h"
#include "verdict/packet.h"
#include "verdict/verdict.h"

namespace sgflow {

// What of `explanation` stands above its changes must be there.
ExplainedChanges NearestChanges(const Packet& packet, const Verdict& verdict,
                                const Explanation& explanation, const Judge& judge);

}  // namespace sgflow
