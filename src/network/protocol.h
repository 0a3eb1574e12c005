// IP protocol numbers and the names that AWS and people use for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

// An IANA protocol number.
using Protocol = std::uint8_t;

inline constexpr Protocol kIcmp = 1;
inline constexpr Protocol kTcp = 6;
inline constexpr Protocol kUdp = 17;
inline constexpr Protocol kIcmpv6 = 58;

constexpr bool HasPorts(Protocol protocol) { return protocol == kTcp || protocol == kUdp; }
constexpr bool IsIcmp(Protocol protocol) { return protocol == kIcmp || protocol == kIcmpv6; }

// A number 0 to 255, or one of tcp, udp, icmp, icmpv6 in any case. AWS gives a rule made with 58
// back as icmpv6 (DescribeSecurityGroupRules).
[[nodiscard]] std::optional<Protocol> ParseProtocol(std::string_view text);

// "tcp", "udp", "icmp", "icmpv6", else the number.
std::string ProtocolName(Protocol protocol);

}  // namespace sgflow
