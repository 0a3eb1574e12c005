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

std::shared_ptr<const Inventory> SomeInventory() {
  InventoryReport report;
  return InventoryBuilder(report).Build();
}

class TimelineTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<const Inventory>> Load(std::size_t point) {
    ++loads_[point];
    if (fails_) {
      return std::unexpected(
          Error{.kind = ErrorKind::kEnvironment, .message = "gone", .place = {}, .hint = {}});
    }
    return SomeInventory();
  }

  std::map<std::size_t, int> loads_;
  bool fails_ = false;
  std::shared_ptr<const Inventory> latest_ = SomeInventory();
  Timeline timeline_{
      {kNoon, kNoon + 1h, kNoon + 3h}, latest_, [this](std::size_t point) { return Load(point); }};
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
  const std::weak_ptr<const Inventory> seen = timeline_.At(0).value();
  EXPECT_TRUE(seen.expired());
  ASSERT_TRUE(timeline_.At(0));
  EXPECT_EQ(loads_[0], 2);
}

TEST_F(TimelineTest, WhatCouldNotBeLoadedIsTriedAgain) {
  fails_ = true;
  EXPECT_EQ(timeline_.At(1).error().message, "gone");
  fails_ = false;
  EXPECT_TRUE(timeline_.At(1));
}

}  // namespace
}  // namespace sgflow
