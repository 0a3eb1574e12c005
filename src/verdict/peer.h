// What is on the other side of a record.
#pragma once

#include <string_view>

#include "inventory/inventory.h"
#include "network/ip_address.h"
#include "verdict/verdict.h"

namespace sgflow {

// From the interface's type, else its requester and description; docs/verdicts.md has the table.
PeerKind KindOf(const NetworkInterface& interface);

// From the flow log's `next-hop-interface-type`; kUnknown for other values.
PeerKind KindOfNextHop(std::string_view next_hop_interface_type);

// kPrivate for RFC 1918, RFC 6598, link-local, unique local, multicast and broadcast addresses,
// none of which is met on the internet, else kInternet.
PeerKind KindOf(const IpAddress& address);

}  // namespace sgflow
