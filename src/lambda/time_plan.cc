#include "lambda/time_plan.h"

#include <algorithm>

#include "lambda/reingestion.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;

constexpr TimePlan::Time::duration kTimeToAnswer = 500ms;
// For one call at least, and for a second one where the first is quick.
constexpr TimePlan::Time::duration kTimeToReingest = Reingestion::kLongestCall + 1s;

}  // namespace

TimePlan PlanTime(TimePlan::Time now, std::optional<TimePlan::Time> deadline, bool reingests) {
  if (!deadline) return {};
  // However short the time, the larger part of it is for the work.
  const auto all = std::max(*deadline - now, TimePlan::Time::duration(0));
  const auto answer_by = *deadline - std::min(kTimeToAnswer, all / 4);
  const auto to_reingest = std::min(std::max(kTimeToReingest, all / 4), all / 2);
  const auto enrich_until = reingests ? answer_by - to_reingest : answer_by;
  // Enriching is quick, where what it needs is there.
  return {.learn_until = now + (enrich_until - now) / 4 * 3,
          .enrich_until = enrich_until,
          .answer_by = answer_by};
}

}  // namespace sgflow
