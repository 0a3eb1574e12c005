// What holds for every inventory and every record.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "verdict/judge.h"
#include "verdict/random_world.h"
#include "verdict/rule_matcher.h"

namespace sgflow::test {
namespace {

using Seed = std::uint64_t;

std::set<std::string> Ids(std::span<const RuleIndex> rules, const Inventory& inventory) {
  std::set<std::string> ids;
  for (const RuleIndex rule : rules) ids.insert(inventory.rules()[rule].id);
  return ids;
}

// All rules of the interface, one after the other.
struct Scanned {
  std::vector<RuleIndex> sure;
  std::vector<RuleIndex> untold;
  bool names_port = false;
};

Scanned Scan(const InventoryIndex& index, const NetworkInterface& interface,
             const Question& question) {
  Scanned scanned;
  for (RuleIndex number = 0; number < index.inventory().rules().size(); ++number) {
    const Rule& rule = index.inventory().rules()[number];
    if (rule.direction != question.direction) continue;
    if (std::ranges::find(interface.groups, rule.group) == interface.groups.end()) continue;
    const Answer answer = CheckRule(index, rule, question).answer();
    if (answer == Answer::kYes) scanned.sure.push_back(number);
    if (answer == Answer::kUntold) scanned.untold.push_back(number);
    if (answer != Answer::kNo && NamesPort(rule)) scanned.names_port = true;
  }
  return scanned;
}

RC_GTEST_PROP(Matcher, FindsWhatAScanFinds, ()) {
  const InventoryIndex index(RandomInventory({.seed = *rc::gen::arbitrary<Seed>()}));
  RuleMatcher matcher(index);
  RuleMatcher forgetful(index, /*most_bytes=*/0);
  for (int i = 0; i < 50; ++i) {
    const Packet packet = RandomPacket(index.inventory(), *rc::gen::arbitrary<Seed>());
    Question question;
    question.direction = *packet.direction;
    question.peer = *packet.peer();
    question.protocol = *packet.protocol;
    if (HasPorts(question.protocol)) {
      question.port = *packet.destination_port;
      question.fragment = question.port == 0 && *packet.source_port == 0;
      question.through_network_load_balancer = !packet.next_hop_interface_type.empty();
    } else if (IsIcmp(question.protocol) && i % 2 == 0) {
      question.icmp =
          IcmpMessage{.type = *rc::gen::element<std::uint8_t>(0, 8, 11, 128), .code = {}};
      if (i % 4 == 0) question.icmp->code = *rc::gen::element<std::uint8_t>(0, 1);
    }
    question.vpc = index.facts(*packet.local).vpc;
    question.entry = index.FindAddress(question.peer);
    question.listed = index.FindListed(question.peer);
    const MatchSet& found = matcher.Match(index.facts(*packet.local).list, question);
    const Scanned expected = Scan(index, *packet.local, question);
    RC_ASSERT(std::ranges::equal(found.sure(), expected.sure));
    RC_ASSERT(std::ranges::equal(found.untold(), expected.untold));
    RC_ASSERT(found.names_port == expected.names_port);
    forgetful.Prepare();
    RC_ASSERT(forgetful.Match(index.facts(*packet.local).list, question).rules == found.rules);
  }
}

// CheckRule asks the same index, so that a scan of rules would not tell what is wrong with it.
RC_GTEST_PROP(InventoryIndex, FindsThePrefixListsThatAScanFinds, ()) {
  const InventoryIndex index(RandomInventory({.seed = *rc::gen::arbitrary<Seed>()}));
  for (int i = 0; i < 50; ++i) {
    const IpAddress peer = *RandomPacket(index.inventory(), *rc::gen::arbitrary<Seed>()).peer();
    std::set<std::string> expected;
    for (const PrefixList& list : index.inventory().prefix_lists()) {
      const auto holds = [&](const IpPrefix& prefix) { return prefix.Contains(peer); };
      if (list.entries && std::ranges::any_of(*list.entries, holds)) expected.insert(list.id);
    }
    std::set<std::string> found;
    index.ForEachListAround(index.FindListed(peer), [&](PrefixListIndex list) {
      found.insert(index.inventory().prefix_lists()[list].id);
    });
    RC_ASSERT(found == expected);
  }
}

RC_GTEST_PROP(Judge, OrderOfRulesAndGroupsPlaysNoPart, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  Judge plain(RandomInventory({.seed = seed}));
  Judge turned(RandomInventory({.seed = seed, .reverse_rules = true, .reverse_groups = true}));
  for (int i = 0; i < 30; ++i) {
    const Seed of_packet = *rc::gen::arbitrary<Seed>();
    const Inventory& one = plain.index().inventory();
    const Inventory& other = turned.index().inventory();
    const Verdict a = plain.Decide(RandomPacket(one, of_packet), std::nullopt);
    const Verdict b = turned.Decide(RandomPacket(other, of_packet), std::nullopt);
    RC_ASSERT(a.kind == b.kind);
    RC_ASSERT(a.confidence == b.confidence);
    RC_ASSERT(a.initiator == b.initiator);
    RC_ASSERT(Ids(a.matched, one) == Ids(b.matched, other));
    RC_ASSERT(Ids(a.untold, one) == Ids(b.untold, other));
  }
}

Packet ReplyOf(const Packet& packet) {
  Packet reply = Mirrored(packet);
  reply.tcp_flags = packet.tcp_flags;
  // The answer to a SYN, and the other way round.
  if (packet.tcp_flags == 2) reply.tcp_flags = 18;
  if (packet.tcp_flags == 18) reply.tcp_flags = 2;
  return reply;
}

RC_GTEST_PROP(Judge, RecordAndItsReplyAgreeOnWhoOpened, ()) {
  Judge judge(RandomInventory({.seed = *rc::gen::arbitrary<Seed>()}));
  for (int i = 0; i < 30; ++i) {
    Packet packet = RandomPacket(judge.index().inventory(), *rc::gen::arbitrary<Seed>());
    packet.action = Action::kAccept;
    const auto one = judge.Decide(packet, std::nullopt).initiator;
    const auto other = judge.Decide(ReplyOf(packet), std::nullopt).initiator;
    RC_ASSERT(one == other);
  }
}

// From "surely not" over "perhaps" to "surely".
int Openness(const Verdict& verdict) {
  if (verdict.kind != VerdictKind::kAllowedByRule) return 0;
  return verdict.matched_untold ? 1 : 2;
}

RC_GTEST_PROP(Judge, AnotherRuleNeverClosesWhatWasOpen, ()) {
  const Seed seed = *rc::gen::arbitrary<Seed>();
  const std::size_t without = *rc::gen::inRange<std::size_t>(1, 5);
  Judge fewer(RandomInventory({.seed = seed, .leave_out = without}));
  Judge more(RandomInventory({.seed = seed}));
  for (int i = 0; i < 30; ++i) {
    const Seed of_packet = *rc::gen::arbitrary<Seed>();
    const Verdict before = fewer.Ask(RandomPacket(fewer.index().inventory(), of_packet));
    const int open_before = Openness(before);
    const Verdict after = more.Ask(RandomPacket(more.index().inventory(), of_packet));
    RC_ASSERT(Openness(after) >= open_before);
  }
}

RC_GTEST_PROP(Judge, AnswersTheSameWhateverItRemembers, ()) {
  const auto inventory = RandomInventory({.seed = *rc::gen::arbitrary<Seed>()});
  Judge experienced(inventory);
  for (int i = 0; i < 30; ++i) {
    const Packet packet = RandomPacket(*inventory, *rc::gen::arbitrary<Seed>());
    Judge fresh(experienced.shared_index());
    const Verdict a = experienced.Decide(packet, std::nullopt);
    const Verdict b = fresh.Decide(packet, std::nullopt);
    RC_ASSERT(a.kind == b.kind);
    RC_ASSERT(a.confidence == b.confidence);
    RC_ASSERT(std::ranges::equal(a.matched, b.matched));
    RC_ASSERT(std::ranges::equal(a.untold, b.untold));
  }
}

}  // namespace
}  // namespace sgflow::test
