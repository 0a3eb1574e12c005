#include "live/live_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "live/fake_ec2.h"

namespace sgflow {
namespace {

using namespace std::chrono_literals;
using testing::Denied;
using testing::FakeEc2World;
using testing::Sleep;
using testing::Throttled;

using Texts = std::vector<std::string>;

constexpr const char* kAccount = "111122223333";
constexpr const char* kRegion = "eu-west-1";

Lacking::Names NamesOf(const Texts& ids, const std::string& account = kAccount) {
  Lacking::Names names;
  for (const std::string& id : ids) names.insert({account, kRegion, id});
  return names;
}
Lacking Interfaces(const Texts& ids) { return {.interfaces = NamesOf(ids)}; }

Lacking ManyInterfaces(std::size_t first, std::size_t count) {
  Texts ids;
  for (std::size_t i = first; i < first + count; ++i) ids.push_back("eni-" + std::to_string(i));
  return Interfaces(ids);
}

class LiveSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.interfaces["eni-1"] = {.groups = {"sg-1"}, .address = "10.0.1.1"};
    world_.interfaces["eni-2"] = {.groups = {"sg-1", "sg-2"}, .address = "10.0.1.2"};
    world_.interfaces["eni-3"] = {.groups = {"sg-3"}, .address = "10.0.1.3"};
    world_.rules["sg-1"] = {kHttps};
    world_.rules["sg-2"] = {};
    world_.rules["sg-3"] = {kHttps};
    Start({});
  }

  void Start(LiveSourceOptions options) {
    options.clock = testing::FakeNow;
    if (options.region.empty()) options.region = "us-east-1";
    source_ = std::make_unique<LiveSource>(world_.Factory(), std::move(options));
  }

  bool Learn(const Lacking& lacking) {
    const auto learned = source_->Learn(lacking, Deadline::max());
    EXPECT_TRUE(learned);
    return learned && *learned;
  }

  bool Knows(std::string_view interface_id) {
    return source_->Current()->FindLocal(interface_id) != nullptr;
  }
  std::string WhyNot(std::string_view interface_id) {
    return std::string(source_->Current()->WhyUnlearned(interface_id));
  }

  static constexpr const char* kHttps =
      R"("IsEgress":false,"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIpv4":"0.0.0.0/0")";
  static constexpr const char* kFromPeers =
      R"("IsEgress":false,"IpProtocol":"tcp","FromPort":22,"ToPort":22,)"
      R"("ReferencedGroupInfo":{"GroupId":"sg-3"})";

  FakeEc2World world_;
  std::unique_ptr<LiveSource> source_;
};

TEST_F(LiveSourceTest, KnowsNothingAndAsksNothingAtFirst) {
  EXPECT_TRUE(source_->Current()->interfaces().empty());
  EXPECT_TRUE(source_->Refresh().empty());
  EXPECT_EQ(world_.calls, Texts{});
}

