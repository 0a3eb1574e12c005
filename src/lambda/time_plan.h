// How the time that Lambda gives to an invocation is spent.
#pragma once

#include <chrono>
#include <optional>

namespace sgflow {

struct TimePlan {
  using Time = std::chrono::system_clock::time_point;

  // None, all: there is no end.
  // Until when AWS is waited for.
  std::optional<Time> learn_until;
  // What is not enriched then is not enriched any more.
  std::optional<Time> enrich_until;
  // When the answer must be on its way.
  std::optional<Time> answer_by;
};

// `deadline`: when Lambda gives the invocation up. `reingests`: time is needed for that too.
TimePlan PlanTime(TimePlan::Time now, std::optional<TimePlan::Time> deadline, bool reingests);

}  // namespace sgflow
