// What the live source learns, and what it asks for that.
#include "live/live_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "live/live_source_fixture.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Interfaces;
using testing::kAccount;
using testing::kRegion;
using testing::LiveSourceTest;
using testing::ManyInterfaces;
using testing::NamesOf;
using testing::RulesOf;
using testing::Sleep;
using testing::Texts;

TEST_F(LiveSourceTest, KnowsNothingAndAsksNothingAtFirst) {
  EXPECT_TRUE(source_->Current()->interfaces().empty());
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_EQ(world_.calls, Texts{});
}

TEST_F(LiveSourceTest, LearnsInterfacesWithTheRulesOfTheirGroupsInAtMostThreeCalls) {
  EXPECT_TRUE(Learn(Interfaces({"eni-1", "eni-2"})));
  EXPECT_EQ(world_.calls, (Texts{"DescribeNetworkInterfaces network-interface-id eni-1,eni-2",
                                 "DescribeSecurityGroupRules group-id sg-1,sg-2",
                                 "DescribeSecurityGroups group-id sg-2"}))
      << "only of a group that has no rule it is to be told whether AWS shows it";
  const auto inventory = source_->Current();
  const NetworkInterface* interface = inventory->FindLocal("eni-2");
  ASSERT_NE(interface, nullptr);
  ASSERT_EQ(interface->groups.size(), 2U);
  for (const GroupIndex group : interface->groups) {
    EXPECT_TRUE(inventory->groups()[group].rules_known);
  }
  ASSERT_EQ(inventory->rules().size(), 1U);
  EXPECT_EQ(inventory->rules()[0].id, "sgr-1-0");
  EXPECT_EQ(inventory->FindGroup("sg-1")->name, "name of sg-1");
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-1")) << "more may be there than was asked for";
}

TEST_F(LiveSourceTest, AnEventOfAHundredInstancesTakesTwoCalls) {
  world_.AddInstances(100, 40);
  EXPECT_TRUE(Learn(ManyInterfaces(0, 100)));
  EXPECT_EQ(world_.TakeCalls().size(), 2U);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(Knows("eni-" + std::to_string(i)));
}

TEST_F(LiveSourceTest, KnownGroupsAreNotAskedForAgain) {
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  Learn(Interfaces({"eni-2"}));
  EXPECT_EQ(world_.calls, (Texts{"DescribeNetworkInterfaces network-interface-id eni-2",
                                 "DescribeSecurityGroupRules group-id sg-2",
                                 "DescribeSecurityGroups group-id sg-2"}));
}

TEST_F(LiveSourceTest, TerminatedInstancesAreAskedForOnceAndThenLeftAlone) {
  EXPECT_FALSE(Learn(ManyInterfaces(1000, 100))) << "the inventory is what it was";
  EXPECT_EQ(world_.TakeCalls().size(), 1U);
  EXPECT_FALSE(Learn(ManyInterfaces(1000, 100)));
  EXPECT_EQ(world_.TakeCalls().size(), 0U);
  EXPECT_EQ(source_->counters().cache_hits, 100U);
  EXPECT_EQ(source_->counters().failures, 0U);
  EXPECT_EQ(WhyNot("eni-1000"), "") << "AWS could be asked";
}

TEST_F(LiveSourceTest, WhatIsAbsentIsAskedForAgainLaterAndEachTimeLaterStill) {
  Learn(Interfaces({"eni-404"}));
  for (const auto pause : {60s, 120s, 240s}) {
    world_.TakeCalls();
    Sleep(pause - 1s);
    Learn(Interfaces({"eni-404"}));
    EXPECT_EQ(world_.calls.size(), 0U);
    Sleep(1s);
    Learn(Interfaces({"eni-404"}));
    EXPECT_EQ(world_.calls.size(), 1U);
  }
  world_.interfaces["eni-404"] = {.groups = {"sg-1"}, .address = "10.0.1.9"};
  Sleep(480s);
  EXPECT_TRUE(Learn(Interfaces({"eni-404"})));
  EXPECT_TRUE(Knows("eni-404"));
}

