#include "lambda/time_plan.h"

#include <gtest/gtest.h>

#include "lambda/reingestion.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;

const TimePlan::Time kNow(1'700'000'000s);

TEST(TimePlanTest, HasNoEndWhereLambdaGivesNone) {
  EXPECT_FALSE(PlanTime(kNow, std::nullopt, true).enrich_until);
  EXPECT_FALSE(PlanTime(kNow, std::nullopt, true).answer_by);
}

TEST(TimePlanTest, LeavesTimeToAnswer) {
  const TimePlan plan = PlanTime(kNow, kNow + 60s, false);
  EXPECT_EQ(plan.answer_by, kNow + 59500ms);
  EXPECT_EQ(plan.enrich_until, plan.answer_by);
  EXPECT_EQ(plan.learn_until, kNow + 44625ms) << "and some to make use of what was learned";
}

TEST(TimePlanTest, LeavesAQuarterToReingestAndEnoughForACall) {
  EXPECT_EQ(PlanTime(kNow, kNow + 60s, true).enrich_until, kNow + 44500ms);
  const TimePlan plan = PlanTime(kNow, kNow + 12s, true);
  EXPECT_GT(*plan.answer_by - *plan.enrich_until, Reingestion::kLongestCall);
}

TEST(TimePlanTest, LeavesSomeTimeToWorkHoweverShortItIs) {
  const TimePlan plan = PlanTime(kNow, kNow + 1s, true);
  EXPECT_EQ(plan.answer_by, kNow + 750ms);
  EXPECT_EQ(plan.enrich_until, kNow + 250ms);
  EXPECT_EQ(PlanTime(kNow, kNow - 1s, true).enrich_until, kNow - 1s) << "it is over";
}

}  // namespace
}  // namespace sgflow
