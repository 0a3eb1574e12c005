// The rows of the table of answers, one small case each. The server lets in HTTPS and everything
// out unless a case says otherwise.
#include "verdict/judge.h"

#include <gtest/gtest.h>

#include <string>

#include "verdict/small_world.h"

namespace sgflow::test {
namespace {

const std::string kHttpsIn = InRule("sgr-https", "tcp", 443, 443, "0.0.0.0/0");
const std::string kAllOut = OutRule("sgr-out", "-1", -1, -1, "0.0.0.0/0");
const std::string kWebServer = kHttpsIn + "," + kAllOut;

constexpr std::string_view kAcl =
    R"(,"NetworkAcls":[{"NetworkAclId":"acl-web","VpcId":"vpc-main","IsDefault":true,"Entries":[
  {"RuleNumber":50,"Egress":false,"Protocol":"-1","RuleAction":"deny","CidrBlock":"198.51.100.0/24"},
  {"RuleNumber":60,"Egress":true,"Protocol":"6","RuleAction":"deny","CidrBlock":"203.0.113.0/24",
   "PortRange":{"From":25,"To":25}},
  {"RuleNumber":70,"Egress":false,"Protocol":"1","RuleAction":"deny","CidrBlock":"0.0.0.0/0",
   "IcmpTypeCode":{"Type":8,"Code":-1}},
  {"RuleNumber":100,"Egress":false,"Protocol":"-1","RuleAction":"allow","CidrBlock":"0.0.0.0/0"},
  {"RuleNumber":100,"Egress":true,"Protocol":"-1","RuleAction":"allow","CidrBlock":"0.0.0.0/0"}]}])";

TEST(Verdicts, NoTrafficIsNotApplicable) {
  Bench bench(ServerWith(kWebServer), "interface-id log-status");
  EXPECT_EQ(bench.Say("eni-server NODATA"), "not-applicable");
  EXPECT_EQ(bench.Say("eni-server SKIPDATA"), "not-applicable");
}

TEST(Verdicts, TransitGatewayRecordsAreNotApplicable) {
  Bench bench(ServerWith(kWebServer), "resource-type srcaddr dstaddr");
  EXPECT_EQ(bench.Say("TransitGateway 10.0.0.1 10.0.0.2"), "not-applicable");
}

TEST(Verdicts, AcceptWithoutGroupsIsNotApplicable) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-bare ingress 192.0.2.1 5000 10.0.0.40 80 6 2 ACCEPT"), "not-applicable");
}

// A projection of --query may leave `Groups` out: that is no interface without groups.
TEST(Verdicts, WhereTheGroupsAreNotToldNothingIsJudged) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-untold ingress 192.0.2.1 5000 10.0.0.41 80 6 2 ACCEPT"), "not-judged");
  const std::string refused = "eni-untold ingress 192.0.2.1 5000 10.0.0.41 80 6 2 REJECT";
  EXPECT_EQ(bench.Say(refused), "not-judged");
  EXPECT_EQ(bench.Reason(refused),
            "The inventory does not tell the interface's security groups: its description has no "
            "Groups.");
}

TEST(Verdicts, RegionalNatGatewayIsNotApplicable) {
  Bench bench(ServerWith(kWebServer), "interface-id resource-id action");
  EXPECT_EQ(bench.Say("- nat-1 ACCEPT"), "not-applicable");
}

TEST(Verdicts, InterfaceThatIsNotInTheInventory) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-gone ingress 192.0.2.1 5000 10.0.0.10 443 6 2 ACCEPT"),
            "unknown-interface");
}

TEST(Verdicts, RecordThatLacksWhatAVerdictNeeds) {
  Bench bench(ServerWith(kWebServer));
  const std::string_view no_port = "eni-server ingress 192.0.2.1 5000 10.0.0.10 - 6 2 ACCEPT";
  EXPECT_EQ(bench.Say(no_port), "not-judged");
  EXPECT_EQ(bench.Reason(no_port), "The record lacks a destination port.");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 5000 10.0.0.10 443 - 2 ACCEPT"), "not-judged");
  EXPECT_EQ(bench.Say("eni-server ingress - 5000 10.0.0.10 443 6 2 ACCEPT"), "not-judged");
  EXPECT_EQ(bench.Say("eni-server - 192.0.2.1 5000 192.0.2.2 443 6 2 ACCEPT"), "not-judged");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 5000 10.0.0.10 443 6 2 -"), "not-judged");
}

