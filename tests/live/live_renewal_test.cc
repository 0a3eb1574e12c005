// What is renewed between batches, and what is forgotten.
#include "live/live_source.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "live/live_source_fixture.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Interfaces;
using testing::LiveSourceTest;
using testing::ManyInterfaces;
using testing::NamesOf;
using testing::RulesOf;
using testing::Sleep;
using testing::Texts;
using testing::Throttled;

TEST_F(LiveSourceTest, NoBatchWaitsLongForRenewing) {
  Learn(Interfaces({"eni-1"}));
  world_.deadlines.clear();
  Sleep(301s);
  EXPECT_TRUE(source_->Refresh().empty());
  const auto now = std::chrono::steady_clock::now();
  ASSERT_EQ(world_.deadlines.size(), 2U);
  for (const AwsDeadline deadline : world_.deadlines) EXPECT_LE(deadline, now + 2s);
}

TEST_F(LiveSourceTest, AfterARenewalThatTookLongInVainThereIsAPause) {
  Learn(Interfaces({"eni-1"}));
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  world_.on_ask = [] { Sleep(40s); };
  Sleep(301s);
  EXPECT_EQ(source_->Refresh(), Texts{"EC2 throttles"});
  world_.TakeCalls();
  Sleep(29s);
  EXPECT_EQ(source_->Refresh(), Texts{});
  EXPECT_EQ(world_.TakeCalls(), Texts{});
  Sleep(1s);
  EXPECT_EQ(source_->Refresh(), Texts{"EC2 throttles"});
}

TEST_F(LiveSourceTest, RenewsBetweenBatchesWhatHasGrownOldAndThenAllInOneGo) {
  Learn(Interfaces({"eni-1"}));
  Sleep(200s);
  Learn(Interfaces({"eni-3"}));
  world_.TakeCalls();
  Sleep(99s);
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_EQ(world_.TakeCalls(), Texts{});
  Sleep(51s);  // eni-1 is 350 seconds old and eni-3 is 150

  world_.rules["sg-1"] = {kHttps, kHttps};
  const auto before = source_->Current();
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_EQ(world_.TakeCalls(), (Texts{"DescribeNetworkInterfaces network-interface-id eni-1,eni-3",
                                       "DescribeSecurityGroupRules group-id sg-1,sg-3"}));
  EXPECT_EQ(before->rules().size(), 2U) << "who has the old one keeps it";
  EXPECT_EQ(source_->Current()->rules().size(), 3U);
}

TEST_F(LiveSourceTest, TheInventoryStaysTheSameWhereRenewingFoundNothingNew) {
  Learn(Interfaces({"eni-1", "eni-2"}));
  const auto before = source_->Current();
  Sleep(301s);
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_EQ(source_->Current(), before);
  EXPECT_EQ(source_->counters().as_of, testing::FakeNow());
}

TEST_F(LiveSourceTest, WhatCannotBeRenewedIsUsedUntilItIsFarTooOld) {
  Learn(Interfaces({"eni-1"}));
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  Sleep(301s);
  EXPECT_EQ(source_->Refresh(), Texts{"EC2 throttles"});
  EXPECT_TRUE(Knows("eni-1"));
  world_.TakeCalls();
  EXPECT_EQ(source_->Refresh(), Texts{}) << "not at once again";
  EXPECT_EQ(world_.TakeCalls(), Texts{});

  Sleep(12 * 300s - 301s);
  EXPECT_TRUE(Knows("eni-1"));
  Sleep(1s);
  EXPECT_FALSE(Knows("eni-1"));
}

TEST_F(LiveSourceTest, AFunctionThatWasFrozenForHoursStartsAnew) {
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  Sleep(5h);
  EXPECT_FALSE(Knows("eni-1"));
  EXPECT_TRUE(Learn(Interfaces({"eni-1"})));
  EXPECT_EQ(world_.calls.size(), 2U);
  EXPECT_TRUE(Knows("eni-1"));
}

TEST_F(LiveSourceTest, AnInterfaceThatIsGoneStaysForItsLastRecords) {
  Learn(Interfaces({"eni-1"}));
  world_.interfaces.erase("eni-1");
  Sleep(301s);
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_TRUE(Knows("eni-1"));
  world_.TakeCalls();
  Sleep(301s);
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_EQ(world_.calls, Texts{}) << "and is not asked for any more";
  Sleep(12 * 300s);
  EXPECT_FALSE(Knows("eni-1"));
}

TEST_F(LiveSourceTest, ARenewedInterfaceHasItsNewGroupWithOrWithoutItsRules) {
  Learn(Interfaces({"eni-1"}));
  world_.interfaces["eni-1"].groups = {"sg-3"};
  Sleep(301s);
  world_.faults[Ec2Action::kDescribeSecurityGroupRules] = Throttled();
  EXPECT_EQ(source_->Refresh(), Texts{"EC2 throttles"});
  const auto inventory = source_->Current();
  EXPECT_EQ(inventory->groups()[inventory->FindLocal("eni-1")->groups[0]].id, "sg-3");
  EXPECT_FALSE(KnowsRules("sg-3"));

  world_.faults.clear();
  EXPECT_TRUE(Learn(RulesOf({"sg-3"})));
  EXPECT_TRUE(KnowsRules("sg-3"));
}

