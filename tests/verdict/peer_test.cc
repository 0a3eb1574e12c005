#include "verdict/peer.h"

#include <gtest/gtest.h>

#include <string>

#include "verdict/small_world.h"

namespace sgflow::test {
namespace {

PeerKind KindOfInterface(std::string type, std::string requester, std::string description,
                         std::string instance = "") {
  NetworkInterface interface;
  interface.type = std::move(type);
  interface.requester_id = std::move(requester);
  interface.description = std::move(description);
  interface.instance_id = std::move(instance);
  return KindOf(interface);
}

TEST(PeerKind, FromTypeRequesterAndDescription) {
  EXPECT_EQ(KindOfInterface("network_load_balancer", "", ""), PeerKind::kLoadBalancer);
  EXPECT_EQ(KindOfInterface("interface", "amazon-elb", "ELB app/shop/1"), PeerKind::kLoadBalancer);
  EXPECT_EQ(KindOfInterface("nat_gateway", "", ""), PeerKind::kNatGateway);
  EXPECT_EQ(KindOfInterface("vpc_endpoint", "", ""), PeerKind::kEndpoint);
  EXPECT_EQ(KindOfInterface("lambda", "", ""), PeerKind::kLambda);
  EXPECT_EQ(KindOfInterface("interface", "amazon-rds", "RDSNetworkInterface"), PeerKind::kRds);
  EXPECT_EQ(KindOfInterface("interface", "", "", "i-1"), PeerKind::kInstance);
  EXPECT_EQ(KindOfInterface("interface", "", "made by hand"), PeerKind::kInterface);
}

TEST(PeerKind, FromTheAddress) {
  for (const std::string_view address :
       {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "169.254.1.1",
        "224.0.0.251", "255.255.255.255", "fd00::1", "fe80::1", "ff02::fb"}) {
    EXPECT_EQ(KindOf(*IpAddress::Parse(address)), PeerKind::kPrivate) << address;
  }
  for (const std::string_view address : {"172.32.0.1", "100.128.0.1", "198.51.100.7", "192.0.2.1",
                                         "223.255.255.254", "2001:db8::1", "8.8.8.8"}) {
    EXPECT_EQ(KindOf(*IpAddress::Parse(address)), PeerKind::kInternet) << address;
  }
}

TEST(Peer, IsTheNextHopThenTheNeighbourThenTheService) {
  Bench bench(ServerWith(""),
              std::string(Bench::kLayout) + " next-hop-interface-id pkt-src-aws-service");
  const std::string from_client = "eni-server ingress 10.0.1.20 50000 10.0.0.10 443 6 2 REJECT ";
  const std::string from_far = "eni-server ingress 192.0.2.1 50000 10.0.0.10 443 6 2 REJECT ";
  EXPECT_EQ(bench.PeerOf(from_client + "- -"), "interface eni-client");
  EXPECT_EQ(bench.PeerOf(from_client + "eni-bare -"), "nat-gateway eni-bare");
  EXPECT_EQ(bench.PeerOf(from_far + "eni-unknown -"), "internet eni-unknown");
  EXPECT_EQ(bench.PeerOf(from_far + "- S3"), "aws-service");
  EXPECT_EQ(bench.PeerOf(from_far + "- -"), "internet");
}

TEST(Peer, IsNamedWhereNothingIsJudged) {
  Bench bench(ServerWith(""), std::string(Bench::kLayout) + " log-status");
  EXPECT_EQ(bench.PeerOf("eni-bare ingress 10.0.1.20 50000 10.0.0.40 443 6 2 ACCEPT OK"),
            "interface eni-client");
  EXPECT_EQ(bench.PeerOf("eni-bare egress 10.0.0.40 50000 192.0.2.1 443 6 2 ACCEPT OK"),
            "internet");
  // A field is missing, and not the peer's address.
  EXPECT_EQ(bench.PeerOf("eni-server ingress 10.0.1.20 - 10.0.0.10 443 6 2 ACCEPT OK"),
            "interface eni-client");
  EXPECT_EQ(bench.PeerOf("eni-server ingress - 50000 10.0.0.10 443 6 2 ACCEPT OK"), "");
  EXPECT_EQ(bench.PeerOf("eni-server ingress 10.0.1.20 - - - - - - NODATA"), "");
}

// The server lets in group sg-far, which these carry in peered VPCs.
std::shared_ptr<const Inventory> PeeredWith(std::string_view status, std::string_view second) {
  return InventoryOf(R"({"NetworkInterfaces":[
    {"NetworkInterfaceId":"eni-server","VpcId":"vpc-main","PrivateIpAddress":"10.0.0.10",
     "Groups":[{"GroupId":"sg-server"}]},
    {"NetworkInterfaceId":"eni-far","VpcId":"vpc-far","PrivateIpAddress":"10.9.0.5",
     "Attachment":{"InstanceId":"i-far"},"Groups":[{"GroupId":"sg-far"}]},
    {"NetworkInterfaceId":"eni-second","VpcId":"vpc-second","PrivateIpAddress":"10.9.0.5",
     "Groups":[{"GroupId":")" +
                     std::string(second) + R"("}]}],
    "SecurityGroupRules":[
     {"SecurityGroupRuleId":"sgr-any","GroupId":"sg-server","IsEgress":false,"IpProtocol":"tcp",
      "FromPort":22,"ToPort":22,"CidrIpv4":"10.9.0.0/16"},
     {"SecurityGroupRuleId":"sgr-far","GroupId":"sg-server","IsEgress":false,"IpProtocol":"tcp",
      "FromPort":443,"ToPort":443,
      "ReferencedGroupInfo":{"GroupId":"sg-far","VpcId":"vpc-far","PeeringStatus":")" +
                     std::string(status) + R"("}}]})");
}

TEST(Peer, IsTheMemberOfTheReferencedGroupThatDecided) {
  constexpr std::string_view kOn443 = "eni-server ingress 10.9.0.5 50000 10.0.0.10 443 6 2 ACCEPT";
  constexpr std::string_view kOn22 = "eni-server ingress 10.9.0.5 50000 10.0.0.10 22 6 2 ACCEPT";
  EXPECT_EQ(Bench(PeeredWith("active", "sg-other")).PeerOf(kOn443), "instance eni-far");
  // An address alone may be an unrelated host's.
  EXPECT_EQ(Bench(PeeredWith("active", "sg-other")).PeerOf(kOn22), "private");
  EXPECT_EQ(Bench(PeeredWith("provisioning", "sg-other")).PeerOf(kOn443), "private");
  // Two members have it: either may be meant.
  EXPECT_EQ(Bench(PeeredWith("active", "sg-far")).PeerOf(kOn443), "private");
}

}  // namespace
}  // namespace sgflow::test
