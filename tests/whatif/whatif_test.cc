#include "whatif/whatif.h"

#include <gtest/gtest.h>

#include "verdict/small_world.h"
#include "whatif/replay.h"
#include "whatif/whatif_json.h"
#include "whatif/whatif_text.h"

namespace sgflow::test {
namespace {

constexpr std::string_view kAsked =
    "eni-server ingress 198.51.100.7 50000 10.0.0.10 443 6 2 ACCEPT";
constexpr std::string_view kAnswered =
    "eni-server egress 10.0.0.10 443 198.51.100.7 50000 6 18 ACCEPT";
constexpr std::string_view kRefused =
    "eni-server ingress 198.51.100.7 50000 10.0.0.10 22 6 2 REJECT";

std::string Https() { return InRule("sgr-https", "tcp", 443, 443, "0.0.0.0/0"); }
std::string AllOut() { return OutRule("sgr-out", "-1", -1, -1, "0.0.0.0/0"); }
std::string Both(const std::string& one, const std::string& other) { return one + "," + other; }

// Rule removed from today's, or both inventories given.
Replay Without(std::shared_ptr<const Inventory> today, std::string_view rule) {
  return Replay(today, {.inventory = today, .removed_rules = {std::string(rule)}});
}
Replay From(std::shared_ptr<const Inventory> today, std::shared_ptr<const Inventory> then) {
  return Replay(std::move(today), {.inventory = std::move(then), .removed_rules = {}});
}

std::string Acl(std::string_view entries) {
  return R"(,"NetworkAcls":[{"NetworkAclId":"acl-web","VpcId":"vpc-main","IsDefault":false,
    "Associations":[{"SubnetId":"subnet-web"}],"Entries":[)" +
         std::string(entries) + "]}]";
}
std::string Entry(int number, bool egress, std::string_view action, int from, int to) {
  return R"({"RuleNumber":)" + std::to_string(number) + R"(,"Egress":)" +
         (egress ? "true" : "false") + R"(,"Protocol":"6","RuleAction":")" + std::string(action) +
         R"(","CidrBlock":"0.0.0.0/0","PortRange":{"From":)" + std::to_string(from) + R"(,"To":)" +
         std::to_string(to) + "}}";
}
std::string OpenAcl() {
  return Acl(Entry(100, false, "allow", 0, 65535) + "," + Entry(100, true, "allow", 0, 65535));
}

TEST(WhatIf, ARemovedRuleBreaksWhatItAllowed) {
  EXPECT_EQ(Without(ServerWith(Https()), "sgr-https").Add(kAsked).Say(),
            "breaks eni-server ingress security-groups, when idle, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, NothingChangesWhereAnotherRuleAllowsIt) {
  const std::string second = InRule("sgr-second", "tcp", 400, 500, "198.51.100.0/24");
  EXPECT_EQ(Without(ServerWith(Both(Https(), second)), "sgr-https").Add(kAsked).Say(), "");
}

TEST(WhatIf, AReplyIsJudgedByItsOpening) {
  // No rule lets it out, then as now.
  EXPECT_EQ(Without(ServerWith(Https()), "sgr-https").Add(kAsked).Add(kAnswered).Say(),
            "breaks eni-server ingress security-groups, when idle, sgr-https: "
            "tcp 443 198.51.100.7 x2\n");
  const std::string out = OutRule("sgr-narrow", "tcp", 443, 443, "10.0.0.0/8");
  EXPECT_EQ(Without(ServerWith(Both(Https(), out)), "sgr-narrow").Add(kAnswered).Say(), "");
}

TEST(WhatIf, ANarrowerRuleBreaksTheRest) {
  Replay replay =
      From(ServerWith(Https()), ServerWith(InRule("sgr-https", "tcp", 443, 443, "203.0.113.0/24")));
  replay.Add(kAsked).Add("eni-server ingress 203.0.113.9 50000 10.0.0.10 443 6 2 ACCEPT");
  EXPECT_EQ(replay.Say(),
            "breaks eni-server ingress security-groups, when idle, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, AnAddedRuleOpens) {
  const std::string ssh = InRule("sgr-ssh", "tcp", 22, 22, "198.51.100.0/24");
  EXPECT_EQ(From(ServerWith(Https(), OpenAcl()), ServerWith(Both(Https(), ssh), OpenAcl()))
                .Add(kRefused)
                .Say(),
            "opens eni-server ingress, then sgr-ssh: tcp 22 198.51.100.7 x1\n");
}

TEST(WhatIf, AnAddedRuleMayOpenWhereTheAclIsUnknown) {
  const std::string ssh = InRule("sgr-ssh", "tcp", 22, 22, "198.51.100.0/24");
  EXPECT_EQ(From(ServerWith(Https()), ServerWith(Both(Https(), ssh))).Add(kRefused).Say(),
            "cant-tell eni-server ingress refused network-acl-unknown, then sgr-ssh: "
            "tcp 22 198.51.100.7 x1\n");
}

TEST(WhatIf, ARefusalStaysWhereNothingMoreIsAllowed) {
  EXPECT_EQ(Without(ServerWith(Https()), "sgr-https").Add(kRefused).Say(), "");
}

TEST(WhatIf, AnUntrackedConnectionEndsAtOnce) {
  EXPECT_EQ(Without(ServerWith(Both(Https(), AllOut())), "sgr-https").Add(kAsked).Say(),
            "breaks eni-server ingress security-groups, at once, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, AnUntrackedConnectionsReplyRuleInterruptsIt) {
  EXPECT_EQ(
      Without(ServerWith(Both(Https(), AllOut())), "sgr-out").Add(kAsked).Add(kAnswered).Say(),
      "interrupted eni-server ingress reply-rule-gone, at once, sgr-out: "
      "tcp 443 198.51.100.7 x2\n");
}

TEST(WhatIf, ATrackedConnectionDoesNotNeedTheReplyRule) {
  const std::string narrow = InRule("sgr-https", "tcp", 443, 443, "198.51.100.0/24");
  EXPECT_EQ(Without(ServerWith(Both(narrow, AllOut())), "sgr-out").Add(kAsked).Say(), "");
  // Open to any address, but the replies' rule is not for all ports.
  const std::string ports = OutRule("sgr-out", "tcp", 1024, 65535, "0.0.0.0/0");
  EXPECT_EQ(Without(ServerWith(Both(Https(), ports)), "sgr-out").Add(kAsked).Say(), "");
}

TEST(WhatIf, AnUntrackedConnectionLivesOnWhereItsRepliesAreAllowedOtherwise) {
  EXPECT_EQ(From(ServerWith(Both(Https(), AllOut())),
                 ServerWith(Both(Https(), OutRule("sgr-some", "tcp", 1024, 65535, "0.0.0.0/0"))))
                .Add(kAsked)
                .Say(),
            "");
}

TEST(WhatIf, Ipv4AndIpv6AreTrackedApart) {
  const std::string ipv6 = OutRule("sgr-out", "-1", -1, -1, "::/0");
  EXPECT_EQ(Without(ServerWith(Both(Https(), ipv6)), "sgr-https").Add(kAsked).Say(),
            "breaks eni-server ingress security-groups, when idle, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, AnAclThatRefusesTheOpeningBreaksAtOnce) {
  const std::string closed =
      Acl(Entry(50, false, "deny", 443, 443) + "," + Entry(100, false, "allow", 0, 65535) + "," +
          Entry(100, true, "allow", 0, 65535));
  EXPECT_EQ(From(ServerWith(Https(), OpenAcl()), ServerWith(Https(), closed)).Add(kAsked).Say(),
            "breaks eni-server ingress network-acl acl-web 50, at once, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, AnAclThatRefusesTheRepliesBreaksAtOnce) {
  const std::string closed =
      Acl(Entry(100, false, "allow", 0, 65535) + "," + Entry(100, true, "allow", 0, 40000));
  EXPECT_EQ(From(ServerWith(Https(), OpenAcl()), ServerWith(Https(), closed)).Add(kAsked).Say(),
            "breaks eni-server ingress network-acl-replies acl-web 32767, at once, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, AnAclThatLeavesTheProposalCantBeTold) {
  EXPECT_EQ(From(ServerWith(Https(), OpenAcl()), ServerWith(Https())).Add(kAsked).Say(),
            "cant-tell eni-server ingress network-acl-unknown, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, AnAclThatNeitherKnowsIsTakenToStayAndCounted) {
  Replay replay = From(ServerWith(Https()), ServerWith(Https()));
  EXPECT_EQ(replay.Add(kAsked).Say(), "");
  EXPECT_EQ(replay.whatif().counters().acl_unknown, 1U);
}

TEST(WhatIf, WhatAnAclRefusedMayOpen) {
  const std::string closed =
      Acl(Entry(50, false, "deny", 22, 22) + "," + Entry(100, false, "allow", 0, 65535) + "," +
          Entry(100, true, "allow", 0, 65535));
  const std::string ssh = InRule("sgr-ssh", "tcp", 22, 22, "198.51.100.0/24");
  EXPECT_EQ(From(ServerWith(ssh, closed), ServerWith(ssh, OpenAcl())).Add(kRefused).Say(),
            "opens eni-server ingress, then sgr-ssh: tcp 22 198.51.100.7 x1\n");
}

TEST(WhatIf, AnInterfaceUnknownTodayCantBeTold) {
  EXPECT_EQ(Without(ServerWith(Https()), "sgr-https")
                .Add("eni-gone ingress 198.51.100.7 50000 10.0.0.99 443 6 2 ACCEPT")
                .Say(),
            "cant-tell eni-gone interface-unknown-today: many x1\n");
}

TEST(WhatIf, AnInterfaceUnknownThenCantBeTold) {
  const auto then = InventoryOf(R"({"NetworkInterfaces":[{"NetworkInterfaceId":"eni-other",
    "VpcId":"vpc-main","PrivateIpAddress":"10.0.9.9","Groups":[]}],"SecurityGroups":[]})");
  EXPECT_EQ(From(ServerWith(Https()), then).Add(kAsked).Say(),
            "cant-tell eni-server ingress interface-unknown-then, sgr-https: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, MissingFieldsCantBeTold) {
  EXPECT_EQ(Without(ServerWith(Https()), "sgr-https")
                .Add("eni-server ingress 198.51.100.7 - 10.0.0.10 443 6 2 ACCEPT")
                .Say(),
            "cant-tell eni-server fields-missing source port: many x1\n");
}

TEST(WhatIf, WhatNoRuleOfTodayExplainsCantBeTold) {
  EXPECT_EQ(Without(ServerWith(Https()), "sgr-https")
                .Add("eni-server ingress 198.51.100.7 50000 10.0.0.10 22 6 2 ACCEPT")
                .Say(),
            "cant-tell eni-server ingress unexplained-today: tcp 22 198.51.100.7 x1\n");
}

TEST(WhatIf, APossibleMatchInPlaceOfASureOneCantBeTold) {
  EXPECT_EQ(From(ServerWith(Https()), ServerWith(InRule("sgr-list", "tcp", 443, 443, "pl-lacking")))
                .Add(kAsked)
                .Say(),
            "cant-tell eni-server ingress possible-match, sgr-https, then sgr-list: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, APossibleMatchOfTodayThatIsKnownBetterThenCantBeTold) {
  const std::string listed = InRule("sgr-list", "tcp", 443, 443, "pl-office");
  const std::string_view list =
      R"(,"PrefixLists":[{"PrefixListId":"pl-office","Entries":[{"Cidr":"203.0.113.0/24"}]}])";
  EXPECT_EQ(From(ServerWith(listed), ServerWith(listed, list)).Add(kAsked).Say(),
            "cant-tell eni-server ingress possible-match-today, sgr-list: "
            "tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, APossibleMatchThatStaysChangesNothing) {
  const std::string ping = InRule("sgr-ping", "icmp", 8, -1, "0.0.0.0/0");
  const std::string_view pinged = "eni-server ingress 198.51.100.7 0 10.0.0.10 0 1 - ACCEPT";
  const auto today = ServerWith(Both(Https(), ping));
  EXPECT_EQ(Without(today, "sgr-https").Add(pinged).Say(), "");
  EXPECT_EQ(Without(today, "sgr-ping").Add(pinged).Say(),
            "breaks eni-server ingress security-groups, when idle, sgr-ping: "
            "icmp 198.51.100.7 x1\n");
}

TEST(WhatIf, ItMattersWhoOpenedWhereOneDirectionBreaks) {
  const std::string all_in = InRule("sgr-in", "-1", -1, -1, "198.51.100.0/24");
  const auto today = ServerWith(Both(all_in, AllOut()));
  const std::string_view untold =
      "eni-server ingress 198.51.100.7 50000 10.0.0.10 50001 6 0 ACCEPT";
  EXPECT_EQ(Without(today, "sgr-in").Add(untold).Say(),
            "cant-tell eni-server ingress opener-unknown, sgr-in: tcp 50001 198.51.100.7 x1\n");
  // An earlier record tells.
  EXPECT_EQ(Without(today, "sgr-in")
                .Add("eni-server ingress 198.51.100.7 50000 10.0.0.10 50001 6 2 ACCEPT")
                .Add(untold)
                .Say(),
            "breaks eni-server ingress security-groups, when idle, sgr-in: "
            "tcp 50001 198.51.100.7 x2\n");
}

// Inbound only SSH passes today's ACL; then high ports do.
std::string AclWithout(std::string_view in_protocol) {
  return Acl(R"({"RuleNumber":100,"Egress":true,"Protocol":"-1","RuleAction":"allow",
    "CidrBlock":"0.0.0.0/0"})" +
             (in_protocol.empty()
                  ? std::string{}
                  : R"(,{"RuleNumber":110,"Egress":false,"Protocol":")" + std::string(in_protocol) +
                        R"(","RuleAction":"allow","CidrBlock":"0.0.0.0/0")" +
                        (in_protocol == "1" ? R"(,"IcmpTypeCode":{"Type":-1,"Code":-1}})"
                                            : R"(,"PortRange":{"From":1024,"To":65535}})")));
}

TEST(WhatIf, ARefusedReplyThatTheProposedAclLetsInIsNeverSafe) {
  const auto today = ServerWith(AllOut(), AclWithout(""));
  EXPECT_EQ(
      From(today, ServerWith(AllOut(), AclWithout("17")))
          .Add("eni-server ingress 8.8.8.8 53 10.0.0.10 40000 17 - REJECT")
          .Say(),
      "cant-tell eni-server egress refused opener-unknown, then sgr-out: udp 53 8.8.8.8 x1\n");
  for (const std::string flags : {"0", "1", "-"}) {
    EXPECT_EQ(From(today, ServerWith(AllOut(), AclWithout("6")))
                  .Add("eni-server ingress 198.51.100.1 443 10.0.0.10 50002 6 " + flags + " REJECT")
                  .Say(),
              "cant-tell eni-server egress refused opener-unknown, then sgr-out: "
              "tcp 443 198.51.100.1 x1\n")
        << flags;
  }
  EXPECT_EQ(From(today, ServerWith(AllOut(), AclWithout("1")))
                .Add("eni-server ingress 198.51.100.1 0 10.0.0.10 0 1 - REJECT")
                .Say(),
            "cant-tell eni-server egress refused opener-unknown, then sgr-out: "
            "icmp 198.51.100.1 x1\n");
  // A SYN-ACK is a reply, and a SYN is none.
  EXPECT_EQ(From(today, ServerWith(AllOut(), AclWithout("6")))
                .Add("eni-server ingress 198.51.100.1 443 10.0.0.10 50002 6 18 REJECT")
                .Say(),
            "opens eni-server egress, then sgr-out: tcp 443 198.51.100.1 x1\n");
  EXPECT_EQ(From(today, ServerWith(AllOut(), AclWithout("6")))
                .Add("eni-server ingress 198.51.100.1 443 10.0.0.10 50002 6 2 REJECT")
                .Say(),
            "");
}

TEST(WhatIf, AReplyOfAConnectionThatWasNeverLetOutStaysRefused) {
  EXPECT_EQ(From(ServerWith(Https(), AclWithout("")), ServerWith(Https(), AclWithout("17")))
                .Add("eni-server ingress 8.8.8.8 53 10.0.0.10 40000 17 - REJECT")
                .Say(),
            "");
}

TEST(WhatIf, RulesOfAnUndescribedGroupCantBeTold) {
  const auto today = InventoryOf(R"({"NetworkInterfaces":[{"NetworkInterfaceId":"eni-server",
    "VpcId":"vpc-main","SubnetId":"subnet-web","PrivateIpAddress":"10.0.0.10",
    "Groups":[{"GroupId":"sg-server"},{"GroupId":"sg-undescribed"}]}],
    "SecurityGroups":[{"GroupId":"sg-server","VpcId":"vpc-main"}],"SecurityGroupRules":[)" +
                                 Https() + "]}");
  EXPECT_EQ(Without(today, "sgr-https").Add(kAsked).Say(),
            "cant-tell eni-server ingress rules-incomplete, sgr-https: tcp 443 198.51.100.7 x1\n");
}

TEST(WhatIf, RecordsWithoutTrafficAreNothing) {
  const auto layout = *RecordLayout::Parse("interface-id action log-status");
  FlowRecord record;
  ASSERT_TRUE(record.Split(layout, "eni-server - NODATA", ' '));
  Replay replay = Without(ServerWith(Https()), "sgr-https");
  WhatIf whatif(ServerWith(Https()), {.inventory = ServerWith(Https()), .removed_rules = {}});
  whatif.Add(record);
  EXPECT_EQ(whatif.counters().without_traffic, 1U);
  EXPECT_TRUE(whatif.cant_tell().empty());
}

TEST(WhatIf, TheTextSumsUpFirst) {
  Replay replay = Without(ServerWith(Both(Https(), AllOut())), "sgr-https");
  replay.Add(
      "eni-server ingress 198.51.100.7 50000 10.0.0.10 443 6 2 ACCEPT 1500 1767225600 "
      "1767225660");
  replay.Add(
      "eni-server ingress 198.51.100.7 50001 10.0.0.10 443 6 2 ACCEPT 500 1767225630 "
      "1767225690");
  EXPECT_EQ(WhatIfText(replay.whatif(), {}),
            "2 of 2 accepted records would be refused; 0 of 0 refused would be accepted; 0 CAN'T "
            "BE TOLD\n"
            "network ACLs of 2 accepted records are in neither inventory: taken to stay\n"
            "\n"
            "ACCEPTED TODAY, WOULD BE REFUSED: 2 records, 2.0 kB\n"
            "\n"
            "  eni-server, inbound\n"
            "    allowed today by  sgr-https\n"
            "    then refused by   the security groups: no rule allows it\n"
            "    ends              at once: it is not tracked\n"
            "      records     bytes  first seen (UTC)     last seen            service     from\n"
            "            2    2.0 kB  2026-01-01 00:00:00  2026-01-01 00:01:30  tcp 443     "
            "198.51.100.7\n");
}

TEST(WhatIf, TheJsonHasItAll) {
  Replay replay = Without(ServerWith(Both(Https(), AllOut())), "sgr-out");
  replay.Add(kAsked);
  EXPECT_EQ(
      WhatIfJson(replay.whatif()),
      R"({"summary":{"records":1,"accepted":1,"refused":0,"without_traffic":0,"unchanged":0,)"
      R"("breaks":0,"interrupted":1,"opens":0,"cant_tell":0,"acl_unknown":1},)"
      "\n\"breaks\":[],\n\"interrupted\":[\n"
      R"({"interface":"eni-server","direction":"ingress","protocol":"tcp","today":"accepted",)"
      R"("cause":"reply-rule-gone","ends":"at once","becomes_tracked":true,)"
      R"("rules":["sgr-out"],"proposed_rules":[],"records":1,"bytes":100,)"
      R"("first":1767225600,"last":1767225660,"connections":[{"peer":"198.51.100.7",)"
      R"("port":443,"records":1,"bytes":100,"first":1767225600,"last":1767225660}]}],)"
      "\n\"cant_tell\":[],\n\"opens\":[]}\n");
}

TEST(WhatIf, SizesTakeThreeDigits) {
  EXPECT_EQ(SizeText(999), "999 B");
  EXPECT_EQ(SizeText(9949), "9.9 kB");
  EXPECT_EQ(SizeText(9950), "10 kB");
  EXPECT_EQ(SizeText(999'500), "1.0 MB");
  EXPECT_EQ(TimeText(0), "-");
  EXPECT_EQ(TimeText(~std::uint64_t{0}), "-");
}

}  // namespace
}  // namespace sgflow::test
