// Which traffic of an interface's the inventory could answer in different words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inventory/inventory.h"
#include "network/ip_address.h"
#include "network/protocol.h"

namespace sgflow {

inline constexpr std::int32_t kFirstUnprivilegedPort = 1024;

struct TrafficPeer {
  IpAddress address;
  bool is_stranger = false;  // no interface of the inventory has the address
};

struct TrafficService {
  Protocol protocol = kTcp;
  std::int32_t port = 0;  // 0 where the protocol has none
};

// Its rules and its VPC's network ACLs tell addresses apart by their sources, and ports by their
// borders. Of the addresses that none of them tells apart one is enough: the one whose columns
// (peer_name and the like) are the longest for its own length; of ports between two borders the
// first, for it is the shortest.
struct TrafficChoices {
  std::vector<TrafficPeer> peers;
  std::vector<TrafficService> services;
  // Those of the other side: what it asks from, or is answered at. One that is privileged, and all
  // that are told apart of the others.
  std::vector<std::int32_t> opener_ports;
};

class TrafficChooser {
 public:
  // `inventory` must live as long as this.
  explicit TrafficChooser(const Inventory& inventory);

  // Of the VPC's interfaces, and of the members of each group that rules name, so many of the
  // heaviest are looked at. Empty where the interface has no address.
  TrafficChoices Of(const NetworkInterface& local, std::size_t looked_at) const;

 private:
  struct Holder {
    const NetworkInterface* interface = nullptr;  // null: a stranger
    IpAddress address;
    std::int64_t weight = 0;
  };
  class Sources;

  std::string ColumnsOf(const NetworkInterface& interface) const;
  void AddHolders(const NetworkInterface& interface, std::vector<Holder>& to) const;
  std::vector<Holder> HoldersFor(const NetworkInterface& local, const Sources& sources,
                                 std::size_t looked_at) const;

  const Inventory& inventory_;
  std::unordered_map<std::string_view, std::vector<Holder>> of_vpc_;  // the heaviest first
};

}  // namespace sgflow
