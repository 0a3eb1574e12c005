#include "network/protocol.h"

#include <gtest/gtest.h>

namespace sgflow {
namespace {

TEST(Protocol, NamesAndNumbersOfRules) {
  EXPECT_EQ(ParseProtocol("tcp"), kTcp);
  EXPECT_EQ(ParseProtocol("UDP"), kUdp);
  EXPECT_EQ(ParseProtocol("icmpv6"), kIcmpv6);
  EXPECT_EQ(ParseProtocol("58"), kIcmpv6);
  EXPECT_EQ(ParseProtocol("0"), 0);
  for (const char* text : {"", "-1", "256", "tcp ", "http", "6x"}) {
    EXPECT_FALSE(ParseProtocol(text)) << text;
  }
}

TEST(Protocol, HasANameWhereAwsGivesOne) {
  EXPECT_EQ(ProtocolName(kTcp), "tcp");
  EXPECT_EQ(ProtocolName(50), "50");
}

}  // namespace
}  // namespace sgflow