TEST(Verdicts, BlockPublicAccess) {
  Bench bench(ServerWith(kWebServer), std::string(Bench::kLayout) + " reject-reason");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 5000 10.0.0.10 443 6 2 REJECT BPA"),
            "denied-by-vpc exact peer");
}

TEST(Verdicts, RuleOfTheOwnDirection) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 50000 10.0.0.10 443 6 2 ACCEPT"),
            "allowed-by-rule exact peer sgr-https");
}

TEST(Verdicts, ReplyGetsTheOtherDirectionsRule) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-server egress 10.0.0.10 443 192.0.2.1 50000 6 18 ACCEPT"),
            "allowed-as-return exact peer sgr-https");
}

TEST(Verdicts, AcceptedWithoutARule) {
  Bench bench(ServerWith(kHttpsIn));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 50000 10.0.0.10 22 6 2 ACCEPT"),
            "allowed-unexplained possible peer");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 50000 10.0.0.10 40000 6 0 ACCEPT"),
            "allowed-unexplained ambiguous unknown");
}

TEST(Verdicts, AclActsBeforeTheGroupsInbound) {
  Bench bench(ServerWith(kWebServer, kAcl));
  EXPECT_EQ(bench.Say("eni-server ingress 198.51.100.7 50000 10.0.0.10 443 6 2 REJECT"),
            "denied-by-network-acl exact peer acl-web 50");
  EXPECT_EQ(bench.Reason("eni-server ingress 198.51.100.7 50000 10.0.0.10 22 6 2 REJECT"),
            "Entry 50 of acl-web denies it; the security groups would refuse it too.");
  // As a reply the groups would let it in, and as what opens a connection not.
  EXPECT_EQ(bench.Reason("eni-server ingress 198.51.100.7 50001 10.0.0.10 22 6 - REJECT"),
            "Entry 50 of acl-web denies it; the security groups may refuse it too.");
}

TEST(Verdicts, AclActsAfterTheGroupsOutbound) {
  Bench open(ServerWith(kWebServer, kAcl));
  EXPECT_EQ(open.Say("eni-server egress 10.0.0.10 50000 203.0.113.5 25 6 2 REJECT"),
            "denied-by-network-acl exact local acl-web 60");
  Bench closed(ServerWith(kHttpsIn, kAcl));
  EXPECT_EQ(closed.Say("eni-server egress 10.0.0.10 50000 203.0.113.5 25 6 2 REJECT"),
            "denied-by-security-group exact local acl-web 60");
}

TEST(Verdicts, AclEntryForAnIcmpTypeIsPassedOver) {
  Bench bench(ServerWith(InRule("sgr-icmp", "icmp", -1, -1, "0.0.0.0/0"), kAcl));
  EXPECT_EQ(bench.Say("eni-server ingress 198.51.100.7 0 10.0.0.10 0 1 0 REJECT"),
            "denied-by-network-acl exact unknown acl-web 50");
  // It may have refused what the groups refuse as well.
  Bench refusing(ServerWith(kHttpsIn, kAcl));
  EXPECT_EQ(refusing.Say("eni-server ingress 192.0.2.1 0 10.0.0.10 0 1 0 REJECT"),
            "denied-by-security-group possible unknown");
}

TEST(Verdicts, AclEntryThatIsPassedOverMayDenyAsWell) {
  constexpr std::string_view kPing = R"({"RuleNumber":60,"Egress":false,"Protocol":"1",
    "CidrBlock":"0.0.0.0/0","IcmpTypeCode":{"Type":8,"Code":-1},"RuleAction":)";
  constexpr std::string_view kDeny = R"({"RuleNumber":80,"Egress":false,"Protocol":"-1",
    "CidrBlock":"0.0.0.0/0","RuleAction":"deny"})";
  const auto reason = [&](std::string_view action) {
    Bench bench(ServerWith(InRule("sgr-icmp", "icmp", -1, -1, "0.0.0.0/0"),
                           R"(,"NetworkAcls":[{"NetworkAclId":"acl-web","VpcId":"vpc-main",
                              "IsDefault":true,"Entries":[)" +
                               std::string(kPing) + std::string(action) + "}," +
                               std::string(kDeny) + "]}]"));
    return bench.Reason("eni-server ingress 192.0.2.1 0 10.0.0.10 0 1 - REJECT");
  };
  EXPECT_EQ(reason(R"("allow")"),
            "Entry 80 of acl-web denies it, if no earlier entry that cannot be told fits.");
  EXPECT_EQ(reason(R"("deny")"),
            "Entry 80 of acl-web denies it, or an earlier one that cannot be told.");
}

