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
  for (const std::string_view address : {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
                                         "100.64.0.1", "169.254.1.1", "fd00::1", "fe80::1"}) {
    EXPECT_EQ(KindOf(*IpAddress::Parse(address)), PeerKind::kPrivate) << address;
  }
  for (const std::string_view address :
       {"172.32.0.1", "100.128.0.1", "198.51.100.7", "192.0.2.1", "2001:db8::1", "8.8.8.8"}) {
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

}  // namespace
}  // namespace sgflow::test
