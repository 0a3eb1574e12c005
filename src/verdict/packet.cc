#include "verdict/packet.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>
#include <vector>

namespace sgflow {
namespace {

template <typename Number>
void ReadNumber(const FlowRecord& record, Field field, std::optional<Number>& to) {
  std::uint64_t number = 0;
  if (record.ReadNumber(field, number) && number <= std::numeric_limits<Number>::max()) {
    to = static_cast<Number>(number);
  }
}

void ReadAddress(const FlowRecord& record, Field field, std::optional<IpAddress>& to) {
  if (!record.ReadAddress(field, to.emplace())) to.reset();
}

Field FirstGiven(const FlowRecord& record, Field first, Field second) {
  return record.Get(first).empty() ? second : first;
}

// What the log shows at the interface, where an address of another host may be rewritten (D1, D5).
std::optional<IpAddress> SeenSource(const FlowRecord& record) {
  return record.GetAddress(FirstGiven(record, Field::kSrcaddr, Field::kPktSrcaddr));
}
std::optional<IpAddress> SeenDestination(const FlowRecord& record) {
  return record.GetAddress(FirstGiven(record, Field::kDstaddr, Field::kPktDstaddr));
}

std::optional<Direction> LoggedDirection(const FlowRecord& record) {
  const std::string_view text = record.Get(Field::kFlowDirection);
  if (text == "ingress") return Direction::kIngress;
  if (text == "egress") return Direction::kEgress;
  return std::nullopt;
}

Action ActionOf(std::string_view text) {
  if (text == "ACCEPT") return Action::kAccept;
  if (text == "REJECT") return Action::kReject;
  return Action::kNone;
}

// `-` and undocumented sums tell nothing.
std::uint8_t FlagsOf(const FlowRecord& record) {
  std::uint64_t flags = 0;
  if (!record.ReadNumber(Field::kTcpFlags, flags)) return kNoTcpFlags;
  const bool is_documented = flags <= 7 || (flags >= 18 && flags <= 23);
  return is_documented ? static_cast<std::uint8_t>(flags) : kNoTcpFlags;
}

// The first row of the table: what no verdict is for.
Obstacle ObstacleOf(const FlowRecord& record) {
  const std::string_view status = record.Get(Field::kLogStatus);
  if (status == "NODATA") return Obstacle::kNoData;
  if (status == "SKIPDATA") return Obstacle::kSkippedData;
  if (record.layout().of_transit_gateway()) return Obstacle::kTransitGateway;  // D28
  // D29.
  if (record.layout().IndexOf(Field::kInterfaceId) && record.Get(Field::kInterfaceId).empty() &&
      !record.Get(Field::kResourceId).empty()) {
    return Obstacle::kRegionalNatGateway;
  }
  return Obstacle::kNone;
}

// D5, D6.
bool IsOwn(const InventoryIndex& index, const NetworkInterface& interface,
           const std::optional<IpAddress>& address) {
  return address && (interface.Owns(*address) || index.FindBranch(interface, *address) != nullptr);
}

std::optional<Direction> DirectionByAddress(const FlowRecord& record, const InventoryIndex& index,
                                            const NetworkInterface& interface) {
  const bool sent = IsOwn(index, interface, SeenSource(record));
  const bool received = IsOwn(index, interface, SeenDestination(record));
  if (sent == received) return std::nullopt;
  return sent ? Direction::kEgress : Direction::kIngress;
}

class InterfaceSearch {
 public:
  InterfaceSearch(const FlowRecord& record, const InventoryIndex& index)
      : index_(index),
        vpc_id_(record.Get(Field::kVpcId)),
        instance_id_(record.Get(Field::kInstanceId)) {
    const auto direction = LoggedDirection(record);
    if (direction != Direction::kEgress) AddHolders(SeenDestination(record));
    if (direction != Direction::kIngress) AddHolders(SeenSource(record));
  }

