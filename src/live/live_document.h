// What is known, as a document that `documents` reads.
#pragma once

#include <string>

#include "live/live_knowledge.h"

namespace sgflow {

// With a `Coverage` of those groups whose rules and members are known.
std::string DocumentOf(const LiveKnowledge& known);

}  // namespace sgflow
