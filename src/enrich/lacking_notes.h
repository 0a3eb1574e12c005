// Notes what the answers of a batch hung on and the inventory lacked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "flowlog/flow_record.h"
#include "inventory/lacking.h"
#include "verdict/inventory_index.h"
#include "verdict/rule_matcher.h"
#include "verdict/verdict.h"

namespace sgflow {

// For one thread. What was looked at before costs a compare or a hash; what is not lacking nothing.
class LackingNotes {
 public:
  // The index must outlive it.
  explicit LackingNotes(const InventoryIndex& index) : index_(index) {}

  // The record names an interface that the inventory does not have.
  void AddInterface(const FlowRecord& record, std::string_view interface_id);

  // Those below give what of it AWS could not be asked for and may be asked for another time: the
  // record's answer may hang on that. Null where there is none.

  // Groups of the interface whose rules are not known.
  const Unlearned* AddRules(const FlowRecord& record, const NetworkInterface& interface);

  // Prefix lists and members of groups of those rules that could not be told, where no rule surely
  // matches; and the subnet of a refusal whose network ACL is not known.
  const Unlearned* Add(const FlowRecord& record, const Verdict& verdict);

  // The record is of a trunk, and nobody known has its local address.
  const Unlearned* AddTrunk(const FlowRecord& record, std::string_view trunk_id);

  // What was noted since the last Take. A batch ends with it.
  Lacking Take();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  const Unlearned* AddSources(const FlowRecord& record, const MatchSet& matches);
  const Unlearned* AddSource(const FlowRecord& record, const Rule& rule, const Question& question);
  const Unlearned* Find(Learnable what, std::string_view id) const;
  // True once a batch.
  bool IsNew(std::string_view id);

  const InventoryIndex& index_;
  Lacking lacking_;
  std::unordered_set<std::string, Hash, std::equal_to<>> seen_;  // ids of the batch
  std::uint32_t batch_ = 1;
};

}  // namespace sgflow
