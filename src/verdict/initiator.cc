#include "verdict/initiator.h"

#include "network/protocol.h"
#include "verdict/rule_matcher.h"

namespace sgflow {
namespace {

constexpr std::uint16_t kFirstUnprivilegedPort = 1024;
constexpr std::uint16_t kFirstEphemeralPort = 32768;

// The side with the port that is not below.
std::optional<Opener> OpenerByPorts(const Packet& packet, std::uint16_t border) {
  const bool source_below = *packet.source_port < border;
  const bool destination_below = *packet.destination_port < border;
  if (source_below == destination_below) return std::nullopt;
  return destination_below ? Opener::kSender : Opener::kReceiver;
}

}  // namespace

OpenerAnswer OpenerByFlags(const Packet& packet, std::optional<bool> sender_remembered) {
  if (packet.protocol == kTcp && packet.tcp_flags != kNoTcpFlags) {
    if (IsSyn(packet.tcp_flags)) return {Opener::kSender, Evidence::kFlags, Confidence::kExact};
    if (IsSynAck(packet.tcp_flags)) {
      return {Opener::kReceiver, Evidence::kFlags, Confidence::kExact};
    }
  }
  if (sender_remembered) {
    return {*sender_remembered ? Opener::kSender : Opener::kReceiver, Evidence::kMemory,
            Confidence::kLikely};
  }
  return {};
}

OpenerAnswer OpenerByMatches(const Packet& packet, const MatchSet& own, const MatchSet& other,
                             bool incomplete) {
  const auto one_of = [](bool own_has) { return own_has ? Opener::kSender : Opener::kReceiver; };
  if (own.matches() != other.matches()) {
    return {one_of(own.matches()), Evidence::kOnlyMatch,
            incomplete ? Confidence::kPossible : Confidence::kExact};
  }
  if (own.matches()) {
    if (own.names_port != other.names_port) {
      return {one_of(own.names_port), Evidence::kOnlyNamesPort, Confidence::kLikely};
    }
    const bool own_sure = own.sure_count != 0;
    if (own_sure != (other.sure_count != 0)) {
      return {one_of(own_sure), Evidence::kOnlySure, Confidence::kPossible};
    }
  }
  if (HasPorts(*packet.protocol)) {  // D22
    if (const auto opener = OpenerByPorts(packet, kFirstUnprivilegedPort)) {
      return {*opener, Evidence::kWellKnownPort, Confidence::kLikely};
    }
    if (const auto opener = OpenerByPorts(packet, kFirstEphemeralPort)) {
      return {*opener, Evidence::kRegisteredPort, Confidence::kPossible};
    }
  }
  return {};
}

Initiator InitiatorOf(Opener opener, std::optional<Direction> direction) {
  if (opener == Opener::kUnknown || !direction) return Initiator::kUnknown;
  const bool local_sent = *direction == Direction::kEgress;
  return local_sent == (opener == Opener::kSender) ? Initiator::kLocal : Initiator::kPeer;
}

bool LooksLikeOpening(const Packet& packet) {
  return HasPorts(*packet.protocol) &&
         OpenerByPorts(packet, kFirstUnprivilegedPort) == Opener::kSender;
}

bool LooksLikeReply(const Packet& packet) {
  if (!HasPorts(*packet.protocol)) return false;
  if (const auto opener = OpenerByPorts(packet, kFirstUnprivilegedPort)) {
    return *opener == Opener::kReceiver;
  }
  return OpenerByPorts(packet, kFirstEphemeralPort) == Opener::kReceiver;
}

}  // namespace sgflow
