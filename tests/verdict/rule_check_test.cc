// Does a rule match: yes, no, or can't tell; seen through whole records.
#include "verdict/rule_check.h"

#include <gtest/gtest.h>

#include <string>

#include "verdict/small_world.h"

namespace sgflow::test {
namespace {

constexpr std::string_view kFromClient =
    "eni-server ingress 10.0.1.20 50000 10.0.0.10 443 6 2 ACCEPT";
constexpr std::string_view kFromInternet =
    "eni-server ingress 192.0.2.1 50000 10.0.0.10 443 6 2 ACCEPT";

TEST(RuleCheck, GroupReferenceMeansItsMembersPrivateAddresses) {
  Bench bench(ServerWith(InRule("sgr-ref", "tcp", 443, 443, "sg-client")));
  EXPECT_EQ(bench.Say(kFromClient), "allowed-by-rule exact peer sgr-ref");
  EXPECT_EQ(bench.Say(kFromInternet), "allowed-unexplained possible peer");
}

TEST(RuleCheck, LackingGroupCannotBeToldButForKnownNeighbours) {
  Bench bench(ServerWith(InRule("sgr-ref", "tcp", 443, 443, "sg-lacking")));
  EXPECT_EQ(bench.Say(kFromClient), "allowed-unexplained possible peer");
  EXPECT_EQ(bench.Say(kFromInternet), "allowed-by-rule possible peer sgr-ref");
}

TEST(RuleCheck, APeerWhoseGroupsNobodyToldMayBeInAnyOne) {
  constexpr std::string_view kFromUntold =
      "eni-server ingress 10.0.0.41 50000 10.0.0.10 443 6 2 ACCEPT";
  for (const std::string_view group : {"sg-client", "sg-empty", "sg-lacking"}) {
    Bench bench(ServerWith(InRule("sgr-ref", "tcp", 443, 443, group)));
    EXPECT_EQ(bench.Say(kFromUntold), "allowed-by-rule possible peer sgr-ref") << group;
    EXPECT_EQ(
        bench.Reason(kFromUntold),
        "By its TCP flags the peer opened the connection, and an inbound rule may have let it "
        "in; the inventory does not tell the peer's security groups.");
  }
  // One that is known to have none is in none.
  Bench bench(ServerWith(InRule("sgr-ref", "tcp", 443, 443, "sg-client")));
  EXPECT_EQ(bench.Say("eni-server ingress 10.0.0.40 50000 10.0.0.10 443 6 2 ACCEPT"),
            "allowed-unexplained possible peer");
  EXPECT_EQ(bench.Say(kFromUntold), "allowed-by-rule possible peer sgr-ref");
}

TEST(RuleCheck, EmptyGroupMatchesNobody) {
  Bench bench(ServerWith(InRule("sgr-ref", "tcp", 443, 443, "sg-empty")));
  EXPECT_EQ(bench.Say(kFromInternet), "allowed-unexplained possible peer");
}

TEST(RuleCheck, PrefixLists) {
  constexpr std::string_view kLists =
      R"(,"PrefixLists":[{"PrefixListId":"pl-known","Cidrs":["192.0.2.0/24"]},
          {"PrefixListId":"pl-unread"},{"PrefixListId":"pl-empty","Cidrs":[]}])";
  const auto say = [&](std::string_view list) {
    return Bench(ServerWith(InRule("sgr-list", "tcp", 443, 443, list), kLists)).Say(kFromInternet);
  };
  EXPECT_EQ(say("pl-known"), "allowed-by-rule exact peer sgr-list");
  EXPECT_EQ(say("pl-unread"), "allowed-by-rule possible peer sgr-list");
  EXPECT_EQ(say("pl-lacking"), "allowed-by-rule possible peer sgr-list");
  EXPECT_EQ(say("pl-empty"), "allowed-unexplained possible peer");
}

TEST(RuleCheck, IcmpTypeCannotBeTold) {
  constexpr std::string_view kPing = "eni-server ingress 192.0.2.1 0 10.0.0.10 0 1 0 ACCEPT";
  Bench typed(ServerWith(InRule("sgr-ping", "icmp", 8, -1, "0.0.0.0/0")));
  EXPECT_EQ(typed.Say(kPing), "allowed-by-rule possible peer sgr-ping");
  Bench all(ServerWith(InRule("sgr-icmp", "icmp", -1, -1, "0.0.0.0/0")));
  EXPECT_EQ(all.Say(kPing), "allowed-by-rule exact peer sgr-icmp");
}

