// Which inventory was true at a moment, and how many are held.
#include "inventory/timeline.h"

#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "inventory/building.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;

constexpr Timeline::Moment kNoon = std::chrono::sys_days(2026y / 1 / 2) + 12h;

Timeline::StatePtr SomeState() {
  InventoryReport report;
  return std::make_shared<Timeline::State>(InventoryBuilder(report).Build());
}

class TimelineTest : public ::testing::Test {
 protected:
  Result<Timeline::StatePtr> Load(std::size_t point, Timeline::Which which) {
    ++(which == Timeline::Which::kNext ? next_loads_ : loads_)[point];
    if (fails_) {
      return std::unexpected(
          Error{.kind = ErrorKind::kEnvironment, .message = "gone", .place = {}, .hint = {}});
    }
    return SomeState();
  }

  Timeline Of(std::vector<std::vector<Timeline::Moment>> series) {
    return {std::move(series), latest_,
            [this](std::size_t point, Timeline::Which which) { return Load(point, which); }};
  }

  std::map<std::size_t, int> loads_;
  std::map<std::size_t, int> next_loads_;
  bool fails_ = false;
  Timeline::StatePtr latest_ = SomeState();
  Timeline timeline_ = Of({{kNoon, kNoon + 1h, kNoon + 3h}});
};

TEST_F(TimelineTest, ACaptureIsTrueUpToTheNextOne) {
  EXPECT_EQ(timeline_.PointAt(kNoon), 0U);
  EXPECT_EQ(timeline_.PointAt(kNoon + 59min + 59s), 0U);
  EXPECT_EQ(timeline_.PointAt(kNoon + 1h), 1U);
  EXPECT_EQ(timeline_.PointAt(kNoon + 3h - 1s), 1U);
  EXPECT_EQ(timeline_.PointAt(kNoon + 3h), 2U);
  EXPECT_EQ(timeline_.PointAt(kNoon + 10000h), timeline_.last());
}

TEST_F(TimelineTest, BeforeTheFirstOneIsATimeOfItsOwn) {
  EXPECT_EQ(timeline_.PointAt(kNoon - 1s), Timeline::kBeforeFirst);
  EXPECT_EQ(timeline_.CapturedAt(Timeline::kBeforeFirst), kNoon);
  ASSERT_TRUE(timeline_.At(Timeline::kBeforeFirst));
  EXPECT_EQ(loads_, (std::map<std::size_t, int>{{Timeline::kBeforeFirst, 1}}));
}

TEST_F(TimelineTest, TheLatestIsThereAlready) {
  EXPECT_EQ(timeline_.At(2).value(), latest_);
  EXPECT_TRUE(loads_.empty());
}

TEST_F(TimelineTest, WhoHoldsOneSharesIt) {
  const auto one = timeline_.At(0).value();
  EXPECT_EQ(timeline_.At(0).value(), one);
  EXPECT_EQ(loads_[0], 1);
}

TEST_F(TimelineTest, WhatNobodyHoldsIsNotKept) {
  const std::weak_ptr<const Timeline::State> seen = timeline_.At(0).value();
  EXPECT_TRUE(seen.expired());
  ASSERT_TRUE(timeline_.At(0));
  EXPECT_EQ(loads_[0], 2);
}

TEST_F(TimelineTest, OfOneSeriesTheNextPointIsNext) {
  const auto next = timeline_.After(0).value();
  EXPECT_EQ(timeline_.At(1).value(), next);
  EXPECT_EQ(loads_, (std::map<std::size_t, int>{{1, 1}}));
  EXPECT_TRUE(next_loads_.empty());
}

TEST_F(TimelineTest, OfSeveralSeriesEachHasItsNext) {
  Timeline timeline = Of({{kNoon, kNoon + 3h}, {}, {kNoon + 1h}});
  EXPECT_EQ(timeline.size(), 3U);
  EXPECT_TRUE(timeline.has_several_series());
  ASSERT_TRUE(timeline.After(0));
  EXPECT_EQ(next_loads_, (std::map<std::size_t, int>{{0, 1}}));
}

TEST_F(TimelineTest, TheCapturesAroundAMomentAreThoseOfTheSeries) {
  const Timeline timeline = Of({{kNoon, kNoon + 3h}, {}, {kNoon + 1h}});
  const auto one = timeline.AroundOf(0, kNoon + 2h);
  EXPECT_EQ(one.captured_at, kNoon);
  EXPECT_FALSE(one.is_before_first);
  EXPECT_EQ(one.next, kNoon + 3h);
  const auto other = timeline.AroundOf(2, kNoon);
  EXPECT_EQ(other.captured_at, kNoon + 1h);
  EXPECT_TRUE(other.is_before_first);
  EXPECT_EQ(timeline.AroundOf(2, kNoon + 1h).next, std::nullopt);
  EXPECT_EQ(timeline.AroundOf(Timeline::kAnySeries, kNoon + 2h).captured_at, kNoon + 1h);
  EXPECT_TRUE(timeline.BeginsLater(0));
  EXPECT_FALSE(timeline.BeginsLater(1));
}

TEST_F(TimelineTest, WhatCouldNotBeLoadedIsTriedAgain) {
  fails_ = true;
  EXPECT_EQ(timeline_.At(1).error().message, "gone");
  fails_ = false;
  EXPECT_TRUE(timeline_.At(1));
}

}  // namespace
}  // namespace sgflow
