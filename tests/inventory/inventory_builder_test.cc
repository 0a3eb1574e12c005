#include "inventory/inventory_builder.h"

#include <gtest/gtest.h>

#include "inventory/building.h"

namespace sgflow {
namespace {

using testing::Building;
using testing::Group;
using testing::Interface;
using testing::List;
using testing::Permission;
using testing::Prefix;
using testing::RuleIn;

using Texts = std::vector<std::string>;

Texts RuleIds(const Inventory& inventory, std::string_view group, Direction direction) {
  Texts ids;
  for (const RuleIndex rule : inventory.FindGroup(group)->rules(direction)) {
    ids.push_back(inventory.rules()[rule].id);
  }
  return ids;
}

TEST(InventoryBuilder, ListedRulesGoBeforePermissionsGroupByGroup) {
  auto both = Group("sg-both");
  both.permissions = {{Permission(Direction::kEgress, 0, {"10.0.0.0/8"})}};
  auto permitted = Group("sg-permitted");
  permitted.permissions = {{Permission(Direction::kEgress, 0, {"10.0.0.0/8"})}};
  const auto inventory = Building()
                             .Document("a.json")
                             .Add(both)
                             .Add(permitted)
                             .Document("b.json", {ListedKind::kSecurityGroupRules})
                             .Add(RuleIn("sg-both", "sgr-1"))
                             .Build();

  EXPECT_EQ(RuleIds(*inventory, "sg-both", Direction::kIngress), Texts{"sgr-1"});
  EXPECT_EQ(RuleIds(*inventory, "sg-both", Direction::kEgress), Texts{});
  EXPECT_EQ(RuleIds(*inventory, "sg-permitted", Direction::kEgress),
            Texts{"sg-permitted/IpPermissionsEgress/0"});
}

TEST(InventoryBuilder, APermissionIsARuleForEachOfItsSources) {
  auto group = Group("sg-1");
  group.permissions = {{Permission(Direction::kIngress, 0, {"10.0.0.0/8"}),
                        Permission(Direction::kIngress, 1, {"192.0.2.0/24", "2001:db8::/32"})}};
  group.permissions->at(1).protocol = kTcp;
  group.permissions->at(1).from_port = 443;
  group.permissions->at(1).to_port = 444;
  group.permissions->at(1).sources[0].description = "office";
  const auto inventory = Building().Document("a.json").Add(group).Build();

  EXPECT_EQ(RuleIds(*inventory, "sg-1", Direction::kIngress),
            (Texts{"sg-1/IpPermissions/0", "sg-1/IpPermissions/1", "sg-1/IpPermissions/1"}));
  const Rule& office = inventory->rules()[1];
  EXPECT_EQ(office.protocol, kTcp);
  EXPECT_EQ(office.from_port, 443);
  EXPECT_EQ(office.to_port, 444);
  EXPECT_EQ(office.description, "office");
  EXPECT_EQ(office.source.prefix, Prefix("192.0.2.0/24"));
  EXPECT_EQ(inventory->rules()[2].source.prefix, Prefix("2001:db8::/32"));
}

TEST(InventoryBuilder, RulesKeepTheOrderOfTheirDocument) {
  const auto inventory = Building()
                             .Document("a.json")
                             .Add(RuleIn("sg-1", "sgr-3"))
                             .Add(RuleIn("sg-2", "sgr-9"))
                             .Add(RuleIn("sg-1", "sgr-4", Direction::kEgress))
                             .Add(RuleIn("sg-1", "sgr-1"))
                             .Build();

  EXPECT_EQ(RuleIds(*inventory, "sg-1", Direction::kIngress), (Texts{"sgr-3", "sgr-1"}));
  EXPECT_EQ(RuleIds(*inventory, "sg-1", Direction::kEgress), Texts{"sgr-4"});
  EXPECT_EQ(RuleIds(*inventory, "sg-2", Direction::kIngress), Texts{"sgr-9"});
}

TEST(InventoryBuilder, AnInterfaceKeepsTheOrderOfItsGroups) {
  const auto inventory = Building()
                             .Document("a.json")
                             .Add(Group("sg-1"))
                             .Add(Group("sg-2"))
                             .Add(Interface("eni-1", "vpc-1", {}, {{"sg-2", "sg-1", "sg-2"}}))
                             .Build();

  const NetworkInterface& interface = inventory->interfaces()[0];
  ASSERT_EQ(interface.groups.size(), 2U) << "one group twice is one";
  EXPECT_EQ(inventory->groups()[interface.groups[0]].id, "sg-2");
  EXPECT_EQ(inventory->groups()[interface.groups[1]].id, "sg-1");
}

TEST(InventoryBuilder, NoGroupsAndUntoldGroupsAreTwoThings) {
  const auto inventory = Building()
                             .Document("a.json")
                             .Add(Interface("eni-nat", "vpc-1", {}, {{}}))
                             .Add(Interface("eni-sparse", "vpc-1", {}, std::nullopt))
                             .Build();

  EXPECT_TRUE(inventory->FindInterface("eni-nat")->groups_known);
  EXPECT_FALSE(inventory->FindInterface("eni-sparse")->groups_known);
}

TEST(InventoryBuilder, TakesAGroupsNameFromItsCarrierWhereNothingElseNamesIt) {
  auto carrier = Interface("eni-1", "vpc-1", {}, {{"sg-1", "sg-2"}});
  carrier.groups->at(0).name = "web";
  carrier.groups->at(1).name = "other";
  auto described = Group("sg-2");
  described.group.name = "database";
  const auto inventory = Building().Document("a.json").Add(carrier).Add(described).Build();

  EXPECT_EQ(inventory->FindGroup("sg-1")->name, "web");
  EXPECT_EQ(inventory->FindGroup("sg-2")->name, "database");
}

TEST(InventoryBuilder, WarnsOfGroupsThatAreCarriedButDescribedNowhere) {
  Building building;
  building.Document("a.json")
      .Add(Interface("eni-1", "vpc-1", {}, {{"sg-1", "sg-2"}}))
      .Add(Interface("eni-2", "vpc-1", {}, {{"sg-1", "sg-3"}}))
      .Add(RuleIn("sg-2", "sgr-1"))
      .Build();

  EXPECT_EQ(building.Warnings(),
            Texts{"a.json: Things[0]: eni-1 carries sg-1, which no file describes: its rules are "
                  "unknown (2 in all); add what these write: aws ec2 describe-security-groups, aws "
                  "ec2 describe-security-group-rules"});
}

// That a list of rules has none of a group that nobody describes may mean that it is another
// account's: it has been looked for, and its rules are not known all the same.
TEST(InventoryBuilder, TellsGroupsWhoseRulesWereLookedForFromThoseWhoseRulesAreKnown) {
  const auto add = [](Building& building) -> Building& {
    return building.Add(Interface("eni-1", "vpc-1", {}, {{"sg-1", "sg-2", "sg-3"}}))
        .Add(Group("sg-1"))
        .Add(RuleIn("sg-2", "sgr-1"));
  };
  const auto told = [](const Inventory& inventory) {
    std::string text;
    for (const std::string_view id : {"sg-1", "sg-2", "sg-3"}) {
      const SecurityGroup& group = *inventory.FindGroup(id);
      text += group.rules_known ? "known " : group.rules_listed ? "listed " : "neither ";
    }
    return text;
  };
  Building listed;
  EXPECT_EQ(told(*add(listed.Document("a.json", {ListedKind::kSecurityGroupRules})).Build()),
            "known known listed ");
  Building cut;
  EXPECT_EQ(told(*add(cut.Document("a.json", {ListedKind::kSecurityGroupRules}, {}, /*cut=*/true))
                      .Build()),
            "neither neither neither ");
  Building covering;
  const Coverage coverage{.kinds = {},
                          .account_ids = {},
                          .regions = {},
                          .vpc_ids = {},
                          .member_group_ids = {},
                          .rule_group_ids = {"sg-2"}};
  EXPECT_EQ(told(*add(covering.Document("a.json", {}, coverage)).Build()),
            "neither known neither ");
}

TEST(InventoryBuilder, WhatCouldNotBeLearnedIsFoundByWhatItIs) {
  InventoryReport report;
  InventoryBuilder builder(report);
  (void)builder.AddDocument({});
  builder.Add(Interface("eni-1", "vpc-1", {}, {{"sg-1"}}));
  builder.Add(Interface("eni-2", "vpc-1", {}, {{"sg-1"}}));
  builder.Add(Unlearned{.what = Learnable::kGroupRules, .id = "sg-1", .reason = "throttled"});
  builder.Add(Unlearned{.what = Learnable::kInterface, .id = "eni-3", .reason = "denied"});
  builder.Add(Unlearned{.what = Learnable::kInterface, .id = "eni-2", .reason = ""});
  const auto inventory = std::move(builder).Build();
  ASSERT_NE(inventory, nullptr);
  ASSERT_NE(inventory->FindUnlearned(Learnable::kGroupRules, "sg-1"), nullptr);
  EXPECT_EQ(inventory->FindUnlearned(Learnable::kGroupRules, "sg-1")->reason, "throttled");
  EXPECT_EQ(inventory->FindUnlearned(Learnable::kGroupMembers, "sg-1"), nullptr);
  EXPECT_EQ(inventory->FindUnlearned(Learnable::kInterface, "eni-3")->reason, "denied");
  EXPECT_NE(inventory->FindLocal("eni-1"), nullptr);
  EXPECT_EQ(inventory->FindLocal("eni-2"), nullptr) << "a peer";
  EXPECT_NE(inventory->FindInterface("eni-2"), nullptr);
  EXPECT_EQ(inventory->FindUnlearned(Learnable::kInterface, "eni-2"), nullptr) << "nobody asked";
}

TEST(InventoryBuilder, WarnsOfPrefixListsWithoutEntries) {
  Building building;
  const auto inventory = building.Document("a.json")
                             .Add(List("pl-1"))
                             .Add(List("pl-2", {{"10.1.0.0/16", "10.0.0.0/16", "10.1.0.0/16"}}))
                             .Add(List("pl-3", {{}}))
                             .Build();

  EXPECT_EQ(building.Warnings(),
            Texts{"a.json: Things[0]: pl-1 has no entries here: what it holds is unknown; add the "
                  "file that this writes: aws ec2 get-managed-prefix-list-entries "
                  "--prefix-list-id pl-1 --query \"{PrefixListId: 'pl-1', Entries: Entries}\""});
  EXPECT_EQ(inventory->FindPrefixList("pl-1")->entries, std::nullopt);
  EXPECT_EQ(inventory->FindPrefixList("pl-2")->entries,
            (std::vector{Prefix("10.0.0.0/16"), Prefix("10.1.0.0/16")}));
  EXPECT_EQ(inventory->FindPrefixList("pl-3")->entries, std::vector<IpPrefix>{});
}

TEST(InventoryBuilder, SnapshotsOfSeveralAccountsAreOneMomentTheOldest) {
  using namespace std::chrono_literals;
  const std::chrono::sys_seconds noon = std::chrono::sys_days(2026y / 1 / 2) + 12h;
  DocumentDescription one{.file = "a.json",
                          .kinds = {},
                          .snapshot = {{"111122223333", "eu-west-1", noon}},
                          .coverage = {}};
  DocumentDescription other{.file = "b.json",
                            .kinds = {},
                            .snapshot = {{"444455556666", "eu-west-1", noon - 5s}},
                            .coverage = {}};
  const auto inventory = Building().Document(one).Document(other).Document(one).Build();

  EXPECT_EQ(inventory->captured_at(), noon - 5s);
  ASSERT_EQ(inventory->snapshots().size(), 2U);
  EXPECT_EQ(inventory->snapshots()[1].account_id, "444455556666");
}

TEST(InventoryBuilder, OneAccountAndRegionHasOneMoment) {
  using namespace std::chrono_literals;
  const std::chrono::sys_seconds noon = std::chrono::sys_days(2026y / 1 / 2) + 12h;
  DocumentDescription one{.file = "a.json",
                          .kinds = {},
                          .snapshot = {{"111122223333", "eu-west-1", noon}},
                          .coverage = {}};
  DocumentDescription other{.file = "b.json",
                            .kinds = {},
                            .snapshot = {{"111122223333", "eu-west-1", noon + 1h}},
                            .coverage = {}};
  Building building;

  EXPECT_EQ(building.Document(one).Document(other).Build(), nullptr);
  EXPECT_EQ(building.Errors(),
            Texts{"b.json: Snapshot.CapturedAt: is another moment than that of a.json, of the same "
                  "account and Region; give the snapshot of one moment"});
}

}  // namespace
}  // namespace sgflow
