// What becomes of what cannot be learned.
#include "live/live_source.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "live/live_source_fixture.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Denied;
using testing::Interfaces;
using testing::LiveSourceTest;
using testing::ManyInterfaces;
using testing::NamesOf;
using testing::NoAnswer;
using testing::RulesOf;
using testing::Sleep;
using testing::Texts;
using testing::Throttled;

TEST_F(LiveSourceTest, WhatIsNoRegionOrAccountNeverGetsIntoANameOfAHost) {
  Start({.by_account = true});
  Learn({.interfaces = {{"../../x", "evil.example/", "eni-1"}}});
  EXPECT_EQ(world_.places, (std::set<Ec2Place>{{"", "us-east-1"}}));
}

TEST_F(LiveSourceTest, ADeniedNetworkAclLeavesAllElseAsItIs) {
  world_.subnets["subnet-1"] = {"10.0.1.0/24", "acl-1"};
  world_.prefix_lists["pl-1"] = {"10.1.0.0/16"};
  world_.faults[Ec2Action::kDescribeNetworkAcls] = Denied("ec2:DescribeNetworkAcls");
  EXPECT_TRUE(Learn({.interfaces = NamesOf({"eni-1"}),
                     .prefix_lists = NamesOf({"pl-1"}),
                     .subnets = NamesOf({"subnet-1"})}));
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_NE(source_->Current()->FindPrefixList("pl-1"), nullptr);
  EXPECT_FALSE(source_->Current()->FindSubnet("subnet-1")->acl);
  EXPECT_EQ(source_->counters().failures, 1U);
  EXPECT_EQ(source_->Refresh(), Texts{"AWS denies the call; allow ec2:DescribeNetworkAcls"});
  EXPECT_EQ(source_->Refresh(), Texts{}) << "told once";
  // Asked for again at once nothing is asked of AWS.
  world_.TakeCalls();
  EXPECT_FALSE(Learn({.subnets = NamesOf({"subnet-1"})}));
  EXPECT_EQ(world_.calls, Texts{});
}

TEST_F(LiveSourceTest, ThrottledInterfacesAreMarkedWithTheReasonAndAskedForAgainSoon) {
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  EXPECT_TRUE(Learn(Interfaces({"eni-1"}))) << "the reason is new";
  EXPECT_EQ(WhyNot("eni-1"),
            "AWS could not be asked for the interface: it throttles DescribeNetworkInterfaces"
            " (RequestLimitExceeded)");
  EXPECT_EQ(source_->counters().failures, 1U);
  world_.TakeCalls();
  EXPECT_FALSE(Learn(Interfaces({"eni-1"})));
  EXPECT_EQ(world_.calls, Texts{});

  world_.faults.clear();
  Sleep(10s);
  EXPECT_TRUE(Learn(Interfaces({"eni-1"})));
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_EQ(WhyNot("eni-1"), "");
}

TEST_F(LiveSourceTest, TheReasonNamesTheCallThatWasDenied) {
  AwsFault fault = Denied("sts:AssumeRole");
  fault.iam_action = "sts:AssumeRole";
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = fault;
  Learn(Interfaces({"eni-1"}));
  EXPECT_EQ(WhyNot("eni-1"), "AWS could not be asked for the interface: it denies sts:AssumeRole");
}

TEST_F(LiveSourceTest, WhereNothingWasSentTheReasonIsNoRefusal) {
  AwsFault fault{.kind = AwsFault::Kind::kRefused, .code = {}, .error = {}};
  fault.error.message = R"('eu"west\1' is no AWS region)";
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = fault;
  Learn(Interfaces({"eni-1"}));
  EXPECT_EQ(WhyNot("eni-1"),
            "AWS could not be asked for the interface: 'euwest1' is no AWS region");
  fault.kind = AwsFault::Kind::kCredentials;
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = fault;
  Learn(Interfaces({"eni-2"}));
  EXPECT_EQ(WhyNot("eni-2"),
            "AWS could not be asked for the interface: no AWS credentials were found");
}