  FoundInterface Find() {
    if (!instance_id_.empty()) {
      // D2: of several the instance's own remain, and where none has the address, those.
      std::vector<InterfaceIndex> own;
      std::ranges::copy_if(fitting_, std::back_inserter(own), [&](InterfaceIndex i) {
        return Interface(i).instance_id == instance_id_;
      });
      if (fitting_.empty()) {
        for (const InterfaceIndex i : index_.OfInstance(instance_id_)) {
          if (InVpc(i)) own.push_back(i);
        }
      }
      if (!own.empty()) fitting_ = own;
    }
    if (fitting_.size() == 1) return {.interface = &Interface(fitting_.front())};
    if (!fitting_.empty()) return {.obstacle = Obstacle::kSeveralInterfacesFit};
    return {.obstacle = has_address_ || !instance_id_.empty() ? Obstacle::kNoInterfaceFits
                                                              : Obstacle::kNoAddressToSearch};
  }

 private:
  const NetworkInterface& Interface(InterfaceIndex i) const {
    return index_.inventory().interfaces()[i];
  }
  bool InVpc(InterfaceIndex i) const {
    return !Interface(i).peer_only && (vpc_id_.empty() || Interface(i).vpc_id == vpc_id_);
  }

  void AddHolders(const std::optional<IpAddress>& address) {
    if (!address) return;
    has_address_ = true;
    for (const auto& holder : index_.Holders(index_.FindAddress(*address))) {
      const NetworkInterface& interface = Interface(holder.interface);
      const bool elsewhere = !instance_id_.empty() && !interface.instance_id.empty() &&
                             interface.instance_id != instance_id_;
      if (elsewhere || !InVpc(holder.interface)) continue;
      if (std::ranges::find(fitting_, holder.interface) == fitting_.end()) {
        fitting_.push_back(holder.interface);
      }
    }
  }

