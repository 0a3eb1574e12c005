// What a lesson did not bring, as it is remembered.
#pragma once

#include "live/lesson.h"
#include "live/misses.h"

namespace sgflow {

// Of an outcome that is not `found`, or that nobody looks for again at once. `of_strangers`: the
// account that was asked is one that no records are of.
Miss MissOf(const Lesson::Outcome& outcome, bool of_strangers);

}  // namespace sgflow
