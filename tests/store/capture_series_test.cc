#include "store/capture_series.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

using Moments = std::vector<std::chrono::sys_seconds>;

constexpr std::chrono::sys_seconds kNoon = std::chrono::sys_days(2026y / 1 / 2) + 12h;

Names NamesOf(const std::vector<CaptureSeries<std::string>::Held>& held) {
  Names names;
  for (const auto& one : held) names.push_back(one.stored);
  return names;
}

Names NamesAt(const CaptureSeries<std::string>& captures,
              std::optional<std::chrono::sys_seconds> moment) {
  return NamesOf(captures.At(moment));
}

TEST(CaptureSeries, OfEachTheLastOneHolds) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon + 10s, {"one"}, "one-10");
  captures.Add(kNoon, {"one"}, "one-0");
  captures.Add(kNoon + 5s, {"other"}, "other-5");

  EXPECT_EQ(NamesAt(captures, kNoon), Names{"one-0"}) << "the other begins later";
  EXPECT_EQ(NamesAt(captures, kNoon + 5s), (Names{"one-0", "other-5"}));
  EXPECT_EQ(NamesAt(captures, kNoon + 10s), (Names{"one-10", "other-5"}));
  EXPECT_EQ(NamesAt(captures, std::nullopt), (Names{"one-0", "other-5"}));
  EXPECT_EQ(captures.Moments(), (std::vector<Moments>{{kNoon, kNoon + 10s}, {kNoon + 5s}}));
}

TEST(CaptureSeries, OfEachTheNextOneComes) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "one-0");
  captures.Add(kNoon + 10s, {"one"}, "one-10");
  captures.Add(kNoon + 20s, {"one"}, "one-20");
  captures.Add(kNoon + 15s, {"other"}, "other-15");
  EXPECT_EQ(NamesOf(captures.After(kNoon, kNoon)), (Names{"one-10", "other-15"}));
  EXPECT_EQ(NamesOf(captures.After(kNoon + 10s, kNoon)), (Names{"one-20", "other-15"}));
  EXPECT_EQ(NamesOf(captures.After(kNoon + 20s, kNoon)), (Names{"one-20", "other-15"}))
      << "where none comes the last one";
}

TEST(CaptureSeries, WhatFollowsSomethingElseHasNoneBefore) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "one-0");
  captures.Add(kNoon + 10s, {"other"}, "other-10");
  captures.Follow("other");
  EXPECT_EQ(NamesAt(captures, std::nullopt), Names{"one-0"});
  EXPECT_EQ(NamesOf(captures.After(kNoon, kNoon + 9s)), Names{"one-0"});
  EXPECT_EQ(NamesOf(captures.After(kNoon, kNoon + 10s)), (Names{"one-0", "other-10"}));
}

// A Region is added to a schedule: what held before must not stay beside what holds now.
TEST(CaptureSeries, PlacesThatStandTogetherOnceAreOne) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "first");
  captures.Add(kNoon + 10s, {"one", "other"}, "second");
  EXPECT_EQ(NamesAt(captures, kNoon + 10s), Names{"second"});
}

TEST(CaptureSeries, APlaceInAnotherMayBelongToIt) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one/vpc"}, "vpc");
  captures.Add(kNoon + 5s, {"one-more/vpc"}, "no part of it");
  captures.JoinInner("one");
  EXPECT_EQ(NamesAt(captures, kNoon + 10s).size(), 2U);
  captures.Add(kNoon + 10s, {"one"}, "all");
  captures.JoinInner("one");
  EXPECT_EQ(NamesAt(captures, kNoon + 10s), (Names{"no part of it", "all"}));
}

TEST(CaptureSeries, AllOfTheLastMomentHold) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "interfaces");
  captures.Add(kNoon, {"one"}, "rules");
  EXPECT_EQ(NamesAt(captures, kNoon + 1s), (Names{"interfaces", "rules"}));
}

TEST(CaptureSeries, APlaceMayBeJoinedLater) {
  CaptureSeries<std::string> captures;
  captures.Add(kNoon, {"one"}, "first");
  captures.Add(kNoon + 10s, {"folder/"}, "second");
  EXPECT_EQ(NamesAt(captures, kNoon + 10s).size(), 2U);
  captures.Join("folder/", {"one"});
  EXPECT_EQ(NamesAt(captures, kNoon + 10s), Names{"second"});
}

}  // namespace
}  // namespace sgflow
