// The rows of the table of who opened.
#include "verdict/initiator.h"

#include <gtest/gtest.h>

#include <string>

#include "verdict/small_world.h"

namespace sgflow::test {
namespace {

const std::string kAllBothWays = InRule("sgr-in", "-1", -1, -1, "0.0.0.0/0") + "," +
                                 OutRule("sgr-out", "-1", -1, -1, "0.0.0.0/0");

TEST(Initiator, SynWithoutAckIsTheSender) {
  Bench bench(ServerWith(kAllBothWays));
  for (const std::string_view flags : {"2", "3", "6", "7"}) {
    const std::string line =
        "eni-server ingress 192.0.2.1 40000 10.0.0.10 40001 6 " + std::string(flags) + " ACCEPT";
    EXPECT_EQ(bench.Say(line), "allowed-by-rule exact peer sgr-in");
  }
}

TEST(Initiator, SynAckIsTheReceiver) {
  Bench bench(ServerWith(kAllBothWays));
  for (const std::string_view flags : {"18", "19", "22", "23"}) {
    const std::string line =
        "eni-server ingress 192.0.2.1 40000 10.0.0.10 40001 6 " + std::string(flags) + " ACCEPT";
    EXPECT_EQ(bench.Say(line), "allowed-as-return exact local sgr-out");
  }
}

TEST(Initiator, EarlierRecordsAreRemembered) {
  Bench bench(ServerWith(kAllBothWays));
  bench.Say("eni-server ingress 192.0.2.1 40000 10.0.0.10 40001 6 2 ACCEPT");
  EXPECT_EQ(bench.Say("eni-server egress 10.0.0.10 40001 192.0.2.1 40000 6 0 ACCEPT"),
            "allowed-as-return likely peer sgr-in");
  // The latest counts.
  bench.Say("eni-server ingress 192.0.2.1 40000 10.0.0.10 40001 6 18 ACCEPT");
  EXPECT_EQ(bench.Say("eni-server egress 10.0.0.10 40001 192.0.2.1 40000 6 0 ACCEPT"),
            "allowed-by-rule likely local sgr-out");
}

TEST(Initiator, OnlyOneDirectionMatches) {
  Bench bench(ServerWith(InRule("sgr-in", "udp", 53, 53, "0.0.0.0/0")));
  EXPECT_EQ(bench.Say("eni-server egress 10.0.0.10 53 192.0.2.1 40000 17 0 ACCEPT"),
            "allowed-as-return exact peer sgr-in");
}

TEST(Initiator, OnlyOneDirectionNamesThePort) {
  Bench bench(ServerWith(InRule("sgr-in", "udp", 40000, 40000, "0.0.0.0/0") + "," +
                         OutRule("sgr-out", "-1", -1, -1, "0.0.0.0/0")));
  EXPECT_EQ(bench.Say("eni-server egress 10.0.0.10 40000 192.0.2.1 53 17 0 ACCEPT"),
            "allowed-as-return likely peer sgr-in");
}

TEST(Initiator, OnlyOneDirectionIsSure) {
  Bench bench(ServerWith(InRule("sgr-in", "-1", -1, -1, "pl-lacking") + "," +
                         OutRule("sgr-out", "-1", -1, -1, "0.0.0.0/0")));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 40000 10.0.0.10 40001 17 0 ACCEPT"),
            "allowed-as-return possible local sgr-out");
}

TEST(Initiator, PortsSpeakLast) {
  Bench bench(ServerWith(kAllBothWays));
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 40000 10.0.0.10 1023 17 0 ACCEPT"),
            "allowed-by-rule likely peer sgr-in");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 32767 10.0.0.10 40000 17 0 ACCEPT"),
            "allowed-as-return possible local sgr-out");
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 40000 10.0.0.10 40001 17 0 ACCEPT"),
            "allowed-by-rule ambiguous unknown sgr-in");
  // Other protocols have none.
  EXPECT_EQ(bench.Say("eni-server ingress 192.0.2.1 40000 10.0.0.10 22 47 0 ACCEPT"),
            "allowed-by-rule ambiguous unknown sgr-in");
}

TEST(Initiator, OfARefusalOnlyFlagsTell) {
  Bench bench(ServerWith(kAllBothWays));
  EXPECT_EQ(bench.Decide("eni-server ingress 192.0.2.1 40000 10.0.0.10 22 6 0 REJECT").initiator,
            Initiator::kUnknown);
}

}  // namespace
}  // namespace sgflow::test