TEST_F(LiveSourceTest, LearnsInterfacesWithTheRulesOfTheirGroupsInThreeCalls) {
  EXPECT_TRUE(Learn(Interfaces({"eni-1", "eni-2"})));
  EXPECT_EQ(world_.calls, (Texts{"DescribeNetworkInterfaces network-interface-id eni-1,eni-2",
                                 "DescribeSecurityGroups group-id sg-1,sg-2",
                                 "DescribeSecurityGroupRules group-id sg-1,sg-2"}));
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

TEST_F(LiveSourceTest, AnEventOfAHundredInstancesTakesThreeCallsAndTheNextNone) {
  world_.AddInstances(100, 40);
  EXPECT_TRUE(Learn(ManyInterfaces(0, 100)));
  EXPECT_EQ(world_.TakeCalls().size(), 3U);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(Knows("eni-" + std::to_string(i)));
}

TEST_F(LiveSourceTest, KnownGroupsAreNotAskedForAgain) {
  Learn(Interfaces({"eni-1"}));
  world_.TakeCalls();
  Learn(Interfaces({"eni-2"}));
  EXPECT_EQ(world_.calls, (Texts{"DescribeNetworkInterfaces network-interface-id eni-2",
                                 "DescribeSecurityGroups group-id sg-2",
                                 "DescribeSecurityGroupRules group-id sg-2"}));
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
  EXPECT_EQ(world_.TakeCalls(), (Texts{"DescribeSecurityGroups group-id sg-3",
                                       "DescribeSecurityGroupRules group-id sg-3"}));
  EXPECT_TRUE(Knows("eni-3"));
}

TEST_F(LiveSourceTest, AnInterfaceOfItsOwnStaysSoWhenItIsSeenAsAMemberWithAGroupThatIsNotKnown) {
  Learn(Interfaces({"eni-1"}));
  world_.interfaces["eni-1"].groups = {"sg-1", "sg-3"};
  Learn({.member_groups = NamesOf({"sg-3"})});
  EXPECT_TRUE(Knows("eni-1"));
  for (const GroupIndex group : source_->Current()->FindLocal("eni-1")->groups) {
    EXPECT_TRUE(source_->Current()->groups()[group].rules_known);
  }
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

TEST_F(LiveSourceTest, OneIdentityServesAllAccountsWhereNoRoleIsGiven) {
  Learn({.interfaces = {{kAccount, kRegion, "eni-1"}, {"444455556666", "", "eni-2"}}});
  EXPECT_EQ(world_.places, (std::set<Ec2Place>{{"", kRegion}, {"", "us-east-1"}}));
}

TEST_F(LiveSourceTest, WhatIsNoRegionOrAccountNeverGetsIntoANameOfAHost) {
  Start({.by_account = true});
  Learn({.interfaces = {{"../../x", "evil.example/", "eni-1"}}});
  EXPECT_EQ(world_.places, (std::set<Ec2Place>{{"", "us-east-1"}}));
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
  EXPECT_EQ(world_.deadlines, (std::vector{until, until, until}));
}

TEST_F(LiveSourceTest, NoBatchWaitsLongForRenewing) {
  Learn(Interfaces({"eni-1"}));
  world_.deadlines.clear();
  Sleep(301s);
  EXPECT_TRUE(source_->Refresh().empty());
  const auto now = std::chrono::steady_clock::now();
  ASSERT_EQ(world_.deadlines.size(), 3U);
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

TEST_F(LiveSourceTest, AnInterfaceWhoseRulesAreDeniedIsNoInterfaceOfItsOwn) {
  world_.faults[Ec2Action::kDescribeSecurityGroupRules] = Denied("ec2:DescribeSecurityGroupRules");
  EXPECT_TRUE(Learn(Interfaces({"eni-1"})));
  EXPECT_FALSE(Knows("eni-1"));
  EXPECT_EQ(WhyNot("eni-1"),
            "AWS could not be asked for the rules of its security groups: it denies "
            "ec2:DescribeSecurityGroupRules");
  // Once it is allowed the interface itself is not asked for again.
  world_.TakeCalls();
  world_.faults.clear();
  Sleep(10s);
  EXPECT_TRUE(Learn(Interfaces({"eni-1"})));
  EXPECT_EQ(world_.calls.size(), 2U);
  EXPECT_TRUE(Knows("eni-1"));
}

TEST_F(LiveSourceTest, AGroupThatAwsDoesNotShowIsNotOneWithoutRules) {
  world_.interfaces["eni-1"].groups = {"sg-1", "sg-of-another-account"};
  EXPECT_TRUE(Learn(Interfaces({"eni-1"})));
  EXPECT_FALSE(Knows("eni-1"));
  EXPECT_EQ(WhyNot("eni-1"),
            "AWS does not show the rules of sg-of-another-account to this account");
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
                                       "DescribeSecurityGroups group-id sg-1,sg-3",
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
  EXPECT_EQ(world_.calls.size(), 3U);
  EXPECT_TRUE(Knows("eni-1"));
}

TEST_F(LiveSourceTest, AnInterfaceThatIsGoneStaysForItsLastRecords) {
  Learn(Interfaces({"eni-1"}));
  world_.interfaces.erase("eni-1");
  Sleep(301s);
  source_->Refresh();
  EXPECT_TRUE(Knows("eni-1"));
  world_.TakeCalls();
  Sleep(301s);
  source_->Refresh();
  EXPECT_EQ(world_.calls, Texts{}) << "and is not asked for any more";
  Sleep(12 * 300s);
  EXPECT_FALSE(Knows("eni-1"));
}

TEST_F(LiveSourceTest, ARenewedInterfaceWithANewGroupWaitsForItsRules) {
  Learn(Interfaces({"eni-1"}));
  world_.interfaces["eni-1"].groups = {"sg-3"};
  Sleep(301s);
  world_.faults[Ec2Action::kDescribeSecurityGroupRules] = Throttled();
  EXPECT_EQ(source_->Refresh(), Texts{"EC2 throttles"});
  auto inventory = source_->Current();
  EXPECT_EQ(inventory->groups()[inventory->FindLocal("eni-1")->groups[0]].id, "sg-1");

  world_.faults.clear();
  Sleep(31s);
  source_->Refresh();
  inventory = source_->Current();
  const SecurityGroup& group = inventory->groups()[inventory->FindLocal("eni-1")->groups[0]];
  EXPECT_EQ(group.id, "sg-3");
  EXPECT_TRUE(group.rules_known);
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
  EXPECT_FALSE(Learn(lacking));
  EXPECT_TRUE(Knows("eni-7a")) << "it is what it was";
}

TEST_F(LiveSourceTest, ATrunkWithABranchWhoseRulesAreNotShownDoesNot) {
  world_.interfaces["eni-7a"] = {.groups = {"sg-1"}, .address = "10.0.1.7", .type = "trunk"};
  world_.interfaces["eni-7b"] = {
      .groups = {"sg-404"}, .address = "10.0.1.8", .type = "branch", .trunk = "eni-7a"};
  EXPECT_TRUE(Learn(Interfaces({"eni-7a"})));
  EXPECT_FALSE(Knows("eni-7a"));
  EXPECT_EQ(WhyNot("eni-7a"), "AWS does not show the rules of sg-404 to this account");
}

TEST_F(LiveSourceTest, OneThatCannotBeReadDoesNotSpoilTheRest) {
  world_.rules["sg-3"] = {R"("IsEgress":false,"IpProtocol":"tcp","SourceOfTomorrow":"x")"};
  EXPECT_TRUE(Learn(Interfaces({"eni-1", "eni-3"})));
  EXPECT_TRUE(Knows("eni-1"));
  EXPECT_FALSE(Knows("eni-3"));
  EXPECT_EQ(WhyNot("eni-3"), "what AWS says of eni-3 cannot be read");
  world_.TakeCalls();
  EXPECT_FALSE(Learn(Interfaces({"eni-3"})));
  EXPECT_EQ(world_.calls, Texts{});
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
  EXPECT_EQ(world_.TakeCalls().size(), 4U);
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

TEST_F(LiveSourceTest, WhatABatchMissedIsNotForgottenWithinIt) {
  Start({.most_entries = 100});
  world_.faults[Ec2Action::kDescribeNetworkInterfaces] = Throttled();
  Learn(ManyInterfaces(1000, 300));
  for (int i = 1000; i < 1300; ++i) EXPECT_NE(WhyNot("eni-" + std::to_string(i)), "") << i;
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
  EXPECT_EQ(world_.calls.size(), 3U);
}

}  // namespace
}  // namespace sgflow