TEST_F(LiveSourceTest, WhatFailedAfterALongWaitIsNotAskedForAgainAtOnce) {
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  world_.on_ask = [] { Sleep(15s); };
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  Sleep(9s);
  EXPECT_FALSE(Learn(Interfaces({"eni-1"})));
  EXPECT_EQ(world_.calls, Texts{});
}

TEST_F(LiveSourceTest, AllThatIsAskedHasToBeAnsweredInTime) {
  const auto until = std::chrono::steady_clock::now() + 10s;
  EXPECT_TRUE(source_->Learn(Interfaces({"eni-1"}), until));
  EXPECT_EQ(world_.deadlines, (std::vector{until, until}));
}

TEST_F(LiveSourceTest, AnInterfaceStandsWithTheGroupsWhoseRulesAreNotToBeHad) {
  Learn(Interfaces({"eni-1"}));
  world_.faults[Ec2Action::kDescribeSecurityGroupRules] = Denied("ec2:DescribeSecurityGroupRules");
  EXPECT_TRUE(Learn(Interfaces({"eni-2"})));
  EXPECT_TRUE(Knows("eni-2"));
  EXPECT_EQ(source_->Current()->FindLocal("eni-2")->groups.size(), 2U);
  EXPECT_TRUE(KnowsRules("sg-1"));
  EXPECT_FALSE(KnowsRules("sg-2"));
  EXPECT_EQ(WhyNot(Learnable::kGroupRules, "sg-2"),
            "AWS could not be asked for the rules of its security groups: it denies "
            "ec2:DescribeSecurityGroupRules");
  EXPECT_EQ(source_->counters().failures, 1U);
  // They are left alone for a while, whoever carries the group.
  world_.TakeCalls();
  world_.interfaces["eni-4"] = {.groups = {"sg-2"}, .address = "10.0.1.4"};
  EXPECT_FALSE(Learn(RulesOf({"sg-2"})));
  EXPECT_TRUE(Learn(Interfaces({"eni-4"})));
  EXPECT_EQ(world_.TakeCalls(), Texts{"DescribeNetworkInterfaces network-interface-id eni-4"});

  world_.faults.clear();
  Sleep(10s);
  EXPECT_TRUE(Learn(RulesOf({"sg-2"})));
  EXPECT_EQ(world_.calls, (Texts{"DescribeSecurityGroupRules group-id sg-2",
                                 "DescribeSecurityGroups group-id sg-2"}));
  EXPECT_TRUE(KnowsRules("sg-2"));
  EXPECT_EQ(WhyNot(Learnable::kGroupRules, "sg-2"), "");
}

TEST_F(LiveSourceTest, AGroupThatAwsDoesNotShowIsNotOneWithoutRules) {
  world_.interfaces["eni-1"].groups = {"sg-1", "sg-0f"};  // another account's
  EXPECT_TRUE(Learn(Interfaces({"eni-1"})));
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_FALSE(KnowsRules("sg-0f"));
  const auto inventory = source_->Current();
  const Unlearned* unlearned = inventory->FindUnlearned(Learnable::kGroupRules, "sg-0f");
  ASSERT_NE(unlearned, nullptr);
  EXPECT_EQ(unlearned->reason, "AWS does not show the rules of sg-0f to this account");
  EXPECT_TRUE(unlearned->is_final);
  // It is asked for as seldom as what is absent.
  world_.TakeCalls();
  Sleep(59s);
  EXPECT_FALSE(Learn(RulesOf({"sg-0f"})));
  EXPECT_EQ(world_.calls, Texts{});
  Sleep(1s);
  Learn(RulesOf({"sg-0f"}));
  EXPECT_EQ(world_.calls.size(), 2U);
}