  const InventoryIndex& index_;
  std::string_view vpc_id_;
  std::string_view instance_id_;
  bool has_address_ = false;
  std::vector<InterfaceIndex> fitting_;
};

void SetInterface(const FlowRecord& record, const InventoryIndex& index, Packet& packet) {
  if (const std::string_view id = record.Get(Field::kInterfaceId); !id.empty()) {
    packet.recorded = index.inventory().FindLocal(id);
    if (packet.recorded == nullptr) {
      // D3: the id names the interface, and no search could find it.
      packet.obstacle = Obstacle::kInterfaceNotInInventory;
      const Unlearned* unlearned = index.inventory().FindUnlearned(Learnable::kInterface, id);
      if (unlearned != nullptr) packet.unlearned = unlearned->reason;
    }
  } else {
    const FoundInterface found = FindInterfaceOf(record, index);
    packet.recorded = found.interface;
    packet.obstacle = found.obstacle;
  }
  packet.local = packet.recorded;
}

// D8.
void SetLocal(const InventoryIndex& index, Packet& packet) {
  if (!packet.direction) return;
  const auto& own = *packet.direction == Direction::kIngress ? packet.destination : packet.source;
  if (!own) return;
  const NetworkInterface* branch = index.FindBranch(*packet.recorded, *own);
  if (branch != nullptr) packet.local = branch;
}

// RFC 792, RFC 4443.
std::optional<IcmpMessage> ReplyTo(Protocol protocol, const IcmpMessage& request) {
  struct Exchange {
    Protocol protocol;
    std::uint8_t request;
    std::uint8_t reply;
  };
  constexpr Exchange kExchanges[] = {{kIcmp, 8, 0}, {kIcmp, 13, 14}, {kIcmpv6, 128, 129}};
  for (const Exchange& exchange : kExchanges) {
    if (exchange.protocol == protocol && exchange.request == request.type) {
      return IcmpMessage{.type = exchange.reply, .code = 0};
    }
  }
  return std::nullopt;
}

}  // namespace

FoundInterface FindInterfaceOf(const FlowRecord& record, const InventoryIndex& index) {
  return InterfaceSearch(record, index).Find();
}

Packet ReadPacket(const FlowRecord& record, const InventoryIndex& index) {
  Packet packet;
  packet.obstacle = ObstacleOf(record);
  const bool has_traffic = packet.obstacle == Obstacle::kNone;
  if (has_traffic) {
    SetInterface(record, index, packet);
  } else if (const std::string_view id = record.Get(Field::kInterfaceId); !id.empty()) {
    packet.recorded = packet.local = index.inventory().FindLocal(id);
  }
  packet.action = ActionOf(record.Get(Field::kAction));
  packet.direction = LoggedDirection(record);
  if (!has_traffic) return packet;

  ReadAddress(record, FirstGiven(record, Field::kPktSrcaddr, Field::kSrcaddr), packet.source);
  ReadAddress(record, FirstGiven(record, Field::kPktDstaddr, Field::kDstaddr), packet.destination);
  if (packet.recorded != nullptr) {
    if (!packet.direction) packet.direction = DirectionByAddress(record, index, *packet.recorded);
    SetLocal(index, packet);
  }
  ReadNumber(record, Field::kProtocol, packet.protocol);
  ReadNumber(record, Field::kSrcport, packet.source_port);
  ReadNumber(record, Field::kDstport, packet.destination_port);
  if (packet.protocol == kTcp) packet.tcp_flags = FlagsOf(record);  // D23
  const std::string_view reason = record.Get(Field::kRejectReason);
  if (reason == "BPA") packet.reject_reason = RejectReason::kBlockPublicAccess;
  if (reason == "EC") packet.reject_reason = RejectReason::kEncryptionControls;
  packet.subnet_id = record.Get(Field::kSubnetId);
  packet.source_service = record.Get(Field::kPktSrcAwsService);
  packet.destination_service = record.Get(Field::kPktDstAwsService);
  packet.next_hop_interface_id = record.Get(Field::kNextHopInterfaceId);
  packet.next_hop_interface_type = record.Get(Field::kNextHopInterfaceType);
  packet.next_hop_vpc_id = record.Get(Field::kNextHopVpcId);
  return packet;
}

Packet Mirrored(const Packet& packet) {
  Packet mirrored = packet;
  if (packet.direction) mirrored.direction = Opposite(*packet.direction);
  std::swap(mirrored.source, mirrored.destination);
  std::swap(mirrored.source_port, mirrored.destination_port);
  std::swap(mirrored.source_service, mirrored.destination_service);
  mirrored.tcp_flags = kNoTcpFlags;
  if (packet.icmp) mirrored.icmp = ReplyTo(*packet.protocol, *packet.icmp);
  return mirrored;
}

bool HasReply(Protocol protocol, const IcmpMessage& message) {
  return ReplyTo(protocol, message).has_value();
}

Packet QuestionPacket(const NetworkInterface& interface, Direction direction, const IpAddress& peer,
                      Protocol protocol, std::uint16_t responder_port) {
  Packet packet;
  packet.asked = true;
  packet.recorded = &interface;
  packet.local = &interface;
  packet.direction = direction;
  packet.protocol = protocol;
  std::optional<IpAddress> own;
  for (const IpAddress& address : interface.addresses) {
    if (!own && address.family() == peer.family()) own = address;
  }
  const bool inbound = direction == Direction::kIngress;
  packet.source = inbound ? std::optional(peer) : own;
  packet.destination = inbound ? own : std::optional(peer);
  // A port that systems give to those who open.
  constexpr std::uint16_t kOpenersPort = 50000;
  packet.source_port = HasPorts(protocol) ? kOpenersPort : std::uint16_t{0};
  packet.destination_port = HasPorts(protocol) ? responder_port : std::uint16_t{0};
  return packet;
}

}  // namespace sgflow
