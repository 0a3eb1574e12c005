// A record as facts: what a verdict is made of, parsed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "network/direction.h"
#include "network/ip_address.h"
#include "network/protocol.h"
#include "verdict/conversations.h"
#include "verdict/inventory_index.h"
#include "verdict/verdict.h"

namespace sgflow {

enum class Action : std::uint8_t { kNone, kAccept, kReject };

// None of the sets that AWS documents (0-7, 18-23): tells nothing.
inline constexpr std::uint8_t kNoTcpFlags = 0xFF;

// Views are into the record and the inventory. Questions without a log line fill it by hand:
// see QuestionPacket.
struct Packet {
  // kNone, kInterfaceNotInInventory, ... where nothing can be judged whatever else the record has.
  Obstacle obstacle = Obstacle::kNone;
  std::string_view unlearned;                  // why AWS could not be asked for the interface
  const NetworkInterface* recorded = nullptr;  // whose record it is
  const NetworkInterface* local = nullptr;     // whose groups are judged
  Action action = Action::kNone;
  RejectReason reject_reason = RejectReason::kNone;
  std::optional<Direction> direction;
  std::optional<Protocol> protocol;
  // The packet's own ones (pkt-srcaddr before srcaddr).
  std::optional<IpAddress> source;
  std::optional<IpAddress> destination;
  std::optional<std::uint16_t> source_port;
  std::optional<std::uint16_t> destination_port;
  std::uint8_t tcp_flags = kNoTcpFlags;

  bool asked = false;               // a question, no record
  std::optional<IcmpMessage> icmp;  // where a question says; no record does

  std::string_view subnet_id;  // the record's
  std::string_view source_service;
  std::string_view destination_service;
  std::string_view next_hop_interface_id;
  std::string_view next_hop_interface_type;
  std::string_view next_hop_vpc_id;

  // Requires a direction.
  const std::optional<IpAddress>& peer() const {
    return *direction == Direction::kIngress ? source : destination;
  }
  // Whether a conversation can be remembered of it or looked up for it (D18, D19).
  bool has_conversation() const {
    return recorded != nullptr && protocol == kTcp && source && destination && source_port &&
           destination_port;
  }
  Endpoint sender() const { return {*source, *source_port}; }
  Endpoint receiver() const { return {*destination, *destination_port}; }
};

// D1 to D8 and D28, D29 of tests/oracle/DECISIONS.md. O(1) where the record names its interface.
Packet ReadPacket(const FlowRecord& record, const InventoryIndex& index);

// Which interface a record without `interface-id` belongs to (D1 to D3); null and why not.
struct FoundInterface {
  const NetworkInterface* interface = nullptr;
  Obstacle obstacle = Obstacle::kNone;
};
FoundInterface FindInterfaceOf(const FlowRecord& record, const InventoryIndex& index);

// The packet in the other direction of the same connection.
Packet Mirrored(const Packet& packet);

// Whether it is a request: the type of its reply is known.
bool HasReply(Protocol protocol, const IcmpMessage& message);

// "May this open a connection?": the opening packet of it, from or to the interface. Ports of
// other protocols than TCP and UDP are of no meaning.
Packet QuestionPacket(const NetworkInterface& interface, Direction direction, const IpAddress& peer,
                      Protocol protocol, std::uint16_t responder_port);

}  // namespace sgflow
