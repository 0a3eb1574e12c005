// Inventories and records of a given size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flowlog/flow_record.h"
#include "flowlog/record_layout.h"
#include "inventory/inventory.h"

namespace sgflow::bench {

struct WorldSize {
  std::size_t groups = 5;        // that the interface carries
  std::size_t rules = 60;        // of a group and direction
  std::size_t list_entries = 0;  // each group's first rule is a prefix list of these
};

// "eni-server" (10.0.0.10) with inbound rules for networks and ports, and one outbound for all.
std::shared_ptr<const Inventory> MakeWorld(const WorldSize& size);

// Lines of one layout and the records over them.
class Records {
 public:
  // `count` connections from distinct internet addresses, SYN in and SYN-ACK out alternating with
  // records without flags.
  static Records DistinctPeers(std::size_t count);
  // SYNs to ports and from addresses that no rule allows, all refused.
  static Records RefusedScans(std::size_t count);

  const std::vector<FlowRecord>& records() const { return records_; }

 private:
  void Add(std::string line);
  void Split();

  std::shared_ptr<const RecordLayout> layout_;
  std::vector<std::string> lines_;
  std::vector<FlowRecord> records_;
};

}  // namespace sgflow::bench