TEST(Verdicts, AclIsNotMetWithinASubnet) {
  constexpr std::string_view kSubnet =
      R"(,"Subnets":[{"SubnetId":"subnet-web","VpcId":"vpc-main","CidrBlock":"198.51.100.0/24"}])";
  Bench bench(ServerWith(kWebServer, std::string(kAcl) + std::string(kSubnet)));
  EXPECT_EQ(bench.Say("eni-server ingress 198.51.100.7 50000 10.0.0.10 22 6 2 REJECT"),
            "denied-by-security-group exact peer");
  EXPECT_EQ(bench.Reason("eni-server ingress 198.51.100.7 50000 10.0.0.10 443 6 2 REJECT"),
            "The security groups allow it, and within a subnet no network ACL is met: the "
            "inventory is of another time, or the cause is one that flow logs do not tell.");
}

TEST(Verdicts, GroupsRefuse) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 50000 10.0.0.10 22 6 2 REJECT"),
            "denied-by-security-group exact peer");
  // Without flags the outbound rule could have let it be a reply.
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.2 50000 10.0.0.10 22 6 - REJECT"),
            "denied-by-security-group likely unknown");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.2 50000 10.0.0.10 40000 6 - REJECT"),
            "denied-by-security-group possible unknown");
}

TEST(Verdicts, LateEndOfAConnection) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 50000 10.0.0.10 443 6 4 REJECT"),
            "denied-after-close possible unknown");
  // A connection that it opened itself.
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 80 10.0.0.10 50000 6 1 REJECT"),
            "denied-after-close possible unknown");
}

TEST(Verdicts, ConnectionThatIsNotTracked) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 50000 10.0.0.10 443 6 0 REJECT"),
            "denied-no-connection possible unknown");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 80 10.0.0.10 50000 6 18 REJECT"),
            "denied-no-connection possible local");
}

TEST(Verdicts, RefusedAlthoughAllAllow) {
  Bench bench(ServerWith(kWebServer, kAcl));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 50000 10.0.0.10 443 6 2 REJECT"),
            "denied-unexplained possible peer");
  EXPECT_EQ(bench.Say("eni-bare ingress 192.0.2.1 50000 10.0.0.40 443 6 0 REJECT"),
            "denied-unexplained possible unknown");
}

TEST(Direction, FollowsFromTheAddresses) {
  Bench bench(ServerWith(kWebServer));
  EXPECT_EQ(bench.Say("eni-server - 192.0.2.1 50000 10.0.0.10 443 6 2 ACCEPT"),
            "allowed-by-rule exact peer sgr-https");
}

TEST(InterfaceSearch, FindsTheOneThatFits) {
  constexpr std::string_view kLayout =
      "vpc-id flow-direction srcaddr srcport dstaddr dstport protocol tcp-flags action";
  Bench bench(ServerWith(kWebServer), kLayout);
  EXPECT_EQ(bench.Say("vpc-main ingress 192.0.2.1 50000 10.0.0.10 443 6 2 ACCEPT"),
            "allowed-by-rule exact peer sgr-https");
  EXPECT_EQ(bench.Say("vpc-other ingress 192.0.2.1 50000 10.0.0.10 443 6 2 ACCEPT"),
            "unknown-interface");
  // Without a direction both ends may be it.
  EXPECT_EQ(bench.Say("vpc-main - 10.0.1.20 50000 10.0.0.10 443 6 2 ACCEPT"), "unknown-interface");
}

