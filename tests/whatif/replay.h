// Replays lines and says in short what would change.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "whatif/whatif.h"

namespace sgflow::test {

class Replay {
 public:
  static constexpr std::string_view kLayout =
      "interface-id flow-direction srcaddr srcport dstaddr dstport protocol tcp-flags action bytes "
      "start end";

  explicit Replay(std::shared_ptr<const Inventory> today, const Proposal& proposal,
                  const ChangeList::Limits& limits = {});

  // Lines of the layout; the last three fields may be left out.
  Replay& Add(std::string_view line);

  void StartFile() { whatif_.StartStretch(); }

  // "breaks eni-server ingress security-groups, when idle, sgr-https: tcp 443 198.51.100.7 x2", one
  // a row, in the order of the text; empty: nothing changes.
  std::string Say() const;

  const WhatIf& whatif() const { return whatif_; }

 private:
  std::shared_ptr<const RecordLayout> layout_;
  FlowRecord record_;
  std::string line_;
  WhatIf whatif_;
};

}  // namespace sgflow::test
