// How a network ACL would let something through.
#pragma once

#include <string>
#include <vector>

#include "cli/explain_answer.h"
#include "inventory/inventory.h"
#include "verdict/packet.h"

namespace sgflow {

// What has to pass: the packet itself, or replies to ports that nobody knows before.
enum class AclTraffic : std::uint8_t { kPacket, kReplies };

// Each alone is enough: an entry under a number that is free and early enough, or, where none is,
// in place of another; or that the entry that denies goes. Empty where the ACL lets it pass.
std::vector<ExplainedChange> WaysToPassAcl(const NetworkAcl& acl, const Packet& packet,
                                           AclTraffic traffic);

// "tcp 443", "tcp 1024-65535", "icmp type 8", "all icmp": the packet as a rule for `port` names it.
std::string ServiceOf(const Packet& packet, std::uint16_t port);
// "10.0.1.22/32"
std::string HostPrefix(const IpAddress& address);

}  // namespace sgflow