TEST_F(LiveSourceTest, RulesThatHaveGrownTooOldLeaveTheirInterfaceBehind) {
  Learn(Interfaces({"eni-1"}));
  world_.faults[Ec2Action::kDescribeSecurityGroupRules] = Throttled();
  for (int minutes = 5; minutes <= 60; minutes += 5) {
    Sleep(300s);
    static_cast<void>(source_->Refresh());
  }
  EXPECT_TRUE(KnowsRules("sg-1")) << "old, but not too old";
  Sleep(1s);
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_FALSE(KnowsRules("sg-1"));
  world_.faults.clear();
  EXPECT_TRUE(Learn(RulesOf({"sg-1"})));
  EXPECT_TRUE(KnowsRules("sg-1"));
}

TEST_F(LiveSourceTest, APodThatHasComeSinceIsLookedForOnceAMinute) {
  world_.interfaces["eni-7a"] = {.groups = {"sg-1"}, .address = "10.0.1.7", .type = "trunk"};
  Learn(Interfaces({"eni-7a"}));
  world_.TakeCalls();
  const Lacking lacking{.trunks = NamesOf({"eni-7a"})};
  EXPECT_FALSE(Learn(lacking));
  EXPECT_EQ(world_.TakeCalls().size(), 2U) << "the trunk and its branches";
  world_.interfaces["eni-7b"] = {
      .groups = {"sg-2"}, .address = "10.0.1.8", .type = "branch", .trunk = "eni-7a"};
  Sleep(59s);
  EXPECT_FALSE(Learn(lacking));
  EXPECT_EQ(world_.calls.size(), 0U);
  Sleep(1s);
  EXPECT_TRUE(Learn(lacking));
  EXPECT_TRUE(Knows("eni-7b"));

  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  Sleep(60s);
  Learn(lacking);
  EXPECT_TRUE(Knows("eni-7a")) << "it is what it was";
  EXPECT_TRUE(Knows("eni-7b"));
}

TEST_F(LiveSourceTest, ForgetsWhatWasNotUsedForTheLongestTime) {
  world_.AddInstances(400, 10);
  Start({.most_entries = 300});
  Learn(ManyInterfaces(0, 200));
  const auto inventory = source_->Current();
  std::vector<bool> used(inventory->interfaces().size());
  for (int i = 0; i < 100; ++i) {
    used[static_cast<std::size_t>(inventory->FindInterface("eni-" + std::to_string(i)) -
                                  inventory->interfaces().data())] = true;
  }
  Sleep(61s);
  Learn(ManyInterfaces(200, 100));
  source_->NoteUse(*inventory, used);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(Knows("eni-" + std::to_string(i))) << i;
  EXPECT_TRUE(source_->Refresh().empty());
  const auto now = source_->Current();
  EXPECT_LE(now->interfaces().size() + now->groups().size(), 300U);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(Knows("eni-" + std::to_string(i))) << i;
  for (int i = 200; i < 300; ++i) EXPECT_TRUE(Knows("eni-" + std::to_string(i))) << i;
}

TEST_F(LiveSourceTest, ABatchHasAllThatItNeedsHoweverMuchThatIs) {
  world_.AddInstances(300, 10);
  Start({.most_entries = 100});
  EXPECT_TRUE(Learn(ManyInterfaces(0, 300)));
  EXPECT_EQ(world_.TakeCalls().size(), 3U);
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(Knows("eni-" + std::to_string(i))) << i;
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_TRUE(Knows("eni-0")) << "the next batch will want it too";

  Sleep(61s);
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_LE(source_->Current()->interfaces().size(), 100U);
  EXPECT_EQ(world_.TakeCalls(), Texts{});
  EXPECT_TRUE(Learn(ManyInterfaces(0, 300))) << "what was forgotten is not absent";
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(Knows("eni-" + std::to_string(i))) << i;
}

TEST_F(LiveSourceTest, MembersOfAGroupThatAUsedRuleReferencesAreUsedToo) {
  world_.rules["sg-1"] = {kFromPeers};
  Start({.most_entries = 20});
  Learn(Interfaces({"eni-1"}));
  Learn({.member_groups = NamesOf({"sg-3"})});
  Sleep(61s);
  for (int i = 100; i < 130; ++i) {
    world_.interfaces["eni-" + std::to_string(i)] = {.groups = {"sg-2"}, .address = "10.0.2.1"};
  }
  Learn(ManyInterfaces(100, 30));
  const auto inventory = source_->Current();
  std::vector<bool> used(inventory->interfaces().size());
  used[static_cast<std::size_t>(inventory->FindInterface("eni-1") -
                                inventory->interfaces().data())] = true;
  source_->NoteUse(*inventory, used);
  EXPECT_TRUE(source_->Refresh().empty());
  ASSERT_NE(source_->Current()->FindGroup("sg-3"), nullptr);
  EXPECT_TRUE(source_->Current()->FindGroup("sg-3")->members_known);
  EXPECT_NE(source_->Current()->FindInterface("eni-3"), nullptr);
}

TEST_F(LiveSourceTest, RemembersOnlySoManyThatAreAbsent) {
  Start({.most_entries = 100});
  for (std::size_t i = 0; i < 10; ++i) {
    Learn(ManyInterfaces(1000 + 50 * i, 50));
    EXPECT_TRUE(source_->Refresh().empty());
  }
  world_.TakeCalls();
  Learn(ManyInterfaces(1000 + 50 * 9, 50));
  EXPECT_EQ(world_.calls.size(), 0U) << "the latest";
  Learn(ManyInterfaces(1000, 50));
  EXPECT_EQ(world_.calls.size(), 1U) << "not the first";
}

}  // namespace
}  // namespace sgflow
