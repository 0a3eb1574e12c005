// Which questions a list of groups answers alike.
#pragma once

#include <cstddef>
#include <cstdint>

#include "network/direction.h"
#include "verdict/inventory_index.h"
#include "verdict/port_index.h"
#include "verdict/prefix_index.h"
#include "verdict/rule_check.h"

namespace sgflow {

// Questions of one class, protocol and address family have the same rules.
struct QuestionClass {
  PrefixClasses::Class prefix = 0;
  std::uint32_t holder = 0;  // who the peer is, as far as a group reference asks
  ListedEntry listed = 0;    // as far as a prefix list is asked
  std::uint32_t port = 0;

  friend bool operator==(const QuestionClass&, const QuestionClass&) = default;
};

// Of the rules of a list of groups in one direction their borders alone, so that the lists that
// many interfaces have take little memory. Immutable. The index must outlive it.
class QuestionClasses {
 public:
  // O(n log n) in the rules.
  QuestionClasses(const InventoryIndex& index, const GroupList& list, Direction direction);

  // O(log n).
  QuestionClass Of(const Question& question) const;

  // What it takes of memory.
  std::size_t bytes() const { return sizeof *this + prefixes_.bytes() + ports_.bytes(); }

 private:
  const InventoryIndex& index_;
  PrefixClasses prefixes_;
  // Of TCP and UDP together, as a near miss may be a rule for the other one.
  PortClasses ports_;
  bool asks_for_holder_ = false;
  bool asks_for_lists_ = false;
};

}  // namespace sgflow