TEST_F(LiveSourceTest, MembersOfAGroupAreKnownByTheirAddressesAndAreNoInterfacesOfTheirOwn) {
  world_.rules["sg-1"] = {kFromPeers};
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  EXPECT_TRUE(Learn({.member_groups = NamesOf({"sg-3"})}));
  EXPECT_EQ(world_.TakeCalls(), Texts{"DescribeNetworkInterfaces group-id sg-3"});
  const auto inventory = source_->Current();
  const NetworkInterface* member = inventory->FindInterface("vpc-1", *IpAddress::Parse("10.0.1.3"));
  ASSERT_NE(member, nullptr);
  EXPECT_EQ(member->id, "eni-3");
  EXPECT_TRUE(inventory->FindGroup("sg-3")->members_known);
  EXPECT_FALSE(inventory->FindGroup("sg-3")->rules_known);
  EXPECT_FALSE(Knows("eni-3"));
  EXPECT_EQ(WhyNot("eni-3"), "");

  // As one with records of its own it needs the rules of its groups and nothing more.
  EXPECT_TRUE(Learn(Interfaces({"eni-3"})));
  EXPECT_EQ(world_.TakeCalls(), Texts{"DescribeSecurityGroupRules group-id sg-3"});
  EXPECT_TRUE(Knows("eni-3"));
}

TEST_F(LiveSourceTest, AnInterfaceOfItsOwnThatIsSeenAsAMemberHasItsNewGroups) {
  Learn(Interfaces({"eni-1"}));
  world_.interfaces["eni-1"].groups = {"sg-1", "sg-3"};
  Learn({.member_groups = NamesOf({"sg-3"})});
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_EQ(source_->Current()->FindLocal("eni-1")->groups.size(), 2U);
  EXPECT_FALSE(KnowsRules("sg-3")) << "whose rules the next record asks for";
  EXPECT_EQ(WhyNot(Learnable::kGroupRules, "sg-3"), "");
  EXPECT_TRUE(Learn(RulesOf({"sg-3"})));
  EXPECT_TRUE(KnowsRules("sg-3"));
}

TEST_F(LiveSourceTest, AGroupWithoutMembersIsKnownToHaveNone) {
  world_.rules["sg-0e"] = {};
  Learn(Interfaces({"eni-1"}));
  EXPECT_TRUE(Learn({.member_groups = NamesOf({"sg-0e"})}));
  ASSERT_NE(source_->Current()->FindGroup("sg-0e"), nullptr);
  EXPECT_TRUE(source_->Current()->FindGroup("sg-0e")->members_known);
}

TEST_F(LiveSourceTest, MembersOfAnotherAccountsGroupAreNotTakenForAbsent) {
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  EXPECT_FALSE(Learn({.member_groups = NamesOf({"sg-3"}, "444455556666")}));
  EXPECT_EQ(world_.calls, Texts{}) << "this account would be told of none, whatever there are";
  EXPECT_EQ(source_->Current()->FindGroup("sg-3"), nullptr);
}

TEST_F(LiveSourceTest, WithARoleInEachAccountTheOwnerIsAskedForItsGroupsMembers) {
  Start({.by_account = true});
  Learn(Interfaces({"eni-1"}));
  EXPECT_TRUE(Learn({.member_groups = NamesOf({"sg-3"}, "444455556666")}));
  EXPECT_EQ(world_.places, (std::set<Ec2Place>{{kAccount, kRegion}, {"444455556666", kRegion}}));
}

TEST_F(LiveSourceTest, WhereNobodyKnowsWhoseTheyAreTheFunctionsOwnIdentityAsks) {
  Start({.by_account = true});
  Learn(
      {.interfaces = {{"unknown", kRegion, "eni-1"}, {"-", kRegion, "eni-2"}, {"", "", "eni-3"}}});
  EXPECT_EQ(world_.places, (std::set<Ec2Place>{{"", kRegion}, {"", "us-east-1"}}));
  EXPECT_TRUE(Knows("eni-1"));
}

TEST_F(LiveSourceTest, OneIdentityServesAllAccountsWhereNoRoleIsGiven) {
  Learn({.interfaces = {{kAccount, kRegion, "eni-1"}, {"444455556666", "", "eni-2"}}});
  EXPECT_EQ(world_.places, (std::set<Ec2Place>{{"", kRegion}, {"", "us-east-1"}}));
}

TEST_F(LiveSourceTest, PrefixListsComeWithTheEntriesOfAllPages) {
  world_.prefix_lists["pl-1"] = {"10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"};
  EXPECT_TRUE(Learn({.prefix_lists = NamesOf({"pl-1", "pl-404"})}));
  EXPECT_EQ(world_.calls.size(), 2U);
  const PrefixList* list = source_->Current()->FindPrefixList("pl-1");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->entries->size(), 3U);
  EXPECT_TRUE(list->whole);
  EXPECT_EQ(source_->counters().failures, 0U) << "one that does not exist is no failure";
}

