// NetworkInterfaces of describe-network-interfaces, and those inside instances.
#include <gtest/gtest.h>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::ErrorsOf;
using testing::InventoryOf;
using testing::Texts;
using testing::WarningsOf;

Texts AddressesOf(const NetworkInterface& interface) {
  Texts texts;
  for (const IpAddress& address : interface.addresses) texts.push_back(address.ToString());
  for (const IpPrefix& prefix : interface.prefixes) texts.push_back(prefix.ToString());
  return texts;
}

TEST(NetworkInterfaces, AsDescribeNetworkInterfacesPrintsThem) {
  const auto inventory = InventoryOf(R"({"NetworkInterfaces": [{
    "Attachment": {"InstanceId": "i-1", "AttachTime": "2026-01-02T03:04:05+00:00"},
    "Association": {"PublicIp": "203.0.113.9"},
    "Description": "Primary network interface",
    "Groups": [{"GroupId": "sg-2", "GroupName": "two"}, {"GroupId": "sg-1", "GroupName": "one"}],
    "InterfaceType": "branch",
    "Ipv6Addresses": [{"Ipv6Address": "2001:db8::7", "IsPrimaryIpv6": true}],
    "NetworkInterfaceId": "eni-1",
    "OwnerId": "111122223333",
    "PrivateIpAddress": "10.0.0.7",
    "PrivateIpAddresses": [{"Primary": false, "PrivateIpAddress": "10.0.0.8"},
                           {"Primary": true, "PrivateIpAddress": "10.0.0.7"}],
    "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.16/28"}],
    "Ipv6Prefixes": [{"Ipv6Prefix": "2001:db8:0:0:1::/80"}],
    "RequesterId": "444455556666",
    "SubnetId": "subnet-1",
    "TagSet": [{"Key": "Name", "Value": "web"},
               {"Key": "vpcresources.k8s.aws/trunk-eni-id", "Value": "eni-trunk"}],
    "VpcId": "vpc-1"}]})");

  ASSERT_EQ(inventory->interfaces().size(), 1U);
  const NetworkInterface& interface = inventory->interfaces()[0];
  EXPECT_EQ(interface.id, "eni-1");
  EXPECT_EQ(interface.type, "branch");
  EXPECT_EQ(interface.description, "Primary network interface");
  EXPECT_EQ(interface.owner_id, "111122223333");
  EXPECT_EQ(interface.requester_id, "444455556666");
  EXPECT_EQ(interface.vpc_id, "vpc-1");
  EXPECT_EQ(interface.subnet_id, "subnet-1");
  EXPECT_EQ(interface.instance_id, "i-1");
  EXPECT_EQ(interface.name, "web");
  EXPECT_EQ(interface.trunk_id, "eni-trunk");
  EXPECT_EQ(AddressesOf(interface),
            (Texts{"10.0.0.7", "10.0.0.8", "2001:db8::7", "10.0.0.16/28", "2001:db8:0:0:1::/80"}))
      << "the primary one first, no public one";
  ASSERT_EQ(interface.groups.size(), 2U);
  EXPECT_EQ(inventory->groups()[interface.groups[0]].id, "sg-2");
  EXPECT_EQ(inventory->groups()[interface.groups[0]].name, "two");
  EXPECT_TRUE(interface.groups_known);
  EXPECT_FALSE(interface.doubtful);
  EXPECT_EQ(inventory->FindSubnet("subnet-1")->vpc_id, "vpc-1");
  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
}

TEST(NetworkInterfaces, HaveNothingButAnIdToHave) {
  const auto inventory =
      InventoryOf(R"({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": null}]})");

  EXPECT_FALSE(inventory->FindInterface("eni-1")->groups_known);
  EXPECT_EQ(ErrorsOf(R"({"NetworkInterfaces": [{"VpcId": "vpc-1"}, {"NetworkInterfaceId": ""}]})"),
            (Texts{"a.json:1:24: NetworkInterfaces[0]: NetworkInterfaceId is missing",
                   "a.json:1:67: NetworkInterfaces[1].NetworkInterfaceId: is empty"}));
}