TEST(RuleCheck, FragmentHasNoPorts) {
  constexpr std::string_view kFragment = "eni-server ingress 192.0.2.1 0 10.0.0.10 0 17 0 ACCEPT";
  Bench port(ServerWith(InRule("sgr-port", "udp", 514, 514, "0.0.0.0/0")));
  EXPECT_EQ(port.Say(kFragment), "allowed-by-rule possible peer sgr-port");
  Bench all(ServerWith(InRule("sgr-all", "udp", 0, 65535, "0.0.0.0/0")));
  EXPECT_EQ(all.Say(kFragment), "allowed-by-rule exact peer sgr-all");
}

TEST(RuleCheck, PortsOfOtherProtocolsCountForNothing) {
  Bench bench(ServerWith(InRule("sgr-gre", "47", 80, 80, "0.0.0.0/0")));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 0 10.0.0.10 0 47 0 ACCEPT"),
            "allowed-by-rule exact peer sgr-gre");
}

TEST(RuleCheck, PermissionOfSeveralSourcesIsOneRule) {
  const auto inventory = InventoryOf(R"({"NetworkInterfaces":[{"NetworkInterfaceId":"eni-server",
    "VpcId":"vpc-main","PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.10"}],
    "Groups":[{"GroupId":"sg-server","GroupName":"server"}]}],
    "SecurityGroups":[{"GroupId":"sg-server","GroupName":"server","VpcId":"vpc-main",
     "IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,
       "IpRanges":[{"CidrIp":"192.0.2.0/24"},{"CidrIp":"192.0.0.0/16"}],
       "PrefixListIds":[{"PrefixListId":"pl-lacking"}]}]}]})");
  Bench bench(inventory);
  EXPECT_EQ(bench.Say(kFromInternet), "allowed-by-rule exact peer sg-server/IpPermissions/0");
}

TEST(NearMisses, WrongSourceWrongPortWrongProtocol) {
  Bench bench(ServerWith(InRule("sgr-near", "tcp", 5432, 5432, "10.0.1.0/24") + "," +
                         InRule("sgr-port", "tcp", 443, 443, "192.0.2.0/24") + "," +
                         InRule("sgr-udp", "udp", 5432, 5432, "192.0.2.0/24") + "," +
                         InRule("sgr-far", "tcp", 22, 22, "10.0.0.0/8")));
  EXPECT_EQ(bench.Nearest("eni-server ingress 192.0.2.1 50000 10.0.0.10 5432 6 2 REJECT"),
            "sgr-near: allows tcp 5432 only from 10.0.1.0/24\n"
            "sgr-port: allows this source only on tcp 443\n"
            "sgr-udp: allows this source only on udp 5432\n");
}

TEST(NearMisses, WhatCannotBeToldStandsFirst) {
  Bench bench(ServerWith(InRule("sgr-near", "tcp", 443, 443, "10.0.1.0/24") + "," +
                         InRule("sgr-list", "tcp", 443, 443, "pl-lacking")));
  constexpr std::string_view kRefused =
      "eni-server ingress 192.0.2.1 50000 10.0.0.10 443 6 2 REJECT";
  EXPECT_EQ(bench.Nearest(kRefused),
            "sgr-list: may allow it: the inventory lacks prefix list pl-lacking\n"
            "sgr-near: allows tcp 443 only from 10.0.1.0/24\n");
  EXPECT_EQ(
      bench.Reason(kRefused),
      "By its TCP flags the peer opened the connection, and no inbound rule surely allows it; "
      "the inventory lacks prefix list pl-lacking; the subnet's network ACL is not known.");
}

TEST(NearMisses, SourceThatCannotBeToldIsNotSaidToBeAllowed) {
  Bench bench(ServerWith(InRule("sgr-list", "tcp", 9443, 9443, "pl-lacking")));
  EXPECT_EQ(bench.Nearest("eni-server ingress 192.0.2.1 50000 10.0.0.10 3389 6 2 REJECT"),
            "sgr-list: may allow this source, but only on tcp 9443\n");
}

