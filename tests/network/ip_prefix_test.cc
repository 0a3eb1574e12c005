#include "network/ip_prefix.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace sgflow {
namespace {

TEST(IpPrefix, HostBitsAreMaskedAsAwsDoes) {
  EXPECT_EQ(IpPrefix::Parse("192.0.2.2/28")->ToString(), "192.0.2.0/28");
  EXPECT_EQ(IpPrefix::Parse("2001:db8::1/64")->ToString(), "2001:db8::/64");
  EXPECT_EQ(IpPrefix::Parse("10.0.0.0/0")->ToString(), "0.0.0.0/0");
}

TEST(IpPrefix, RefusesWhatIsNone) {
  for (const char* text : {"10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "::/129", "/8", "10.0.0.0/8/8", "any", ""}) {
    EXPECT_FALSE(IpPrefix::Parse(text)) << text;
  }
}

TEST(IpPrefix, ContainsItsOwnFamilyOnly) {
  const IpPrefix any_ipv4 = *IpPrefix::Parse("0.0.0.0/0");
  EXPECT_TRUE(any_ipv4.Contains(*IpAddress::Parse("203.0.113.9")));
  EXPECT_FALSE(any_ipv4.Contains(*IpAddress::Parse("2001:db8::1")));
  const IpPrefix host = *IpPrefix::Parse("2001:db8::1/128");
  EXPECT_TRUE(host.Contains(*IpAddress::Parse("2001:db8::1")));
  EXPECT_FALSE(host.Contains(*IpAddress::Parse("2001:db8::2")));
}

RC_GTEST_PROP(IpPrefix, ContainsWhatSharesItsFirstBits, (std::uint32_t base, std::uint32_t other)) {
  const int length = *rc::gen::inRange(0, 33);
  const auto address = [](std::uint32_t bits) {
    return IpAddress(AddressFamily::kIpv4,
                     {static_cast<std::uint8_t>(bits >> 24), static_cast<std::uint8_t>(bits >> 16),
                      static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)});
  };
  // Half of the cases get an address near the prefix.
  if (*rc::gen::arbitrary<bool>()) other = base ^ (other & 0xFF);
  const std::uint64_t mask = ~((std::uint64_t{1} << (32 - length)) - 1);
  RC_ASSERT(IpPrefix(address(base), length).Contains(address(other)) ==
            ((base & mask) == (other & mask)));
}

}  // namespace
}  // namespace sgflow
