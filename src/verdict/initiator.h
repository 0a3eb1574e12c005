// Who opened the connection that a record belongs to.
#pragma once

#include <cstdint>
#include <optional>

#include "network/direction.h"
#include "verdict/packet.h"
#include "verdict/verdict.h"

namespace sgflow {

struct MatchSet;

enum class Opener : std::uint8_t { kUnknown, kSender, kReceiver };

struct OpenerAnswer {
  Opener opener = Opener::kUnknown;
  Evidence evidence = Evidence::kNone;
  Confidence confidence = Confidence::kAmbiguous;
};

// SYN without ACK, or SYN-ACK, or any other end or middle.
constexpr bool IsSyn(std::uint8_t flags) { return flags <= 7 && (flags & 2) != 0; }
constexpr bool IsSynAck(std::uint8_t flags) {
  return flags == 18 || flags == 19 || flags == 22 || flags == 23;
}
// FIN or RST without SYN.
constexpr bool IsClose(std::uint8_t flags) { return flags == 1 || flags == 4 || flags == 5; }

// The first three rows: this record's flags, else what is `remembered` of earlier ones.
OpenerAnswer OpenerByFlags(const Packet& packet, std::optional<bool> sender_remembered);

// The further rows, of an ACCEPT. `incomplete`: not all rules are known, so that the silence of a
// direction proves nothing (D30).
OpenerAnswer OpenerByMatches(const Packet& packet, const MatchSet& own, const MatchSet& other,
                             bool incomplete);

// The opener as one of the two sides, for a packet of this direction.
Initiator InitiatorOf(Opener opener, std::optional<Direction> direction);

// D38: `dstport` is well known and `srcport` is not.
bool LooksLikeOpening(const Packet& packet);
// `srcport` is one that is called, and `dstport` one that is given to those who call. Of a refused
// packet it proves nothing.
bool LooksLikeReply(const Packet& packet);

}  // namespace sgflow
