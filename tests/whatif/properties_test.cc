// What holds for all rules and all traffic.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "verdict/random_world.h"
#include "whatif/comparison.h"
#include "whatif/replay.h"

namespace sgflow::test {
namespace {

using Seed = std::uint64_t;

std::string LineOf(const Packet& packet) {
  const bool inbound = *packet.direction == Direction::kIngress;
  std::string line = packet.recorded->id + (inbound ? " ingress " : " egress ");
  line += packet.source->ToString() + ' ' + std::to_string(*packet.source_port) + ' ';
  line += packet.destination->ToString() + ' ' + std::to_string(*packet.destination_port) + ' ';
  line += std::to_string(*packet.protocol) + ' ';
  line += packet.protocol == kTcp && packet.tcp_flags != kNoTcpFlags
              ? std::to_string(packet.tcp_flags)
              : "-";
  return line + (packet.action == Action::kAccept ? " ACCEPT" : " REJECT");
}

std::vector<std::string> RandomLines(const Inventory& inventory, int count) {
  std::vector<std::string> lines;
  for (int i = 0; i < count; ++i) {
    lines.push_back(LineOf(RandomPacket(inventory, *rc::gen::arbitrary<Seed>())));
  }
  return lines;
}

Replay Replayed(const WorldChoice& today, const WorldChoice& then,
                const std::vector<std::string>& lines) {
  Replay replay(RandomInventory(today), {.inventory = RandomInventory(then), .removed_rules = {}});
  for (const std::string& line : lines) replay.Add(line);
  return replay;
}

RC_GTEST_PROP(WhatIfProperties, AddingRulesBreaksNothing, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  const auto fewer = *rc::gen::inRange<std::size_t>(1, 10);
  const auto lines = RandomLines(*RandomInventory({.seed = seed}), 30);
  const Replay replay = Replayed({.seed = seed, .leave_out = fewer}, {.seed = seed}, lines);
  RC_ASSERT(replay.whatif().breaks().empty());
  RC_ASSERT(replay.whatif().interrupted().empty());
}

RC_GTEST_PROP(WhatIfProperties, RemovingRulesOpensNothing, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  const auto fewer = *rc::gen::inRange<std::size_t>(1, 10);
  const auto lines = RandomLines(*RandomInventory({.seed = seed}), 30);
  const Replay replay = Replayed({.seed = seed}, {.seed = seed, .leave_out = fewer}, lines);
  RC_ASSERT(replay.whatif().opens().empty());
}

RC_GTEST_PROP(WhatIfProperties, ProposingTodaysRulesChangesNothing, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  const auto lines = RandomLines(*RandomInventory({.seed = seed}), 30);
  const Replay replay = Replayed({.seed = seed}, {.seed = seed, .reverse_rules = true}, lines);
  RC_ASSERT(replay.whatif().breaks().empty());
  RC_ASSERT(replay.whatif().interrupted().empty());
  RC_ASSERT(replay.whatif().opens().empty());
  // What no rule explains stays unexplained, and who carries nobody knows what stays unjudged.
  for (const ChangeEntry& entry : replay.whatif().cant_tell().Entries()) {
    RC_ASSERT(entry.group.cause == ChangeCause::kUnexplained ||
              entry.group.cause == ChangeCause::kFieldsMissing);
  }
}

RC_GTEST_PROP(WhatIfProperties, OrderOfRulesAndGroupsPlaysNoPart, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  const Seed other = *rc::gen::arbitrary<Seed>();
  const auto lines = RandomLines(*RandomInventory({.seed = seed}), 30);
  const Replay plain = Replayed({.seed = seed}, {.seed = other}, lines);
  const Replay turned =
      Replayed({.seed = seed, .reverse_rules = true, .reverse_groups = true},
               {.seed = other, .reverse_rules = true, .reverse_groups = true}, lines);
  RC_ASSERT(plain.Say() == turned.Say());
}

RC_GTEST_PROP(WhatIfProperties, OrderOfFilesPlaysNoPart, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  const Seed other = *rc::gen::arbitrary<Seed>();
  const auto inventory = RandomInventory({.seed = seed});
  const auto first = RandomLines(*inventory, 15);
  const auto second = RandomLines(*inventory, 15);
  const auto replay = [&](const std::vector<std::string>& one,
                          const std::vector<std::string>& two) {
    Replay made(inventory, {.inventory = RandomInventory({.seed = other}), .removed_rules = {}});
    for (const std::string& line : one) made.Add(line);
    made.StartFile();
    for (const std::string& line : two) made.Add(line);
    return made.Say();
  };
  RC_ASSERT(replay(first, second) == replay(second, first));
}

RC_GTEST_PROP(WhatIfProperties, RemovedRulesAreAsAnInventoryWithoutThem, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  const auto today = RandomInventory({.seed = seed});
  const auto then = RandomInventory({.seed = seed, .leave_out = 5});
  Proposal proposal{.inventory = today, .removed_rules = {}};
  for (const Rule& rule : today->rules()) {
    const bool stays =
        std::ranges::any_of(then->rules(), [&](const Rule& other) { return other.id == rule.id; });
    if (!stays) proposal.removed_rules.push_back(rule.id);
  }
  Replay removed(today, proposal);
  Replay proposed(today, {.inventory = then, .removed_rules = {}});
  for (const std::string& line : RandomLines(*today, 30)) {
    removed.Add(line);
    proposed.Add(line);
  }
  RC_ASSERT(removed.Say() == proposed.Say());
}

}  // namespace
}  // namespace sgflow::test
