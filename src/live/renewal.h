// What is known, asked for anew.
#pragma once

#include <span>

#include "live/lesson.h"
#include "live/live_knowledge.h"

namespace sgflow {

// Adds to the lesson what was said before `than` and is still of use.
void AddOlder(Lesson& lesson, const LiveKnowledge& known, LiveKnowledge::Time than);

// Of a renewal's outcomes: what AWS does not have any more. Interfaces stay, as their last records
// come late.
void ForgetAbsent(LiveKnowledge& known, std::span<const Lesson::Outcome> outcomes);

}  // namespace sgflow
