#include "store/config_history.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sgflow {
namespace {

using namespace std::chrono_literals;

constexpr ConfigHistory::Moment kNoon = std::chrono::sys_days(2026y / 1 / 2) + 12h;

ConfigItem Item(std::string id, std::optional<std::chrono::seconds> after, std::string json,
                std::uint64_t state_id = 0) {
  ConfigItem item{.kind = ListedKind::kSubnets,
                  .resource_id = std::move(id),
                  .captured_at = {},
                  .state_id = state_id,
                  .json = std::move(json)};
  if (after) item.captured_at = kNoon + *after;
  return item;
}

ConfigHistory Of(std::vector<ConfigItem> items) {
  ConfigHistory history;
  history.Add(std::move(items));
  history.Finish();
  return history;
}

std::string WithSubnets(const std::string& subnets) {
  return R"({"Snapshot":{"Coverage":{"Kinds":[]}},"Subnets":[)" + subnets + "]}";
}

TEST(ConfigHistory, AnItemIsTrueUpToTheNextOfItsResource) {
  std::vector<ConfigItem> items{Item("a", 0s, "1"), Item("a", 10s, "2"), Item("a", 20s, "")};
  do {
    const ConfigHistory history = Of(items);
    EXPECT_EQ(history.DocumentAt(kNoon - 1s), WithSubnets(""));
    EXPECT_EQ(history.DocumentAt(kNoon), WithSubnets("1"));
    EXPECT_EQ(history.DocumentAt(kNoon + 9s), WithSubnets("1"));
    EXPECT_EQ(history.DocumentAt(kNoon + 10s), WithSubnets("2"));
    EXPECT_EQ(history.DocumentAt(kNoon + 20s), WithSubnets("")) << "it is gone";
    EXPECT_EQ(history.DocumentAt(std::nullopt), WithSubnets("1"));
    EXPECT_EQ(history.Moments(),
              (std::vector<ConfigHistory::Moment>{kNoon, kNoon + 10s, kNoon + 20s}));
  } while (std::ranges::next_permutation(items, {}, &ConfigItem::json).found);
}

TEST(ConfigHistory, WhatChangesNothingIsNoMoment) {
  const ConfigHistory history =
      Of({Item("a", 0s, "1"), Item("a", 5s, "1"), Item("a", 0s, "1"), Item("b", 7s, "2")});
  EXPECT_EQ(history.Moments(), (std::vector<ConfigHistory::Moment>{kNoon, kNoon + 7s}));
}

TEST(ConfigHistory, OfOneSecondTheLastStateCounts) {
  EXPECT_EQ(Of({Item("a", 0s, "2", 8), Item("a", 0s, "1", 7)}).DocumentAt(kNoon), WithSubnets("2"));
}

TEST(ConfigHistory, AnItemWithoutATimeIsTrueUntilOneWithATime) {
  const ConfigHistory history = Of({Item("a", 10s, "2"), Item("a", std::nullopt, "1")});
  EXPECT_EQ(history.DocumentAt(kNoon), WithSubnets("1"));
  EXPECT_EQ(history.DocumentAt(kNoon + 10s), WithSubnets("2"));
}

}  // namespace
}  // namespace sgflow
