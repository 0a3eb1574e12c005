#include "network/ip_address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace sgflow {
namespace {

TEST(IpAddress, ReadsWhatItWrites) {
  for (const char* text :
       {"0.0.0.0", "10.0.3.7", "255.255.255.255", "::", "::1", "2001:db8::7",
        "2001:db8:0:1:2:3:4:5", "::ffff:10.0.0.1", "::1.2.3.4", "fe80::1:0:0:1"}) {
    const auto address = IpAddress::Parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->ToString(), text);
  }
}

TEST(IpAddress, RefusesWhatIsNone) {
  for (const char* text :
       {"", "-", "10", "10.0.0", "10.0.0.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.1 ", " 10.0.0.1",
        "10-0-0-157", "10.0.0.0/8", "0x0a.0.0.1", "2001:db8::g", ":::", "fe80::1%eth0",
        "2001:db8::1::2", "1.2.3.4:80", "......", "999999999999.1.1.1"}) {
    EXPECT_FALSE(IpAddress::Parse(text)) << text;
  }
  EXPECT_FALSE(IpAddress::Parse(std::string_view("::1\0garbage", 11)));
}

TEST(IpAddress, MappedIpv4StaysIpv6) {
  EXPECT_FALSE(IpAddress::Parse("::ffff:192.0.2.1")->is_ipv4());
  EXPECT_NE(IpAddress::Parse("::ffff:192.0.2.1"), IpAddress::Parse("192.0.2.1"));
}

TEST(IpAddress, OrdersIpv4BeforeIpv6ThenByValue) {
  EXPECT_LT(*IpAddress::Parse("255.0.0.0"), *IpAddress::Parse("::1"));
  EXPECT_LT(*IpAddress::Parse("9.0.0.0"), *IpAddress::Parse("10.0.0.0"));
}

// The C library reads the same texts.
RC_GTEST_PROP(IpAddress, AgreesWithInetPton, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789.:af")));
  unsigned char bytes[16];
  const bool ipv4 = inet_pton(AF_INET, text.c_str(), bytes) == 1;
  const bool ipv6 = inet_pton(AF_INET6, text.c_str(), bytes) == 1;
  RC_ASSERT(IpAddress::Parse(text).has_value() == (ipv4 || ipv6));
}

RC_GTEST_PROP(IpAddress, EveryIpv4AddressReadsBack, (std::uint32_t bits)) {
  const std::string text = std::to_string(bits >> 24) + '.' + std::to_string((bits >> 16) & 255) +
                           '.' + std::to_string((bits >> 8) & 255) + '.' +
                           std::to_string(bits & 255);
  RC_ASSERT(IpAddress::Parse(text)->ToString() == text);
}

}  // namespace
}  // namespace sgflow