TEST(NearMisses, OfOneWidthAreGivenByTheirIds) {
  const auto ports = [](std::string_view ids) {
    std::string rules;
    for (const char id : ids) {
      if (!rules.empty()) rules += ',';
      rules += InRule(std::string("sgr-") + id, "tcp", id, id, "0.0.0.0/0");
    }
    return rules;
  };
  constexpr std::string_view kRefused =
      "eni-server ingress 192.0.2.1 50000 10.0.0.10 22 6 2 REJECT";
  constexpr std::string_view kFirstThree =
      "sgr-a: allows this source only on tcp 97\n"
      "sgr-b: allows this source only on tcp 98\n"
      "sgr-c: allows this source only on tcp 99\n";
  EXPECT_EQ(Bench(ServerWith(ports("abcd"))).Nearest(kRefused), kFirstThree);
  EXPECT_EQ(Bench(ServerWith(ports("dcba"))).Nearest(kRefused), kFirstThree);
}

TEST(NearMisses, RulesForTheOtherAddressFamilyAreNone) {
  Bench bench(ServerWith(InRule("sgr-four", "tcp", 22, 22, "10.0.0.0/8") + "," +
                         InRule("sgr-six", "tcp", 22, 22, "2001:db8::/32")));
  EXPECT_EQ(bench.Nearest("eni-server ingress 192.0.2.1 50000 10.0.0.10 22 6 2 REJECT"),
            "sgr-four: allows tcp 22 only from 10.0.0.0/8\n");
  EXPECT_EQ(bench.Nearest("eni-server ingress 2001:db9::1 50000 2001:db8::10 22 6 2 REJECT"),
            "sgr-six: allows tcp 22 only from 2001:db8::/32\n");
}

TEST(NearMisses, PermissionOfSeveralSourcesSaysThatThereAreMore) {
  const auto permission = [](std::string_view ranges) {
    return InventoryOf(R"({"NetworkInterfaces":[{"NetworkInterfaceId":"eni-server",
    "VpcId":"vpc-main","PrivateIpAddresses":[{"PrivateIpAddress":"10.0.0.10"}],
    "Groups":[{"GroupId":"sg-server","GroupName":"server"}]}],
    "SecurityGroups":[{"GroupId":"sg-server","GroupName":"server","VpcId":"vpc-main",
     "IpPermissions":[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,
       "Ipv6Ranges":[{"CidrIpv6":"::/0"}],"IpRanges":[)" +
                       std::string(ranges) + "]}]}]}");
  };
  constexpr std::string_view kRefused =
      "eni-server ingress 10.3.0.1 50000 10.0.0.10 443 6 2 REJECT";
  constexpr std::string_view kSaid =
      "sg-server/IpPermissions/0: allows tcp 443 only from 10.1.0.0/16 and 2 more\n";
  EXPECT_EQ(
      Bench(permission(R"({"CidrIp":"10.1.0.0/16"},{"CidrIp":"10.2.0.0/16"})")).Nearest(kRefused),
      kSaid);
  EXPECT_EQ(
      Bench(permission(R"({"CidrIp":"10.2.0.0/16"},{"CidrIp":"10.1.0.0/16"})")).Nearest(kRefused),
      kSaid);
}

TEST(NearMisses, ReasonNamesTheRuleThatNamesAnIcmpType) {
  Bench bench(ServerWith(InRule("sgr-ping", "icmp", 8, -1, "0.0.0.0/0")));
  EXPECT_EQ(bench.Reason("eni-server ingress 192.0.2.1 0 10.0.0.10 0 1 - REJECT"),
            "Who opened is not known, and no inbound rule surely allows it; sgr-ping names an ICMP "
            "type, which flow logs do not record; the subnet's network ACL is not known.");
}

TEST(NearMisses, DoNotHangOnWhatCameBefore) {
  Bench bench(ServerWith(InRule("sgr-udp", "udp", 53, 53, "0.0.0.0/0")));
  EXPECT_EQ(bench.Nearest("eni-server ingress 192.0.2.1 50000 10.0.0.10 53 6 2 REJECT"),
            "sgr-udp: allows this source only on udp 53\n");
  EXPECT_EQ(bench.Nearest("eni-server ingress 192.0.2.1 50000 10.0.0.10 54 6 2 REJECT"), "");
}

TEST(NearMisses, AcceptedRecordsHaveNone) {
  Bench bench(ServerWith(InRule("sgr-list", "tcp", 443, 443, "pl-lacking")));
  EXPECT_EQ(bench.Nearest(kFromInternet), "");
}

}  // namespace
}  // namespace sgflow::test