TEST_F(LiveSourceTest, WhyBranchesCouldNotBeLookedForIsTold) {
  world_.interfaces["eni-7a"] = {.groups = {"sg-1"}, .address = "10.0.1.7", .type = "trunk"};
  Learn(Interfaces({"eni-7a"}));
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  EXPECT_TRUE(Learn({.trunks = NamesOf({"eni-7a"})})) << "the reason is new";
  EXPECT_TRUE(Knows("eni-7a"));
  EXPECT_EQ(WhyNot(Learnable::kBranches, "eni-7a"),
            "AWS could not be asked for the branches of the trunk interface: it throttles "
            "DescribeNetworkInterfaces (RequestLimitExceeded)");
  world_.faults.clear();
  Sleep(10s);
  Learn({.trunks = NamesOf({"eni-7a"})});
  EXPECT_EQ(WhyNot(Learnable::kBranches, "eni-7a"), "");
}

TEST_F(LiveSourceTest, WhatRulesAndRefusedRecordsHangOnIsToldToo) {
  world_.prefix_lists["pl-1"] = {"10.1.0.0/16"};
  world_.subnets["subnet-1"] = {"10.0.1.0/24", "acl-1"};
  Learn(Interfaces({"eni-1"}));
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  world_.faults[Ec2Action::kDescribeNetworkAcls] = Denied("ec2:DescribeNetworkAcls");
  world_.faults[Ec2Action::kGetManagedPrefixListEntries] = NoAnswer();
  EXPECT_TRUE(Learn({.prefix_lists = NamesOf({"pl-1"}),
                     .member_groups = NamesOf({"sg-3"}),
                     .subnets = NamesOf({"subnet-1"})}));
  EXPECT_EQ(WhyNot(Learnable::kPrefixList, "pl-1"),
            "AWS could not be asked for the entries of a prefix list: it cannot be reached");
  EXPECT_EQ(WhyNot(Learnable::kGroupMembers, "sg-3"),
            "AWS could not be asked for the interfaces that carry a group: it throttles "
            "DescribeNetworkInterfaces (RequestLimitExceeded)");
  EXPECT_EQ(WhyNot(Learnable::kGroupRules, "sg-3"), "") << "nobody has asked for them";
  EXPECT_EQ(WhyNot(Learnable::kNetworkAcl, "subnet-1"),
            "AWS could not be asked for the network ACL of its subnet: it denies "
            "ec2:DescribeNetworkAcls");
}

// Nobody has to let this account see a peered VPC's groups: that is as good as absent.
TEST_F(LiveSourceTest, DeniedMembersOfAnotherAccountsGroupAreNoFailure) {
  Start({.by_account = true});
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Denied("sts:AssumeRole");
  EXPECT_FALSE(Learn({.member_groups = NamesOf({"sg-3"}, "444455556666")}));
  EXPECT_EQ(WhyNot(Learnable::kGroupMembers, "sg-3"), "");
  EXPECT_EQ(source_->counters().failures, 0U);
}

TEST_F(LiveSourceTest, ThoseOfAnAccountThatRecordsAreOfAreOne) {
  Start({.by_account = true});
  Learn(Interfaces({"eni-1"}));
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Denied("ec2:DescribeNetworkInterfaces");
  EXPECT_TRUE(Learn({.member_groups = NamesOf({"sg-3"})}));
  EXPECT_EQ(WhyNot(Learnable::kGroupMembers, "sg-3"),
            "AWS could not be asked for the interfaces that carry a group: it denies "
            "ec2:DescribeNetworkInterfaces");
}

TEST_F(LiveSourceTest, FailsTheBatchWhereThatIsWanted) {
  Start({.fail_on_error = true});
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  const auto first = source_->Learn(Interfaces({"eni-1"}), Deadline::max());
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().message, "EC2 throttles");
  world_.TakeCalls();
  EXPECT_FALSE(source_->Learn(Interfaces({"eni-1"}), Deadline::max())) << "and the next one";
  EXPECT_EQ(world_.TakeCalls().size(), 1U) << "which asks for itself";
  EXPECT_TRUE(source_->Learn(Interfaces({}), Deadline::max()));
  world_.faults.clear();
  EXPECT_TRUE(source_->Learn(Interfaces({"eni-1", "eni-404"}), Deadline::max()))
      << "absent is no failure";
}

