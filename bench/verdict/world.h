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

// Lines of one layout, read one after the other into one record, as the pipeline does.
class Lines {
 public:
  // `count` connections from distinct internet addresses: SYN in, SYN-ACK out, records without
  // SYN in and out, each of another connection.
  static Lines DistinctPeers(std::size_t count);
  // SYNs to ports and from addresses that hardly a rule allows, all refused.
  static Lines RefusedScans(std::size_t count);

  // Starts over at the end. Valid until the next call.
  const FlowRecord& Next();

 private:
  std::shared_ptr<const RecordLayout> layout_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
  FlowRecord record_;
};

}  // namespace sgflow::bench
