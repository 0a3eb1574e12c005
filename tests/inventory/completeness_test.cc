// What is known to be absent, and what was never listed.
#include "inventory/completeness.h"

#include <gtest/gtest.h>

#include "inventory/building.h"

namespace sgflow {
namespace {

using enum ListedKind;
using testing::Acl;
using testing::Building;
using testing::Group;
using testing::Interface;
using testing::List;
using testing::Permission;
using testing::RuleIn;
using testing::SubnetIn;

constexpr bool kCut = true;

Coverage Covering(std::vector<ListedKind> kinds) {
  Coverage coverage;
  for (const ListedKind kind : kinds) coverage.kinds.Add(kind);
  return coverage;
}

TEST(InterfacesKnown, OfTheCliForVpcsWhoseInterfacesItHolds) {
  const auto inventory = Building()
                             .Document("interfaces.json", {kNetworkInterfaces})
                             .Add(Interface("eni-1", "vpc-1", {}))
                             .Document("groups.json", {kSecurityGroups})
                             .Add(Group("sg-2", "vpc-2"))
                             .Build();

  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-2"));
  EXPECT_FALSE(inventory->InterfacesKnown(""));
}

TEST(InterfacesKnown, NotWhenANextTokenCutsAListOfInterfaces) {
  Building building;
  const auto inventory = building.Document("page1.json", {kNetworkInterfaces}, {}, kCut)
                             .Add(Interface("eni-1", "vpc-1", {}))
                             .Document("page2.json", {kNetworkInterfaces})
                             .Add(Interface("eni-2", "vpc-1", {}))
                             .Build();

  EXPECT_FALSE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_EQ(building.Warnings(),
            std::vector<std::string>{
                "page1.json: NextToken: the list goes on behind this page; what is on no page is "
                "taken as unknown; let the AWS CLI fetch all pages: without --max-items and "
                "--no-paginate"});
}

TEST(InterfacesKnown, ANextTokenOfAnotherKindCutsNothingOfInterfaces) {
  const auto inventory = Building()
                             .Document("interfaces.json", {kNetworkInterfaces})
                             .Add(Interface("eni-1", "vpc-1", {}))
                             .Document("rules.json", {kSecurityGroupRules}, {}, kCut)
                             .Build();

  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
}

TEST(InterfacesKnown, NotFromInstancesWhichAreNotAllThatHaveInterfaces) {
  auto of_instance = Interface("eni-1", "vpc-1", {});
  of_instance.listed = false;
  const auto inventory = Building().Document("instances.json").Add(of_instance).Build();

  EXPECT_FALSE(inventory->InterfacesKnown("vpc-1"));
}

TEST(InterfacesKnown, OfASnapshotForWhatItsCoverageSays) {
  auto narrow = Covering({kNetworkInterfaces});
  narrow.vpc_ids = {{"vpc-1", "vpc-empty"}};
  const auto inventory = Building()
                             .Document("snapshot.json", {kNetworkInterfaces}, narrow)
                             .Add(Interface("eni-1", "vpc-1", {}))
                             .Add(Interface("eni-2", "vpc-2", {}))
                             .Build();

  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_TRUE(inventory->InterfacesKnown("vpc-empty")) << "listed whole, and has none";
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-2"));
}

TEST(InterfacesKnown, OfASnapshotWithoutVpcsForThoseItMentions) {
  const auto inventory = Building()
                             .Document("snapshot.json", {}, Covering({kNetworkInterfaces}))
                             .Add(Interface("eni-1", "vpc-1", {}))
                             .Add(Group("sg-2", "vpc-2"))
                             .Document("other.json", {}, Covering({kSecurityGroups}))
                             .Add(Group("sg-3", "vpc-3"))
                             .Build();

  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_TRUE(inventory->InterfacesKnown("vpc-2"));
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-3")) << "that snapshot does not cover interfaces";
}

TEST(InterfacesKnown, NotOfASharedVpcThatAnotherAccountOwns) {
  auto coverage = Covering({kNetworkInterfaces});
  coverage.account_ids = {{"111122223333"}};
  auto shared = SubnetIn("vpc-shared", "subnet-1");
  shared.subnet.owner_id = "444455556666";
  auto own = SubnetIn("vpc-own", "subnet-2");
  own.subnet.owner_id = "111122223333";
  const auto inventory = Building()
                             .Document("snapshot.json", {}, coverage)
                             .Add(Interface("eni-1", "vpc-shared", {}))
                             .Add(Interface("eni-2", "vpc-own", {}))
                             .Add(shared)
                             .Add(own)
                             .Build();

  EXPECT_FALSE(inventory->InterfacesKnown("vpc-shared"));
  EXPECT_TRUE(inventory->InterfacesKnown("vpc-own"));
}

TEST(InterfacesKnown, NotOfASnapshotThatIsCut) {
  auto coverage = Covering({kNetworkInterfaces});
  coverage.member_group_ids = {"sg-1"};
  const auto inventory = Building()
                             .Document("snapshot.json", {}, coverage, kCut)
                             .Add(Interface("eni-1", "vpc-1", {}))
                             .Add(Group("sg-1"))
                             .Build();

  EXPECT_FALSE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_FALSE(inventory->FindGroup("sg-1")->members_known);
}

TEST(MembersKnown, OfGroupsWhoseMembersASnapshotListedWhole) {
  Coverage coverage;
  coverage.member_group_ids = {"sg-1", "sg-unheard"};
  const auto inventory = Building()
                             .Document("snapshot.json", {}, coverage)
                             .Add(Group("sg-1"))
                             .Add(Group("sg-2"))
                             .Build();

  EXPECT_TRUE(inventory->FindGroup("sg-1")->members_known);
  EXPECT_FALSE(inventory->FindGroup("sg-2")->members_known);
}

TEST(RulesKnown, OfAGroupWithPermissions) {
  auto group = Group("sg-1");
  group.permissions.emplace();
  const auto inventory = Building().Document("groups.json", {kSecurityGroups}).Add(group).Build();

  EXPECT_TRUE(inventory->FindGroup("sg-1")->rules_known) << "it has none, and says so";
}

TEST(RulesKnown, OfADescribedGroupWhereRulesWereListed) {
  const auto listed = Building()
                          .Document("groups.json", {kSecurityGroups})
                          .Add(Group("sg-none"))
                          .Document("rules.json", {kSecurityGroupRules})
                          .Add(RuleIn("sg-some", "sgr-1"))
                          .Build();
  EXPECT_TRUE(listed->FindGroup("sg-none")->rules_known);
  EXPECT_TRUE(listed->FindGroup("sg-some")->rules_known);

  const auto not_listed =
      Building().Document("groups.json", {kSecurityGroups}).Add(Group("sg-1")).Build();
  EXPECT_FALSE(not_listed->FindGroup("sg-1")->rules_known);

  const auto cut = Building()
                       .Document("rules.json", {kSecurityGroupRules}, {}, kCut)
                       .Add(RuleIn("sg-1", "sgr-1"))
                       .Build();
  EXPECT_FALSE(cut->FindGroup("sg-1")->rules_known);

  const auto uncovered = Building()
                             .Document("snapshot.json", {kSecurityGroupRules}, Covering({}))
                             .Add(RuleIn("sg-1", "sgr-1"))
                             .Build();
  EXPECT_FALSE(uncovered->FindGroup("sg-1")->rules_known);
}

TEST(PrefixLists, OfSeveralPagesArePutTogetherAndNotWhole) {
  auto page1 = List("pl-1", {{"10.0.0.0/16"}});
  page1.list.whole = false;
  const auto inventory = Building()
                             .Document("page1.json", {}, {}, kCut)
                             .Add(page1)
                             .Document("page2.json")
                             .Add(List("pl-1", {{"10.1.0.0/16"}}))
                             .Build();

  const PrefixList* list = inventory->FindPrefixList("pl-1");
  EXPECT_EQ(list->entries->size(), 2U);
  EXPECT_FALSE(list->whole);
}

}  // namespace
}  // namespace sgflow
