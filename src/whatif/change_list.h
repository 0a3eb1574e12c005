// Connections that a change concerns, grouped, in bounded memory.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "network/direction.h"
#include "network/ip_address.h"
#include "network/protocol.h"
#include "whatif/comparison.h"

namespace sgflow {

struct Tally {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  // Unix seconds; 0: no record tells.
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  void Add(const Tally& other);

  friend bool operator==(const Tally&, const Tally&) = default;
};

// What a group of connections has in common, all of it text that tells the same whatever the order
// of files, groups and rules.
struct ChangeGroup {
  std::string interface;                      // empty: several that no inventory knows
  Direction direction = Direction::kIngress;  // in which the connections are opened
  bool accepted = true;                       // in the log
  ChangeCause cause = ChangeCause::kNone;
  Ends ends = Ends::kNotAsked;
  std::vector<std::string> rules;           // today's, sorted
  std::vector<std::string> proposed_rules;  // sorted
  std::string acl;
  std::int32_t acl_rule = 0;
  std::string detail;  // what is missing
  std::optional<Protocol> protocol;

  friend auto operator<=>(const ChangeGroup&, const ChangeGroup&) = default;
};

struct ChangeRow {
  // Of a group with too many: none.
  std::optional<std::uint16_t> port;  // the responder's
  std::optional<IpAddress> peer;
  Tally tally;
};

struct ChangeEntry {
  ChangeGroup group;
  Tally tally;
  // By records, most first; then by port and peer.
  std::vector<ChangeRow> rows;
  bool ports_folded = false;
  bool peers_folded = false;
};

// Keeps at most `rows` ports with peers (about 100 bytes each) beside one entry for each group; the
// groups are bounded by the inventories. A group's port with more than `peers` peers keeps their
// sum only, a group with more than `ports` ports likewise. Where that is not enough, no peers are
// kept at all, then no ports. Of interfaces that no inventory knows `unknown` are named, or none.
// Sums always hold. Within the bounds the order of what comes plays no part.
class ChangeList {
 public:
  struct Limits {
    std::size_t peers = 1000;
    std::size_t ports = 1000;
    std::size_t rows = 200'000;
    std::size_t unknown = 1000;
  };

  ChangeList() = default;
  explicit ChangeList(const Limits& limits) : limits_(limits) {}

  void Add(const ChangeGroup& group, std::optional<std::uint16_t> port,
           const std::optional<IpAddress>& peer, const Tally& tally);
  // The same for a connection of an interface that no inventory knows.
  void AddUnknown(ChangeGroup group, const Tally& tally);

  bool empty() const { return groups_.empty(); }
  const Tally& total() const { return total_; }

  // By records, most first; then by the group.
  std::vector<ChangeEntry> Entries() const;

 private:
  using Port = std::optional<std::uint16_t>;
  using Peer = std::optional<IpAddress>;
  struct Peers {
    Tally tally;
    bool folded = false;
    std::map<Peer, Tally> by_peer;
  };
  struct Ports {
    Tally tally;
    bool folded = false;
    bool peers_folded = false;
    std::map<Port, Peers> by_port;
  };

  void AddPeer(Peers& peers, Ports& ports, const Peer& peer, const Tally& tally);
  void FoldAllPeers();
  void FoldAllPorts();

  Limits limits_;
  std::map<ChangeGroup, Ports> groups_;
  Tally total_;
  // Rows ever made; those folded since count all the same, so that their order plays no part.
  std::size_t peer_rows_ = 0;
  std::size_t port_rows_ = 0;
  bool no_peers_ = false;
  bool no_ports_ = false;
  std::size_t unknown_ = 0;
  bool unknown_folded_ = false;
};

}  // namespace sgflow
