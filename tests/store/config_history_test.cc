#include "store/config_history.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace sgflow {
namespace {

using namespace std::chrono_literals;

constexpr ConfigHistory::Moment kNoon = std::chrono::sys_days(2026y / 1 / 2) + 12h;

ConfigItem Item(std::string id, std::optional<std::chrono::seconds> after, std::string json,
                std::uint64_t state_id = 0) {
  ConfigItem item;
  item.kind = ListedKind::kSubnets;
  item.resource_id = std::move(id);
  item.state_id = state_id;
  item.json = std::move(json);
  if (after) item.captured_at = kNoon + *after;
  return item;
}

ConfigHistory Of(std::vector<ConfigItem> items) {
  ConfigHistory history;
  history.Add(std::move(items));
  history.Finish();
  return history;
}

std::string TextAt(const ConfigHistory& history, std::optional<ConfigHistory::Moment> moment) {
  const auto document = history.DocumentAt(moment, {});
  return document ? document->text : "nothing";
}

std::string WithSubnets(const std::string& subnets) {
  return R"({"Snapshot":{"Coverage":{"Kinds":[]}},"Subnets":[)" + subnets + "]}";
}

TEST(ConfigHistory, AnItemIsTrueUpToTheNextOfItsResource) {
  std::vector<ConfigItem> items{Item("a", 0s, "1"), Item("a", 10s, "2"), Item("a", 20s, "")};
  do {
    const ConfigHistory history = Of(items);
    EXPECT_EQ(TextAt(history, kNoon - 1s), "nothing");
    EXPECT_EQ(TextAt(history, kNoon), WithSubnets("1"));
    EXPECT_EQ(TextAt(history, kNoon + 9s), WithSubnets("1"));
    EXPECT_EQ(TextAt(history, kNoon + 10s), WithSubnets("2"));
    EXPECT_EQ(TextAt(history, kNoon + 20s), WithSubnets("")) << "it is gone";
    EXPECT_EQ(TextAt(history, std::nullopt), WithSubnets("1"));
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
  EXPECT_EQ(TextAt(Of({Item("a", 0s, "2", 8), Item("a", 0s, "1", 7)}), kNoon), WithSubnets("2"));
}

TEST(ConfigHistory, AnItemWithoutATimeIsTrueUntilOneWithATime) {
  const ConfigHistory history = Of({Item("a", 10s, "2"), Item("a", std::nullopt, "1")});
  EXPECT_EQ(TextAt(history, kNoon), WithSubnets("1"));
  EXPECT_EQ(TextAt(history, kNoon + 10s), WithSubnets("2"));
}

ConfigItem ItemIn(std::string id, std::string account, std::string region, std::string vpc) {
  ConfigItem item = Item(std::move(id), 0s, '"' + account + region + vpc + '"');
  item.account_id = std::move(account);
  item.region = std::move(region);
  item.vpc_id = std::move(vpc);
  return item;
}

TEST(ConfigHistory, EndsOnlyWhereCapturesTellOfThePlace) {
  const auto after = [](const CapturedPlace& place) {
    ConfigHistory history =
        Of({ItemIn("a", "1", "r", "v"), ItemIn("b", "1", "r", "w"), ItemIn("c", "1", "s", "x"),
            ItemIn("d", "2", "r", "y"), ItemIn("e", "1", "r", ""), ItemIn("f", "", "", "")});
    EXPECT_TRUE(history.EndWhere(place, kNoon + 10s));
    EXPECT_EQ(TextAt(history, kNoon + 9s),
              WithSubnets("\"1rv\",\n\"1rw\",\n\"1sx\",\n\"2ry\",\n\"1r\",\n\"\""));
    return TextAt(history, kNoon + 10s);
  };
  EXPECT_EQ(after({"1", "r", {}}), WithSubnets("\"1sx\",\n\"2ry\""));
  EXPECT_EQ(after({"1", "", {}}), WithSubnets("\"2ry\""));
  EXPECT_EQ(after({"3", "r", {}}), WithSubnets("\"1rv\",\n\"1rw\",\n\"1sx\",\n\"2ry\",\n\"1r\""))
      << "what does not tell its place may be there";
  EXPECT_EQ(after({"1", "r", {"v", "z"}}),
            WithSubnets("\"1rw\",\n\"1sx\",\n\"2ry\",\n\"1r\",\n\"\""));
  EXPECT_EQ(after({"", "", {}}), "nothing");
}

TEST(ConfigHistory, WhatComesAfterItsEndIsNoMoment) {
  ConfigHistory history = Of({ItemIn("a", "1", "r", "v"), Item("a", 20s, "2")});
  EXPECT_TRUE(history.EndWhere({"1", "r", {}}, kNoon + 10s));
  EXPECT_EQ(history.Moments(), std::vector{kNoon});
  EXPECT_EQ(TextAt(history, std::nullopt), WithSubnets("\"1rv\""));
}

TEST(ConfigHistory, WhatBeginsAfterItsEndWasNeverThere) {
  ConfigHistory history = Of({ItemIn("a", "1", "r", "v")});
  EXPECT_FALSE(history.EndWhere({"1", "r", {}}, kNoon));
  EXPECT_EQ(TextAt(history, std::nullopt), "nothing");
}

TEST(ConfigHistory, LeavesOutWhatACaptureTellsOf) {
  const auto document =
      Of({Item("a", 0s, "1"), Item("b", 0s, "2"), Item("c", 0s, "3")}).DocumentAt(kNoon, {"b"});
  ASSERT_TRUE(document);
  EXPECT_EQ(document->text, WithSubnets("1,\n3"));
}

TEST(ConfigHistory, OfAnElementTheItemCanBeFound) {
  ConfigHistory history = Of({Item("a", 0s, "1"), Item("b", 0s, "2")});
  const auto document = history.DocumentAt(kNoon, {"a"});
  ASSERT_TRUE(document);
  ASSERT_NE(document->ItemAt("Subnets[0].CidrBlock"), nullptr);
  EXPECT_EQ(document->ItemAt("Subnets[0]")->json, "2");
  EXPECT_EQ(document->ItemAt("Subnets[1]"), nullptr);
  EXPECT_EQ(document->ItemAt("NetworkAcls[0]"), nullptr);
  EXPECT_EQ(document->ItemAt(""), nullptr);
}

}  // namespace
}  // namespace sgflow
