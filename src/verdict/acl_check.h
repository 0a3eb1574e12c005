// What a subnet's network ACL says of a packet.
#pragma once

#include <cstdint>
#include <optional>

#include "inventory/inventory.h"
#include "verdict/inventory_index.h"
#include "verdict/packet.h"
#include "verdict/verdict.h"

namespace sgflow {

// Holds the packet against the entries in order; the first sure one decides, the VPC's default
// deny where none does (D24, D27). O(entries).
AclAnswer CheckEntries(const NetworkAcl& acl, const Packet& packet);

// Of the ACL of the judged interface's subnet. `near` is the own VPC's interface that has the
// peer's address, `holder` that or the one of the next hop's VPC. Requires a direction, addresses
// and a protocol.
AclAnswer CheckAcl(const InventoryIndex& index, const Packet& packet, const NetworkInterface* near,
                   const NetworkInterface* holder);

// AWS's VPC guide, "Ephemeral ports": clients take theirs from these.
inline constexpr std::int32_t kFirstEphemeralPort = 1024;

// As CheckEntries, for a packet to any of these ports.
AclAnswer CheckEphemeralPorts(const NetworkAcl& acl, const Packet& packet);

// Of the replies to a packet that opens a connection from a port that is not known. kNotAsked for
// an ICMP message that has no reply.
AclAnswer CheckReplies(const InventoryIndex& index, const Packet& opening,
                       const NetworkInterface* near, const NetworkInterface* holder);

}  // namespace sgflow
