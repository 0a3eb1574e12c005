#include "inventory/same_id.h"

#include <gtest/gtest.h>

#include "inventory/building.h"

namespace sgflow {
namespace {

using testing::Acl;
using testing::AclEntry;
using testing::Building;
using testing::Group;
using testing::Interface;
using testing::List;
using testing::Permission;
using testing::Prefix;
using testing::RuleIn;
using testing::SubnetIn;

using Texts = std::vector<std::string>;

// The errors of two descriptions in two documents; the inventory goes to `built`.
template <typename Description>
Texts Meeting(const Description& one, const Description& other,
              std::shared_ptr<const Inventory>* built = nullptr) {
  Building building;
  auto inventory = building.Document("a.json").Add(one).Document("b.json").Add(other).Build();
  if (built != nullptr) *built = std::move(inventory);
  return building.Errors();
}

std::string Conflict(const std::string& id, const std::string& member) {
  return "b.json: Things[0]: " + id + " is described twice, with different " + member +
         "; the other one is Things[0] of a.json; keep the one that is true";
}

TEST(SameId, TheSameContentCountsOnceWhateverTheOrderOfItsLists) {
  std::shared_ptr<const Inventory> built;
  EXPECT_EQ(
      Meeting(Interface("eni-1", "vpc-1", {"10.0.0.1", "10.0.0.2"}, {{"sg-1", "sg-2"}}),
              Interface("eni-1", "vpc-1", {"10.0.0.2", "10.0.0.1"}, {{"sg-2", "sg-1"}}), &built),
      Texts{});
  EXPECT_EQ(built->interfaces().size(), 1U);
  EXPECT_EQ(built->groups()[built->interfaces()[0].groups[0]].id, "sg-1") << "as in a.json";
}

// Of two VPCs' captures both may tell of what the VPCs share.
TEST(SameId, OfCapturesOfDifferentMomentsTheLaterOneCounts) {
  using std::chrono::sys_days;
  using namespace std::chrono_literals;
  const auto rule = [](std::int32_t port) {
    RuleDescription description = RuleIn("sg-1", "sgr-1");
    description.rule.from_port = description.rule.to_port = port;
    return description;
  };
  for (const bool first_is_later : {true, false}) {
    const auto add = [&](Building& building, bool is_later) {
      DocumentDescription document;
      document.file = is_later ? "later.json" : "earlier.json";
      document.snapshot.emplace();
      document.snapshot->captured_at = sys_days(is_later ? 2026y / 1 / 2 : 2026y / 1 / 1);
      document.coverage.emplace();
      document.coverage->vpc_ids = {is_later ? "vpc-1" : "vpc-2"};
      building.Document(document)
          .Add(Interface("eni-1", "vpc-1", {is_later ? "10.0.0.2" : "10.0.0.1"}))
          .Add(rule(is_later ? 2 : 1));
    };
    Building building;
    add(building, first_is_later);
    add(building, !first_is_later);
    const auto built = building.Build();
    EXPECT_EQ(building.Errors(), Texts{});
    ASSERT_EQ(built->interfaces().size(), 1U);
    EXPECT_EQ(built->interfaces()[0].addresses[0], testing::Address("10.0.0.2"));
    ASSERT_EQ(built->rules().size(), 1U);
    EXPECT_EQ(built->rules()[0].from_port, 2);
  }
}

TEST(SameId, OtherContentIsAnErrorThatNamesBothPlaces) {
  EXPECT_EQ(Meeting(Interface("eni-1", "vpc-1", {}), Interface("eni-1", "vpc-2", {})),
            Texts{Conflict("eni-1", "VpcId")});
  EXPECT_EQ(
      Meeting(Interface("eni-1", "vpc-1", {"10.0.0.1"}), Interface("eni-1", "vpc-1", {"10.0.0.2"})),
      Texts{Conflict("eni-1", "addresses")});
  EXPECT_EQ(
      Meeting(Interface("eni-1", "vpc-1", {}, {{"sg-1"}}), Interface("eni-1", "vpc-1", {}, {{}})),
      Texts{Conflict("eni-1", "Groups")});
  EXPECT_EQ(Meeting(Group("sg-1", "vpc-1"), Group("sg-1", "vpc-2")),
            Texts{Conflict("sg-1", "VpcId")});
  EXPECT_EQ(Meeting(RuleIn("sg-1", "sgr-1"), RuleIn("sg-2", "sgr-1")),
            Texts{Conflict("sgr-1", "GroupId")});
  EXPECT_EQ(Meeting(RuleIn("sg-1", "sgr-1"), RuleIn("sg-1", "sgr-1", Direction::kEgress)),
            Texts{Conflict("sgr-1", "IsEgress")});
  EXPECT_EQ(Meeting(List("pl-1", {{"10.0.0.0/8"}}), List("pl-1", {{}})),
            Texts{Conflict("pl-1", "entries")});
  EXPECT_EQ(Meeting(Acl("acl-1", {"subnet-1"}), Acl("acl-1", {"subnet-2"})),
            Texts{Conflict("acl-1", "Associations")});
  EXPECT_EQ(Meeting(SubnetIn("vpc-1", "subnet-1"), SubnetIn("vpc-2", "subnet-1")),
            Texts{Conflict("subnet-1", "VpcId")});
}

TEST(SameId, EveryMemberOfARuleCounts) {
  const auto one = RuleIn("sg-1", "sgr-1");
  auto other = one;
  other.rule.protocol = kTcp;
  EXPECT_EQ(Meeting(one, other), Texts{Conflict("sgr-1", "IpProtocol")});
  other = one;
  other.rule.from_port = 80;
  EXPECT_EQ(Meeting(one, other), Texts{Conflict("sgr-1", "FromPort")});
  other = one;
  other.rule.to_port = 80;
  EXPECT_EQ(Meeting(one, other), Texts{Conflict("sgr-1", "ToPort")});
  other = one;
  other.rule.source.prefix = Prefix("10.0.0.0/8");
  EXPECT_EQ(Meeting(one, other), Texts{Conflict("sgr-1", "source")});
}

TEST(SameId, WhatOnlyOneTellsIsNoContradiction) {
  // An instance says less of its interface, but which instance it is.
  auto of_instance = Interface("eni-1", "vpc-1", {"10.0.0.1"}, std::nullopt);
  of_instance.interface.instance_id = "i-1";
  of_instance.listed = false;
  auto listed = Interface("eni-1", "vpc-1", {"10.0.0.1"}, {{"sg-1"}});
  listed.interface.name = "web";
  std::shared_ptr<const Inventory> built;
  EXPECT_EQ(Meeting(of_instance, listed, &built), Texts{});

  const NetworkInterface* interface = built->FindInterface("eni-1");
  EXPECT_EQ(interface->instance_id, "i-1");
  EXPECT_EQ(interface->name, "web");
  EXPECT_TRUE(interface->groups_known);
  EXPECT_EQ(interface->groups.size(), 1U);
}

TEST(SameId, AddressesToldInPartGiveWayToThoseToldWhole) {
  auto in_part = Interface("eni-1", "vpc-1", {"10.0.0.8"});
  in_part.addresses_whole = false;
  const auto whole = Interface("eni-1", "vpc-1", {"10.0.0.7", "10.0.0.8"});
  for (const bool whole_first : {true, false}) {
    std::shared_ptr<const Inventory> built;
    EXPECT_EQ(whole_first ? Meeting(whole, in_part, &built) : Meeting(in_part, whole, &built),
              Texts{});
    EXPECT_EQ(built->interfaces()[0].addresses, whole.interface.addresses);
  }
}

TEST(SameId, EntriesComeToTheListThatIsNamedElsewhere) {
  auto named = List("pl-1");
  named.list.name = "offices";
  std::shared_ptr<const Inventory> built;
  EXPECT_EQ(Meeting(named, List("pl-1", {{"10.0.0.0/8"}}), &built), Texts{});

  EXPECT_EQ(built->FindPrefixList("pl-1")->name, "offices");
  EXPECT_EQ(built->FindPrefixList("pl-1")->entries, std::vector{Prefix("10.0.0.0/8")});
}

TEST(SameId, PermissionsAreComparedByWhatTheyAllow) {
  auto one = Group("sg-1");
  one.permissions = {{Permission(Direction::kIngress, 0, {"10.0.0.0/8"}),
                      Permission(Direction::kIngress, 1, {"192.0.2.0/24"})}};
  auto other = Group("sg-1");
  other.permissions = {{Permission(Direction::kIngress, 0, {"192.0.2.0/24", "10.0.0.0/8"})}};
  EXPECT_EQ(Meeting(one, other), Texts{});

  other.permissions = {{Permission(Direction::kEgress, 0, {"192.0.2.0/24", "10.0.0.0/8"})}};
  EXPECT_EQ(Meeting(one, other), Texts{Conflict("sg-1", "permissions")});
}

TEST(SameId, EachFurtherOneIsHeldAgainstTheFirst) {
  Building building;
  building.Document("a.json")
      .Add(Group("sg-1", "vpc-1"))
      .Add(Group("sg-1", "vpc-2"))
      .Add(Group("sg-1", "vpc-1"))
      .Add(Group("sg-1", "vpc-3"));

  EXPECT_EQ(building.Build(), nullptr);
  EXPECT_EQ(building.Errors(),
            (Texts{"a.json: Things[1]: sg-1 is described twice, with different VpcId; the other "
                   "one is Things[0] of a.json; keep the one that is true",
                   "a.json: Things[3]: sg-1 is described twice, with different VpcId; the other "
                   "one is Things[0] of a.json; keep the one that is true"}));
}

}  // namespace
}  // namespace sgflow