TEST(Questions, AreAnsweredWithoutARecord) {
  Judge judge(ServerWith(kWebServer, kAcl));
  const Inventory& inventory = judge.index().inventory();
  const NetworkInterface& server = *inventory.FindInterface("eni-server");
  const auto ask = [&](Direction direction, std::string_view peer, std::uint16_t port) {
    const Packet packet = QuestionPacket(server, direction, *IpAddress::Parse(peer), kTcp, port);
    return Describe(judge.Ask(packet), inventory);
  };
  EXPECT_EQ(ask(Direction::kIngress, "192.0.2.1", 443), "allowed-by-rule exact peer sgr-https");
  EXPECT_EQ(ask(Direction::kIngress, "192.0.2.1", 22), "denied-by-security-group exact peer");
  EXPECT_EQ(ask(Direction::kIngress, "198.51.100.7", 443),
            "denied-by-network-acl exact peer acl-web 50");
  EXPECT_EQ(ask(Direction::kEgress, "203.0.113.5", 25),
            "denied-by-network-acl exact local acl-web 60");
}

std::string AclOf(std::string_view outbound) {
  return R"(,"NetworkAcls":[{"NetworkAclId":"acl-web","VpcId":"vpc-main","IsDefault":true,
    "Entries":[{"RuleNumber":100,"Egress":false,"Protocol":"-1","RuleAction":"allow",
    "CidrBlock":"0.0.0.0/0"})" +
         std::string(outbound) + "]}]";
}

std::string OutboundEntry(int number, int from, int to) {
  return R"(,{"RuleNumber":)" + std::to_string(number) +
         R"(,"Egress":true,"Protocol":"6","RuleAction":"allow","CidrBlock":"0.0.0.0/0",
         "PortRange":{"From":)" +
         std::to_string(from) + R"(,"To":)" + std::to_string(to) + "}}";
}

TEST(Questions, AskWhetherTheRepliesPassTheAclAsWell) {
  const auto ask = [](const std::string& outbound) {
    Judge judge(ServerWith(kHttpsIn, AclOf(outbound)));
    Explainer explainer(judge.shared_index());
    const Inventory& inventory = judge.index().inventory();
    const Verdict verdict = judge.AskConnection(
        QuestionPacket(*inventory.FindInterface("eni-server"), Direction::kIngress,
                       *IpAddress::Parse("192.0.2.1"), kTcp, 443));
    return Describe(verdict, inventory) + ": " + std::string(explainer.Reason(verdict));
  };
  EXPECT_EQ(ask(OutboundEntry(100, 1024, 65535)),
            "allowed-by-rule exact peer sgr-https: The peer opens the connection, and an inbound "
            "rule lets it in.");
  EXPECT_EQ(ask(OutboundEntry(100, 443, 443)),
            "denied-by-network-acl exact peer acl-web 32767: The security groups let it in, but "
            "entry 32767 of acl-web denies the replies to it.");
  // Linux takes its ports from these.
  EXPECT_EQ(ask(OutboundEntry(100, 32768, 60999)),
            "allowed-by-rule possible peer sgr-https: The peer opens the connection, and an "
            "inbound rule lets it in; entry 32767 of acl-web denies the replies to some of the "
            "ports that it may come from.");
  // Two entries of which neither has all.
  EXPECT_EQ(ask(OutboundEntry(100, 1024, 30000) + OutboundEntry(110, 30001, 65535)),
            "allowed-by-rule exact peer sgr-https: The peer opens the connection, and an inbound "
            "rule lets it in.");
}

TEST(Questions, OfAnIcmpTypeAreToldForSure) {
  Judge judge(ServerWith(InRule("sgr-ping", "icmp", 8, -1, "0.0.0.0/0")));
  Explainer explainer(judge.shared_index());
  const Inventory& inventory = judge.index().inventory();
  Packet packet = QuestionPacket(*inventory.FindInterface("eni-server"), Direction::kIngress,
                                 *IpAddress::Parse("192.0.2.1"), kIcmp, 0);
  EXPECT_EQ(explainer.Reason(judge.AskConnection(packet)),
            "The peer opens the connection, and an inbound rule may let it in; sgr-ping names an "
            "ICMP type or code, which the question leaves open; the subnet's network ACL is not "
            "known.");
  packet.icmp = {.type = 8, .code = {}};
  EXPECT_EQ(Describe(judge.AskConnection(packet), inventory),
            "allowed-by-rule exact peer sgr-ping");
  packet.icmp = {.type = 13, .code = {}};
  EXPECT_EQ(Describe(judge.AskConnection(packet), inventory),
            "denied-by-security-group exact peer");
}

}  // namespace
}  // namespace sgflow::test