TEST_F(LiveSourceTest, OnlyInterfacesAndTheirRulesFailABatch) {
  Start({.fail_on_error = true});
  world_.prefix_lists["pl-1"] = {"10.1.0.0/16"};
  world_.subnets["subnet-1"] = {"10.0.1.0/24", "acl-1"};
  world_.faults[Ec2Action::kDescribeNetworkAcls] = Denied("ec2:DescribeNetworkAcls");
  world_.faults[Ec2Action::kGetManagedPrefixListEntries] =
      Denied("ec2:GetManagedPrefixListEntries");
  EXPECT_TRUE(source_->Learn({.interfaces = NamesOf({"eni-1"}),
                              .prefix_lists = NamesOf({"pl-1"}),
                              .subnets = NamesOf({"subnet-1"})},
                             Deadline::max()));
  EXPECT_EQ(source_->counters().failures, 2U);
  world_.faults[Ec2Action::kDescribeSecurityGroupRules] = Throttled();
  EXPECT_FALSE(source_->Learn(Interfaces({"eni-3"}), Deadline::max()));
  EXPECT_FALSE(source_->Learn(RulesOf({"sg-3"}), Deadline::max())) << "each time";
  world_.faults.clear();
  world_.interfaces["eni-1"].groups = {"sg-0f"};
  EXPECT_TRUE(source_->Learn(RulesOf({"sg-0f"}), Deadline::max())) << "what is not shown does not";
}

TEST_F(LiveSourceTest, OneThatCannotBeReadDoesNotSpoilTheRest) {
  world_.rules["sg-3"] = {R"("IsEgress":false,"IpProtocol":"tcp","SourceOfTomorrow":"x")"};
  EXPECT_TRUE(Learn(Interfaces({"eni-1", "eni-3"})));
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_TRUE(KnowsRules("sg-1"));
  EXPECT_TRUE(Knows("eni-3"));
  EXPECT_FALSE(KnowsRules("sg-3"));
  EXPECT_EQ(WhyNot(Learnable::kGroupRules, "sg-3"), "what AWS says of sg-3 cannot be read");
  world_.TakeCalls();
  EXPECT_FALSE(Learn(RulesOf({"sg-3"})));
  EXPECT_EQ(world_.calls, Texts{});
}

TEST_F(LiveSourceTest, WhatABatchMissedIsNotForgottenWithinIt) {
  Start({.most_entries = 100});
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  Learn(ManyInterfaces(1000, 300));
  for (int i = 1000; i < 1300; ++i) EXPECT_NE(WhyNot("eni-" + std::to_string(i)), "") << i;
}

TEST_F(LiveSourceTest, WhereOnePieceFailsTheOthersAreLearned) {
  world_.AddInstances(400, 10);
  world_.failing_value = "eni-0";
  EXPECT_TRUE(Learn(ManyInterfaces(0, 400)));
  EXPECT_FALSE(Knows("eni-0"));
  EXPECT_NE(WhyNot("eni-0"), "");
  std::size_t known = 0;
  for (int i = 0; i < 400; ++i) known += Knows("eni-" + std::to_string(i)) ? 1U : 0U;
  EXPECT_EQ(known, 200U);
}

TEST_F(LiveSourceTest, WhatIsNoIdIsNeverAskedFor) {
  for (const std::string id : {"*", "eni-*", "eni-", "eni-1?", "ENI-1", "vpce-1"}) {
    EXPECT_FALSE(Learn(Interfaces({id}))) << id;
  }
  EXPECT_FALSE(Learn(Interfaces({"eni-" + std::string(252, 'a')})));
  EXPECT_FALSE(Learn({.trunks = NamesOf({"eni-*"})}));
  EXPECT_EQ(world_.calls, Texts{});
}

}  // namespace
}  // namespace sgflow
