#include "inventory/inventory.h"

#include <gtest/gtest.h>

#include "inventory/building.h"

namespace sgflow {
namespace {

using testing::Address;
using testing::Building;
using testing::Group;
using testing::Interface;
using testing::Prefix;
using testing::RuleIn;

TEST(FindInterface, ByIdAndByAddressInItsVpc) {
  const auto inventory =
      Building()
          .Document("a.json")
          .Add(Interface("eni-1", "vpc-1", {"10.0.0.1", "10.0.0.2", "2001:db8::1"}))
          .Add(Interface("eni-2", "vpc-2", {"10.0.0.1"}))
          .Build();

  EXPECT_EQ(inventory->FindInterface("eni-2")->vpc_id, "vpc-2");
  EXPECT_EQ(inventory->FindInterface("eni-3"), nullptr);
  for (const char* address : {"10.0.0.1", "10.0.0.2", "2001:db8::1"}) {
    EXPECT_EQ(inventory->FindInterface("vpc-1", Address(address))->id, "eni-1") << address;
  }
  EXPECT_EQ(inventory->FindInterface("vpc-2", Address("10.0.0.1"))->id, "eni-2");
  EXPECT_EQ(inventory->FindInterface("vpc-2", Address("10.0.0.2")), nullptr);
  EXPECT_EQ(inventory->FindInterface("vpc-3", Address("10.0.0.1")), nullptr);
}

TEST(FindInterface, InsideADelegatedPrefix) {
  auto node = Interface("eni-node", "vpc-1", {"10.0.0.5"});
  node.interface.prefixes = {Prefix("10.0.0.16/28"), Prefix("2001:db8:0:0:1::/80")};
  // An address of its own inside another's prefix goes first.
  const auto inventory = Building()
                             .Document("a.json")
                             .Add(node)
                             .Add(Interface("eni-pod", "vpc-1", {"10.0.0.20"}))
                             .Build();

  EXPECT_EQ(inventory->FindInterface("vpc-1", Address("10.0.0.31"))->id, "eni-node");
  EXPECT_EQ(inventory->FindInterface("vpc-1", Address("2001:db8::1:0:0:7"))->id, "eni-node");
  EXPECT_EQ(inventory->FindInterface("vpc-1", Address("10.0.0.20"))->id, "eni-pod");
  EXPECT_EQ(inventory->FindInterface("vpc-1", Address("10.0.0.32")), nullptr);
  EXPECT_EQ(inventory->FindInterface("vpc-2", Address("10.0.0.31")), nullptr);
}

TEST(FindInterface, AnAddressOfTwoInOneVpcIsNobodys) {
  const auto inventory = Building()
                             .Document("a.json")
                             .Add(Interface("eni-1", "vpc-1", {"10.0.0.1"}))
                             .Add(Interface("eni-2", "vpc-1", {"10.0.0.1", "10.0.0.2"}))
                             .Build();

  EXPECT_EQ(inventory->FindInterface("vpc-1", Address("10.0.0.1")), nullptr);
  EXPECT_EQ(inventory->FindInterface("vpc-1", Address("10.0.0.2"))->id, "eni-2");
}

TEST(FindInterface, AnAddressWithoutVpcIsFoundByIdOnly) {
  const auto inventory =
      Building().Document("a.json").Add(Interface("eni-1", "", {"10.0.0.1"})).Build();

  EXPECT_EQ(inventory->FindInterface("", Address("10.0.0.1")), nullptr);
  EXPECT_TRUE(inventory->FindInterface("eni-1")->Owns(Address("10.0.0.1")));
}

TEST(NetworkInterface, OwnsItsAddressesAndDelegatedPrefixes) {
  NetworkInterface interface;
  interface.addresses = {Address("10.0.0.5"), Address("2001:db8::5")};
  interface.prefixes = {Prefix("10.0.0.16/28")};

  EXPECT_TRUE(interface.Owns(Address("10.0.0.5")));
  EXPECT_TRUE(interface.Owns(Address("2001:db8::5")));
  EXPECT_TRUE(interface.Owns(Address("10.0.0.16")));
  EXPECT_TRUE(interface.Owns(Address("10.0.0.31")));
  EXPECT_FALSE(interface.Owns(Address("10.0.0.32")));
  EXPECT_FALSE(interface.Owns(Address("10.0.0.6")));
}

TEST(FindGroup, AbsentEmptyAndUndescribedAreThreeThings) {
  auto referring = RuleIn("sg-empty", "sgr-1");
  referring.rule.source.kind = RuleSource::Kind::kSecurityGroup;
  referring.rule.source.id = "sg-lacking";
  const auto inventory = Building()
                             .Document("a.json")
                             .Add(Interface("eni-1", "vpc-1", {}, {{"sg-undescribed"}}))
                             .Add(Group("sg-empty"))
                             .Add(referring)
                             .Build();

  EXPECT_EQ(inventory->FindGroup("sg-lacking"), nullptr) << "being referenced does not count";
  const SecurityGroup* empty = inventory->FindGroup("sg-empty");
  EXPECT_TRUE(empty->described);
  EXPECT_TRUE(inventory->Members(inventory->IndexOf(*empty)).empty());
  const SecurityGroup* undescribed = inventory->FindGroup("sg-undescribed");
  EXPECT_FALSE(undescribed->described);
  EXPECT_FALSE(undescribed->rules_known);
  EXPECT_EQ(inventory->Members(inventory->IndexOf(*undescribed)).size(), 1U);
}

TEST(RuleSource, IsWrittenAsAwsDoes) {
  RuleSource source;
  source.prefix = Prefix("2001:db8::/32");
  EXPECT_EQ(source.ToString(), "2001:db8::/32");
  source.kind = RuleSource::Kind::kPrefixList;
  source.id = "pl-1";
  EXPECT_EQ(source.ToString(), "pl-1");
}

TEST(Inventory, OfNothingFindsNothing) {
  const auto inventory = Building().Build();

  EXPECT_EQ(inventory->FindInterface("eni-1"), nullptr);
  EXPECT_EQ(inventory->FindInterface("vpc-1", Address("10.0.0.1")), nullptr);
  EXPECT_EQ(inventory->FindPrefixList("pl-1"), nullptr);
  EXPECT_EQ(inventory->FindSubnet("subnet-1"), nullptr);
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_EQ(inventory->captured_at(), std::nullopt);
}

}  // namespace
}  // namespace sgflow
