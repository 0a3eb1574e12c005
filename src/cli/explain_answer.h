// One verdict with all that a person needs to follow it: owned texts, for print or JSON.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "flowlog/flow_record.h"
#include "network/direction.h"
#include "verdict/explanation.h"
#include "verdict/judge.h"
#include "verdict/packet.h"
#include "verdict/rule_check.h"
#include "verdict/verdict.h"

namespace sgflow {

struct ExplainedGroup {
  std::string id;
  std::string name;  // empty where the inventory has none

  // The name, else the id.
  const std::string& label() const { return name.empty() ? id : name; }
  // "sg-... (name)"
  std::string ToString() const { return name.empty() ? id : id + " (" + name + ")"; }
};

struct ExplainedInterface {
  std::string id;
  std::string type;  // `InterfaceType`
  std::string kind;  // as peer_kind has it
  std::string name;  // the Name tag, else the description
  std::string instance_id;
  std::string vpc_id;
  std::string subnet_id;
  std::vector<std::string> addresses;  // delegated prefixes behind them
  bool groups_known = true;            // whether the inventory tells them
  std::vector<ExplainedGroup> groups;

  const std::string& label() const { return name.empty() ? id : name; }
};

struct ExplainedPeer {
  std::string address;
  std::string kind;
  std::string aws_service;
  std::string interface_id;  // also of an interface that the inventory lacks
  std::optional<ExplainedInterface> interface;
};

struct ExplainedRule {
  std::string id;
  ExplainedGroup group;
  Direction direction = Direction::kIngress;
  Answer answer = Answer::kNo;
  int parts_amiss = 0;  // of protocol, port and source: how far a no is from a yes
  std::string service;
  std::string source;
  std::string why;
  std::size_t other_sources = 0;  // of the permission that it is one of
};

struct ExplainedAcl {
  AclOutcome outcome = AclOutcome::kNotAsked;
  bool doubtful = false;
  bool may_be_otherwise = false;
  std::string id;
  std::int32_t number = 0;
  std::string entry;  // "deny all traffic from 198.51.100.66/32"
};

struct ExplainedChange {
  // add-rule, remove-rule, remove-source, add-group, add-acl-entry, replace-acl-entry,
  // remove-acl-entry
  std::string kind;
  std::string on;    // the group, interface or ACL that is changed
  std::string what;  // the rule to remove, the group to add, the entry's number; may be empty
  std::string text;
};

// All of `steps` are needed; of each step one of its ways.
struct ExplainedChanges {
  std::vector<std::vector<ExplainedChange>> steps;
  std::string note;  // one sentence, or empty
};

struct Explanation {
  bool asked = false;           // a question, no record
  std::string inventory_as_of;  // as the column has it; empty where there is one inventory alone
  VerdictKind kind = VerdictKind::kNotJudged;
  std::optional<Confidence> confidence;
  std::optional<Initiator> initiator;
  std::string reason;

  std::optional<Direction> direction;
  std::optional<Protocol> protocol;
  std::string source;
  std::string destination;
  std::optional<std::uint16_t> source_port;  // none for questions
  std::optional<std::uint16_t> destination_port;
  std::optional<IcmpMessage> icmp;  // of a question
  std::string action;               // of a record

  std::optional<ExplainedInterface> interface;
  std::string recorded_id;  // where the record is another interface's: the trunk
  std::string missing_id;   // what the record calls the interface that the inventory lacks
  std::optional<ExplainedPeer> peer;

  std::optional<Direction> judged_direction;
  // Of the judged direction, then of the other one where it plays a part. In each: what matches,
  // what can't be told, then the rest, the closest first.
  std::vector<ExplainedRule> rules;
  ExplainedAcl acl;
  ExplainedAcl reply_acl;        // of questions
  bool replies_refused = false;  // nothing else is
  ExplainedChanges changes;

  bool allowed() const {
    return kind == VerdictKind::kAllowedByRule || kind == VerdictKind::kAllowedAsReturn ||
           kind == VerdictKind::kAllowedUnexplained;
  }
  bool denied() const {
    return kind == VerdictKind::kDeniedByVpc || kind >= VerdictKind::kDeniedByNetworkAcl;
  }
};

// `decide` gives the judge's verdict on the record.
Explanation ExplainRecord(const FlowRecord& record, Judge& judge,
                          const std::function<Verdict()>& decide);

// For QuestionPacket.
Explanation ExplainQuestion(const Packet& packet, Judge& judge);

ExplainedGroup ExplainGroup(const Inventory& inventory, const std::string& id);
ExplainedInterface ExplainInterface(const NetworkInterface& interface, const InventoryIndex& index);
// "inbound", "outbound"
std::string_view DirectionWord(Direction direction);
// "deny tcp 22 from 0.0.0.0/0"
std::string DescribeEntry(const NetworkAclEntry& entry);
// The interface of the own VPC that has the peer's address; null where none has.
const NetworkInterface* NearPeer(const Packet& packet, const InventoryIndex& index);

}  // namespace sgflow
