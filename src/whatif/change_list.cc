#include "whatif/change_list.h"

#include <algorithm>
#include <utility>

namespace sgflow {

void Tally::Add(const Tally& other) {
  records += other.records;
  bytes += other.bytes;
  if (other.first != 0 && (first == 0 || other.first < first)) first = other.first;
  last = std::max(last, other.last);
}

void ChangeList::Add(const ChangeGroup& group, std::optional<std::uint16_t> port,
                     const std::optional<IpAddress>& peer, const Tally& tally) {
  total_.Add(tally);
  Ports& ports = groups_[group];
  ports.tally.Add(tally);
  if (ports.folded || no_ports_) {
    ports.folded = true;
    return;
  }
  const auto [at, is_new] = ports.by_port.try_emplace(port);
  if (is_new) {
    ++port_rows_;
    if (ports.by_port.size() > limits_.ports) {
      ports.folded = true;
      ports.by_port.clear();
      return;
    }
  }
  at->second.tally.Add(tally);
  AddPeer(at->second, ports, peer, tally);
  if (port_rows_ > limits_.rows) FoldAllPorts();
}

void ChangeList::AddPeer(Peers& peers, Ports& ports, const Peer& peer, const Tally& tally) {
  if (peers.folded || no_peers_) {
    peers.folded = ports.peers_folded = true;
    return;
  }
  const auto [at, is_new] = peers.by_peer.try_emplace(peer);
  at->second.Add(tally);
  if (!is_new) return;
  ++peer_rows_;
  if (peers.by_peer.size() > limits_.peers) {
    peers.folded = ports.peers_folded = true;
    peers.by_peer.clear();
  }
  if (peer_rows_ > limits_.rows) FoldAllPeers();
}

void ChangeList::FoldAllPeers() {
  no_peers_ = true;
  for (auto& [group, ports] : groups_) {
    for (auto& [port, peers] : ports.by_port) {
      peers.folded = ports.peers_folded = true;
      peers.by_peer.clear();
    }
  }
}

void ChangeList::FoldAllPorts() {
  no_ports_ = true;
  for (auto& [group, ports] : groups_) {
    ports.folded = true;
    ports.by_port.clear();
  }
}

void ChangeList::AddUnknown(ChangeGroup group, const Tally& tally) {
  if (!unknown_folded_ && !groups_.contains(group) && ++unknown_ > limits_.unknown) {
    unknown_folded_ = true;
    // Those that were named go to the rest.
    for (auto at = groups_.begin(); at != groups_.end();) {
      if (at->first.cause != group.cause || at->first.interface.empty()) {
        ++at;
        continue;
      }
      ChangeGroup rest = at->first;
      rest.interface.clear();
      Ports& all = groups_[rest];
      all.tally.Add(at->second.tally);
      all.folded = true;
      at = groups_.erase(at);
    }
  }
  if (unknown_folded_) group.interface.clear();
  total_.Add(tally);
  Ports& ports = groups_[group];
  ports.tally.Add(tally);
  ports.folded = true;
}

std::vector<ChangeEntry> ChangeList::Entries() const {
  std::vector<ChangeEntry> entries;
  for (const auto& [group, ports] : groups_) {
    ChangeEntry& entry = entries.emplace_back();
    entry.group = group;
    entry.tally = ports.tally;
    entry.ports_folded = ports.folded;
    entry.peers_folded = ports.peers_folded;
    if (ports.folded) {
      entry.rows.push_back({{}, {}, ports.tally});
      continue;
    }
    for (const auto& [port, peers] : ports.by_port) {
      if (peers.folded) {
        entry.rows.push_back({port, {}, peers.tally});
        continue;
      }
      for (const auto& [peer, tally] : peers.by_peer) entry.rows.push_back({port, peer, tally});
    }
    std::ranges::stable_sort(entry.rows, std::ranges::greater{},
                             [](const ChangeRow& row) { return row.tally.records; });
  }
  std::ranges::stable_sort(entries, std::ranges::greater{},
                           [](const ChangeEntry& entry) { return entry.tally.records; });
  return entries;
}

}  // namespace sgflow
