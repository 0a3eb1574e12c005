// Traffic that an account might have, and the record that a flow log would have of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "network/direction.h"
#include "network/ip_address.h"
#include "network/protocol.h"

namespace sgflow {

// What a log writes into `tcp-flags`.
enum class TcpFlags : std::uint8_t { kNone = 0, kSyn = 2, kSynAck = 18 };

struct Traffic {
  const NetworkInterface* local = nullptr;  // never null
  Direction direction = Direction::kIngress;
  bool accepted = true;
  IpAddress peer;
  bool peer_is_stranger = false;  // no interface of the inventory has the address
  Protocol protocol = kTcp;
  std::int32_t responder_port = 0;
  bool from_responder = false;   // a reply: the responder's port is the source's
  std::int32_t opener_port = 0;  // the other port; 0: one of four digits
  TcpFlags flags = TcpFlags::kSyn;
  std::uint64_t number = 0;  // another for each record
};

// Records as short as those of a single small packet, for short ones grow most: counters of one
// and two digits, one port of four at least, the interface's shortest address. Fields that hang on
// more than the inventory are `-`, save those that add more to an output than to a record.
class TrafficRecord {
 public:
  explicit TrafficRecord(std::shared_ptr<const RecordLayout> layout);

  // Valid until the next call; null where the layout's fields cannot hold it.
  const FlowRecord* Write(const Traffic& traffic);

 private:
  std::shared_ptr<const RecordLayout> layout_;
  std::string version_;
  std::string line_;
  FlowRecord record_;
};

}  // namespace sgflow
