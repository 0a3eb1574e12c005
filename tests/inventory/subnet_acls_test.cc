#include "inventory/subnet_acls.h"

#include <gtest/gtest.h>

#include "inventory/building.h"

namespace sgflow {
namespace {

using testing::Acl;
using testing::AclEntry;
using testing::Building;
using testing::Interface;
using testing::SubnetIn;

using Texts = std::vector<std::string>;

std::string AclOf(const Inventory& inventory, std::string_view subnet_id) {
  const Subnet* subnet = inventory.FindSubnet(subnet_id);
  if (subnet == nullptr) return "no such subnet";
  return subnet->acl ? inventory.acls()[*subnet->acl].id : "unknown";
}

InterfaceDescription InterfaceIn(std::string subnet_id, std::string vpc_id = "vpc-1") {
  auto description = Interface("eni-in-" + subnet_id, std::move(vpc_id), {});
  description.interface.subnet_id = std::move(subnet_id);
  return description;
}

TEST(SubnetAcls, TheAssociatedOneElseTheVpcsDefault) {
  const auto inventory = Building()
                             .Document("a.json", {ListedKind::kNetworkAcls})
                             .Add(Acl("acl-default", {"subnet-2"}, true))
                             .Add(Acl("acl-own", {"subnet-1", "subnet-1"}))
                             .Add(SubnetIn("vpc-1", "subnet-1"))
                             .Add(SubnetIn("vpc-1", "subnet-described"))
                             .Add(InterfaceIn("subnet-of-interface"))
                             .Add(SubnetIn("vpc-2", "subnet-of-other-vpc"))
                             .Build();

  EXPECT_EQ(AclOf(*inventory, "subnet-1"), "acl-own");
  EXPECT_EQ(AclOf(*inventory, "subnet-2"), "acl-default");
  EXPECT_EQ(AclOf(*inventory, "subnet-described"), "acl-default");
  EXPECT_EQ(AclOf(*inventory, "subnet-of-interface"), "acl-default");
  EXPECT_EQ(AclOf(*inventory, "subnet-of-other-vpc"), "unknown");
  EXPECT_EQ(AclOf(*inventory, "subnet-unheard"), "no such subnet");
}

TEST(SubnetAcls, NoDefaultIsTakenWhereAnotherAclMayBeUnlisted) {
  const auto cut = Building()
                       .Document("a.json", {ListedKind::kNetworkAcls}, {}, true)
                       .Add(Acl("acl-default", {"subnet-1"}, true))
                       .Add(SubnetIn("vpc-1", "subnet-2"))
                       .Build();
  EXPECT_EQ(AclOf(*cut, "subnet-1"), "acl-default");
  EXPECT_EQ(AclOf(*cut, "subnet-2"), "unknown");

  const auto uncovered = Building()
                             .Document("a.json", {ListedKind::kNetworkAcls}, Coverage())
                             .Add(Acl("acl-default", {}, true))
                             .Add(SubnetIn("vpc-1", "subnet-2"))
                             .Build();
  EXPECT_EQ(AclOf(*uncovered, "subnet-2"), "unknown");
}

TEST(SubnetAcls, ASubnetUnderTwoHasAnUnknownOne) {
  Building building;
  const auto inventory = building.Document("a.json", {ListedKind::kNetworkAcls})
                             .Add(Acl("acl-1", {"subnet-1"}, true))
                             .Add(Acl("acl-2", {"subnet-1", "subnet-2"}))
                             .Build();

  EXPECT_EQ(AclOf(*inventory, "subnet-1"), "unknown");
  EXPECT_EQ(AclOf(*inventory, "subnet-2"), "acl-2");
  EXPECT_EQ(building.Warnings(),
            Texts{"a.json: Things[1]: subnet-1 is associated with acl-1 and acl-2: its ACL is "
                  "taken as unknown; write the file anew: aws ec2 describe-network-acls"});
}

TEST(SubnetAcls, AVpcWithTwoDefaultsHasNone) {
  Building building;
  const auto inventory = building.Document("a.json", {ListedKind::kNetworkAcls})
                             .Add(Acl("acl-1", {"subnet-1"}, true))
                             .Add(Acl("acl-2", {}, true))
                             .Add(SubnetIn("vpc-1", "subnet-2"))
                             .Build();

  EXPECT_EQ(AclOf(*inventory, "subnet-1"), "acl-1");
  EXPECT_EQ(AclOf(*inventory, "subnet-2"), "unknown");
  EXPECT_EQ(building.Warnings(),
            Texts{"a.json: Things[1]: vpc-1 has two default network ACLs: which of them acts is "
                  "unknown; write the file anew: aws ec2 describe-network-acls"});
}

TEST(NetworkAcl, EntriesStandInTheOrderOfTheirNumbers) {
  auto acl = Acl("acl-1", {});
  acl.acl.entries = {AclEntry(32767, "0.0.0.0/0", false), AclEntry(100, "10.0.0.0/8"),
                     AclEntry(90, "10.1.0.0/16"), AclEntry(90, "10.1.0.0/16")};
  Building building;
  const auto inventory = building.Document("a.json").Add(acl).Build();

  ASSERT_EQ(inventory->acls()[0].entries.size(), 3U) << "the same entry twice is one";
  EXPECT_EQ(inventory->acls()[0].entries[0].number, 90);
  EXPECT_EQ(inventory->acls()[0].entries[1].number, 100);
  EXPECT_EQ(inventory->acls()[0].entries[2].number, 32767);
  EXPECT_FALSE(inventory->acls()[0].number_twice);
  EXPECT_EQ(building.Warnings(), Texts{});
}

TEST(NetworkAcl, ANumberTwiceLeavesOpenWhichEntryActs) {
  auto acl = Acl("acl-1", {});
  acl.acl.entries = {AclEntry(100, "10.0.0.0/8"), AclEntry(100, "10.1.0.0/16", false)};
  Building building;
  const auto inventory = building.Document("a.json").Add(acl).Build();

  EXPECT_TRUE(inventory->acls()[0].number_twice);
  EXPECT_EQ(building.Warnings(),
            Texts{"a.json: Things[0]: acl-1 has two inbound entries with the number 100: which of "
                  "them acts is unknown; write the file anew: aws ec2 describe-network-acls"});
}

TEST(NetworkAcl, OneNumberInBothDirectionsOrFamiliesIsFine) {
  auto acl = Acl("acl-1", {});
  auto outbound = AclEntry(100, "0.0.0.0/0");
  outbound.direction = Direction::kEgress;
  acl.acl.entries = {AclEntry(100, "0.0.0.0/0"), outbound, AclEntry(100, "::/0")};
  Building building;
  const auto inventory = building.Document("a.json").Add(acl).Build();

  EXPECT_FALSE(inventory->acls()[0].number_twice);
  EXPECT_EQ(building.Warnings(), Texts{});
}

}  // namespace
}  // namespace sgflow
