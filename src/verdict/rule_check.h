// One rule held against one packet: yes, no, or can't tell, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "inventory/inventory.h"
#include "network/direction.h"
#include "network/ip_address.h"
#include "network/protocol.h"
#include "verdict/inventory_index.h"
#include "verdict/verdict.h"

namespace sgflow {

enum class Answer : std::uint8_t { kNo, kUntold, kYes };

// What a rule of an interface is asked.
struct Question {
  Direction direction = Direction::kIngress;  // of the rules: towards or from the interface
  IpAddress peer;
  Protocol protocol = 0;
  // Both for TCP and UDP only.
  std::uint16_t port = 0;           // the responder's
  bool fragment = false;            // ports unknown
  std::optional<IcmpMessage> icmp;  // of questions only; records do not tell
  bool asked = false;               // no record
  // `next-hop-interface-type` is `network_load_balancer`.
  bool through_network_load_balancer = false;
  VpcIndex vpc = 0;        // the judged interface's
  AddressEntry entry = 0;  // InventoryIndex::FindAddress(peer)
  ListedEntry listed = 0;  // InventoryIndex::FindListed(peer)
};

// Why a part of a rule can't be told, or is a no that needs a word.
enum class Cause : std::uint8_t {
  kNone,
  kPeeringDeleted,      // no
  kIcmpType,            // the log has none
  kIcmpTypeNotAsked,    // the question has none
  kFragment,            // it has no ports
  kPrefixListLacking,   // not in the inventory
  kPrefixListUnlisted,  // known, its entries are not
  kPrefixListCut,       // not all entries are known
  kGroupLacking,        // not in the inventory
  kGroupNotCovered,     // its members are not all known
  kPeerGroupsUntold,    // those of an interface that has the address
  kPeeringUnknown,      // a member in another VPC, not told whether it is peered
  kBehindLoadBalancer,  // perhaps a client that a network load balancer kept
};

struct PartAnswer {
  Answer answer = Answer::kNo;
  Cause cause = Cause::kNone;
};

struct RuleAnswer {
  bool protocol_fits = false;
  PartAnswer source;
  PartAnswer port;  // ICMP types are ports here; as though the protocol fitted

  // D11: any no makes a no, else any can't tell a can't tell.
  Answer answer() const {
    if (!protocol_fits) return Answer::kNo;
    return source.answer < port.answer ? source.answer : port.answer;
  }
  Cause cause() const { return source.answer == Answer::kUntold ? source.cause : port.cause; }
};

// `rule.direction` must be the question's. O(prefix lists around the peer), and no more than a scan
// of the peer's holders for a group: for explanations, and as what the fast way is held to.
RuleAnswer CheckRule(const InventoryIndex& index, const Rule& rule, const Question& question);

// Whether an entry or rule for this ICMP type and code (-1: all) is for the message.
Answer CheckIcmpMessage(std::int32_t type, std::int32_t code,
                        const std::optional<IcmpMessage>& message);

// D12: whether the rule says which port, or ICMP type.
bool NamesPort(const Rule& rule);
// The rules that share an id: a permission of several sources. The first of them stands for all.
std::span<const Rule> RulesOfSameId(const Inventory& inventory, RuleIndex first);
// Ports that a TCP or UDP rule lets through.
struct RulePorts {
  std::int32_t first = 0;
  std::int32_t last = 0xFFFF;
};
RulePorts PortsOf(const Rule& rule);
// Those of them that there are; where it has none, `first` is behind `last`.
struct PortSpan {
  std::uint16_t first = 1;
  std::uint16_t last = 0;
};
PortSpan PortsInside(const Rule& rule);

// D50: whether who has the peer's address may carry any group, as nobody told its groups. `near`:
// who has it in the own VPC; where none has, those elsewhere count.
bool MayCarryAnyGroup(const InventoryIndex& index, const Question& question,
                      std::optional<InterfaceIndex> near);

// Members in another VPC count, or those of the own VPC are all: D15, D17.
// Whether it can't be told for an address that no interface of the own VPC has.
bool IsCovered(const InventoryIndex& index, const RuleSource& source, VpcIndex own_vpc);

}  // namespace sgflow