TEST(NetworkInterfaces, AnAddressThatIsNoneIsAnError) {
  EXPECT_EQ(ErrorsOf(R"({"NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10-0-0-157"},
    {"NetworkInterfaceId": "eni-2", "PrivateIpAddresses": [{"PrivateIpAddress": "ten"}]},
    {"NetworkInterfaceId": "eni-3", "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.16"}]},
    {"NetworkInterfaceId": "eni-4", "Ipv6Prefixes": [{"Ipv6Prefix": "10.0.0.16/28"}]}]})"),
            (Texts{"a.json:2:57: NetworkInterfaces[0].PrivateIpAddress: \"10-0-0-157\" is no IP "
                   "address; did you mean \"10.0.0.157\"?",
                   "a.json:3:81: NetworkInterfaces[1].PrivateIpAddresses[0].PrivateIpAddress: "
                   "\"ten\" is no IP address",
                   "a.json:4:69: NetworkInterfaces[2].Ipv4Prefixes[0].Ipv4Prefix: \"10.0.0.16\" is "
                   "no CIDR; for a single address write \"10.0.0.16/32\"",
                   "a.json:5:69: NetworkInterfaces[3].Ipv6Prefixes[0].Ipv6Prefix: \"10.0.0.16/28\" "
                   "is no IPv6 CIDR"}));
}

TEST(Instances, BringTheirInterfaces) {
  const auto inventory = InventoryOf(R"({
    "Reservations": [{"ReservationId": "r-1", "Instances": [
      {"InstanceId": "i-1", "NetworkInterfaces": [
        {"NetworkInterfaceId": "eni-1", "Attachment": {"DeviceIndex": 0},
         "PrivateIpAddress": "10.0.0.7", "VpcId": "vpc-1", "Groups": []}]}]}],
    "Instances": [{"InstanceId": "i-2", "NetworkInterfaces": [{"NetworkInterfaceId": "eni-2"}]}]})");

  EXPECT_EQ(inventory->FindInterface("eni-1")->instance_id, "i-1");
  EXPECT_EQ(AddressesOf(*inventory->FindInterface("eni-1")), Texts{"10.0.0.7"});
  EXPECT_EQ(inventory->FindInterface("eni-2")->instance_id, "i-2");
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-1")) << "NAT gateways and the like are not there";
}

TEST(Instances, CompleteNoVpcBesideAListThatDoes) {
  const auto inventory = InventoryOf(R"({
    "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1"}],
    "Instances": [{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-2", "VpcId": "vpc-2"}]}]})");

  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
  EXPECT_FALSE(inventory->InterfacesKnown("vpc-2"));
}

TEST(Instances, AnInterfaceDescribedInBothWaysIsOne) {
  const auto inventory = InventoryOf({{"instances.json", R"({"Instances": [
      {"InstanceId": "i-1", "NetworkInterfaces": [
        {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.7", "VpcId": "vpc-1"}]}]})"},
                                      {"interfaces.json", R"({"NetworkInterfaces": [
        {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.7", "VpcId": "vpc-1",
         "Attachment": {"InstanceId": "i-1"}, "TagSet": [{"Key": "Name", "Value": "web"}]}]})"}});

  EXPECT_EQ(inventory->interfaces().size(), 1U);
  EXPECT_EQ(inventory->interfaces()[0].name, "web");
  EXPECT_TRUE(inventory->InterfacesKnown("vpc-1"));
}

// As AWS's own example of describe-instances has it.
TEST(Instances, AnAddressThatIsNoneIsLeftOutWithAWarning) {
  constexpr std::string_view kText = R"({"Instances": [{"NetworkInterfaces": [
    {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10-0-0-157",
     "PrivateIpAddresses": [{"PrivateIpAddress": "10-0-0-157"}, {"PrivateIpAddress": "10.0.0.8"}]
    }]}]})";

  EXPECT_EQ(WarningsOf(kText),
            Texts{"a.json:2:57: Instances[0].NetworkInterfaces[0].PrivateIpAddress: \"10-0-0-157\" "
                  "is no IP address and left out (2 in all); add what this writes: aws ec2 "
                  "describe-network-interfaces"});
  const auto inventory = InventoryOf(kText);
  const NetworkInterface& interface = inventory->interfaces()[0];
  EXPECT_EQ(AddressesOf(interface), Texts{"10.0.0.8"});
  EXPECT_TRUE(interface.doubtful);
  EXPECT_EQ(AddressesOf(*InventoryOf({{"a.json", kText}, {"b.json", R"({"NetworkInterfaces": [
              {"NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.157",
               "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.8"}]}]})"}})
                             ->FindInterface("eni-1")),
            (Texts{"10.0.0.157", "10.0.0.8"}))
      << "told whole elsewhere";
}

}  // namespace
}  // namespace sgflow
