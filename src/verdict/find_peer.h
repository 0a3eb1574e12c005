// Who in the inventory a record's peer is.
#pragma once

#include "inventory/inventory.h"
#include "verdict/inventory_index.h"
#include "verdict/packet.h"
#include "verdict/rule_check.h"
#include "verdict/verdict.h"

namespace sgflow {

// Who has the peer's address, in the own VPC and, where none has there, in the next hop's.
struct PeerHolder {
  const NetworkInterface* near = nullptr;
  const NetworkInterface* any = nullptr;
};
PeerHolder HolderOfPeer(const InventoryIndex& index, const Packet& packet, VpcIndex own_vpc,
                        AddressEntry entry);

// Requires a direction and the peer's address.
Peer FindPeer(const InventoryIndex& index, const Packet& packet, const PeerHolder& holder);

// Of a record that is not judged; nobody where it does not say enough.
Peer FindPeerOfUnjudged(const InventoryIndex& index, const Packet& packet, Obstacle obstacle);

// Where the address alone does not tell the peer, a reference by which a rule matched may.
void NamePeerByReference(const InventoryIndex& index, const Question& question, Verdict& verdict);

}  // namespace sgflow