TEST_F(LiveSourceTest, SubnetsComeWithTheirNetworkAcl) {
  world_.subnets["subnet-1"] = {"10.0.1.0/24", "acl-1"};
  world_.subnets["subnet-2"] = {"10.0.2.0/24", "acl-1"};
  world_.acls["acl-1"] = R"({"RuleNumber":100,"Egress":false,"Protocol":"-1","RuleAction":"deny",)"
                         R"("CidrBlock":"0.0.0.0/0"})";
  EXPECT_TRUE(Learn({.subnets = NamesOf({"subnet-1"})}));
  EXPECT_EQ(world_.calls.size(), 2U);
  const auto inventory = source_->Current();
  const Subnet* subnet = inventory->FindSubnet("subnet-1");
  ASSERT_NE(subnet, nullptr);
  ASSERT_TRUE(subnet->acl);
  EXPECT_EQ(inventory->acls()[*subnet->acl].id, "acl-1");
  EXPECT_EQ(subnet->prefixes.size(), 1U);
  EXPECT_EQ(inventory->FindSubnet("subnet-2"), nullptr)
      << "its addresses are not known, and within it the ACL does not act";
}

TEST_F(LiveSourceTest, ATrunkStandsOnlyWithItsBranches) {
  world_.interfaces["eni-7a"] = {.groups = {"sg-1"}, .address = "10.0.1.7", .type = "trunk"};
  world_.interfaces["eni-7b"] = {
      .groups = {"sg-2"}, .address = "10.0.1.8", .type = "branch", .trunk = "eni-7a"};
  EXPECT_TRUE(Learn(Interfaces({"eni-7a"})));
  EXPECT_TRUE(Knows("eni-7a"));
  EXPECT_TRUE(Knows("eni-7b"));
  EXPECT_TRUE(source_->Current()->FindGroup("sg-2")->rules_known);
}

TEST_F(LiveSourceTest, WhereNobodyTellsBranchesTheyAreNotAskedFor) {
  Start({.with_branches = false});
  world_.interfaces["eni-7a"] = {.groups = {"sg-1"}, .address = "10.0.1.7", .type = "trunk"};
  EXPECT_TRUE(Learn(Interfaces({"eni-7a"})));
  EXPECT_EQ(world_.calls, (Texts{"DescribeNetworkInterfaces network-interface-id eni-7a",
                                 "DescribeSecurityGroupRules group-id sg-1"}));
  EXPECT_TRUE(Knows("eni-7a"));
}

TEST_F(LiveSourceTest, SoDoesOneWithABranchWhoseRulesAreNotShown) {
  world_.interfaces["eni-7a"] = {.groups = {"sg-1"}, .address = "10.0.1.7", .type = "trunk"};
  world_.interfaces["eni-7b"] = {
      .groups = {"sg-404"}, .address = "10.0.1.8", .type = "branch", .trunk = "eni-7a"};
  EXPECT_TRUE(Learn(Interfaces({"eni-7a"})));
  EXPECT_TRUE(Knows("eni-7a"));
  EXPECT_TRUE(Knows("eni-7b"));
  EXPECT_EQ(WhyNot(Learnable::kGroupRules, "sg-404"),
            "AWS does not show the rules of sg-404 to this account");
}

TEST_F(LiveSourceTest, AReferencedGroupWithoutMembersIsThereOnlyWhereAwsDescribesIt) {
  world_.rules["sg-1"] = {kFromPeers};
  world_.interfaces.erase("eni-3");
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  EXPECT_TRUE(Learn({.member_groups = NamesOf({"sg-3"})}));
  EXPECT_EQ(world_.TakeCalls(), (Texts{"DescribeNetworkInterfaces group-id sg-3",
                                       "DescribeSecurityGroups group-id sg-3"}));
  ASSERT_NE(source_->Current()->FindGroup("sg-3"), nullptr);
  EXPECT_TRUE(source_->Current()->FindGroup("sg-3")->members_known);

  world_.rules.erase("sg-3");
  Sleep(301s);
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_EQ(source_->Current()->FindGroup("sg-3"), nullptr) << "lacking: nobody can tell";
}

TEST_F(LiveSourceTest, ThoseWhoLackTheSameAtTheSameTimeShareTheAnswer) {
  world_.AddInstances(100, 10);
  std::atomic<int> told = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        const auto learned = source_->Learn(ManyInterfaces(0, 100), Deadline::max());
        if (learned && *learned && source_->Current()->FindLocal("eni-99") != nullptr) ++told;
      });
    }
  }
  EXPECT_EQ(told, 8);
  EXPECT_EQ(world_.calls.size(), 2U);
}

}  // namespace
}  // namespace sgflow
