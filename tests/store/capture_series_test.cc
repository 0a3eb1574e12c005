#include "store/capture_series.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

constexpr std::chrono::sys_seconds kNoon = std::chrono::sys_days(2026y / 1 / 2) + 12h;

TEST(CaptureSeries, OfEachTheLastOneHolds) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon + 10s, {"one"}, "one-10");
  captures.Add(kNoon, {"one"}, "one-0");
  captures.Add(kNoon + 5s, {"other"}, "other-5");

  EXPECT_EQ(captures.At(kNoon), Names{"one-0"}) << "the other begins later";
  EXPECT_EQ(captures.At(kNoon + 5s), (Names{"one-0", "other-5"}));
  EXPECT_EQ(captures.At(kNoon + 10s), (Names{"one-10", "other-5"}));
  EXPECT_EQ(captures.At(std::nullopt), (Names{"one-0", "other-5"}));
  EXPECT_EQ(captures.Moments(),
            (std::vector<std::chrono::sys_seconds>{kNoon, kNoon + 5s, kNoon + 10s}));
}

// A Region is added to a schedule: what held before must not stay beside what holds now.
TEST(CaptureSeries, PlacesThatStandTogetherOnceAreOne) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "first");
  captures.Add(kNoon + 10s, {"one", "other"}, "second");
  EXPECT_EQ(captures.At(kNoon + 10s), Names{"second"});
}

TEST(CaptureSeries, APlaceInAnotherMayBelongToIt) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one/vpc"}, "vpc");
  captures.Add(kNoon + 5s, {"one-more/vpc"}, "no part of it");
  captures.JoinInner("one");
  EXPECT_EQ(captures.At(kNoon + 10s).size(), 2U);
  captures.Add(kNoon + 10s, {"one"}, "all");
  captures.JoinInner("one");
  EXPECT_EQ(captures.At(kNoon + 10s), (Names{"no part of it", "all"}));
}

TEST(CaptureSeries, AllOfTheLastMomentHold) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "interfaces");
  captures.Add(kNoon, {"one"}, "rules");
  EXPECT_EQ(captures.At(kNoon + 1s), (Names{"interfaces", "rules"}));
}

TEST(CaptureSeries, APlaceMayBeJoinedLater) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "first");
  captures.Add(kNoon + 10s, {"folder/"}, "second");
  EXPECT_EQ(captures.At(kNoon + 10s).size(), 2U);
  captures.Join("folder/", {"one"});
  EXPECT_EQ(captures.At(kNoon + 10s), Names{"second"});
}

}  // namespace
}  // namespace sgflow
