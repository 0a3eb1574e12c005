#include "verdict/reason.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <utility>

#include "inventory/inventory.h"
#include "verdict/rule_matcher.h"

namespace sgflow {
namespace {

std::string_view ObstacleText(Obstacle obstacle) {
  switch (obstacle) {
    case Obstacle::kNoData:
      return "there was no traffic in this window";
    case Obstacle::kSkippedData:
      return "the records of this window were lost";
    case Obstacle::kTransitGateway:
      return "a transit gateway's own record belongs to no interface with security groups";
    case Obstacle::kRegionalNatGateway:
      return "a regional NAT gateway has no interface and no security groups";
    case Obstacle::kNoGroups:
      return "the interface has no security groups";
    case Obstacle::kInterfaceNotInInventory:
      return "the inventory does not have the interface";
    case Obstacle::kNoAddressToSearch:
      return "the record has neither an interface id nor an address to find the interface by";
    case Obstacle::kNoInterfaceFits:
      return "the record has no interface id, and no interface of the inventory fits its address, "
             "VPC and instance";
    case Obstacle::kSeveralInterfacesFit:
      return "the record has no interface id, and several interfaces of the inventory fit its "
             "address, VPC and instance";
    case Obstacle::kNone:
    case Obstacle::kFieldsMissing:
      break;
  }
  return {};
}

std::string MissingText(std::uint8_t missing) {
  if (missing == 0) {
    return "the inventory does not tell the interface's security groups: its description has no "
           "Groups";
  }
  constexpr std::array<std::pair<MissingField, std::string_view>, 7> kNames{
      {{kMissingAction, "an action that is ACCEPT or REJECT"},
       {kMissingProtocol, "a protocol"},
       {kMissingSourceAddress, "a source address"},
       {kMissingDestinationAddress, "a destination address"},
       {kMissingSourcePort, "a source port"},
       {kMissingDestinationPort, "a destination port"},
       {kMissingDirection, "a direction"}}};
  std::string text;
  for (const auto& [field, name] : kNames) {
    if ((missing & field) == 0) continue;
    const bool is_last = (missing >> std::countr_zero(unsigned{field})) == 1;
    text += text.empty() ? "the record lacks " : is_last ? " and " : ", ";
    text += name;
  }
  if ((missing & kMissingDirection) != 0) text += ", which the addresses do not tell either";
  return text;
}

std::string_view RuleWord(Direction direction) {
  return direction == Direction::kIngress ? "inbound" : "outbound";
}

// Who opened, and how that is known.
std::string OpenerText(const Verdict& verdict) {
  const std::string who = verdict.initiator == Initiator::kLocal ? "the local side" : "the peer";
  const std::string rules(RuleWord(verdict.judged_direction));
  switch (verdict.evidence) {
    case Evidence::kFlags:
      return "by its TCP flags " + who + " opened the connection";
    case Evidence::kMemory:
      return "by the flags of an earlier record " + who + " opened the connection";
    case Evidence::kOnlyMatch:
      return "only " + rules + " rules fit, so " + who + " opened the connection";
    case Evidence::kOnlyNamesPort:
      return "only " + rules + " rules name the port, so " + who + " likely opened the connection";
    case Evidence::kOnlySure:
      return "only " + rules + " rules surely fit, so " + who + " may have opened the connection";
    case Evidence::kWellKnownPort:
      return "by its well-known port " + who + " likely opened the connection";
    case Evidence::kRegisteredPort:
      return "by its ports " + who + " may have opened the connection";
    case Evidence::kQuestion:
      return who + " opens the connection";
    case Evidence::kNone:
      break;
  }
  return "who opened is not known";
}

// Groups of the interface whose rules the inventory does not have.
std::string IncompleteText(const Verdict& verdict, const InventoryIndex& index) {
  // By name: the index's order is that of the documents.
  std::set<std::string_view> unknown;
  const Inventory& inventory = index.inventory();
  for (const GroupIndex group : index.lists()[index.facts(*verdict.local).list].groups) {
    if (!inventory.groups()[group].rules_known) unknown.insert(inventory.groups()[group].id);
  }
  std::string groups;
  const Unlearned* unlearned = nullptr;
  for (const std::string_view group : unknown) {
    groups += groups.empty() ? "" : ", ";
    groups += group;
    if (unlearned == nullptr) unlearned = inventory.FindUnlearned(Learnable::kGroupRules, group);
  }
  if (groups.empty()) return "; the inventory's documents were warned about here";
  return "; the inventory does not have all rules of " + groups +
         (unlearned == nullptr ? "" : ": " + unlearned->reason);
}

std::string EntryText(AclIndex acl, std::int32_t entry, const InventoryIndex& index) {
  return "entry " + std::to_string(entry) + " of " + index.inventory().acls()[acl].id;
}

std::string AclEntryText(const Verdict& verdict, const InventoryIndex& index) {
  return EntryText(*verdict.acl, verdict.acl_rule, index);
}

// Where the ACL may drop the replies.
std::string RepliesDoubtText(const Verdict& verdict, const InventoryIndex& index) {
  if (verdict.reply_acl.outcome == AclOutcome::kAllowsSome) {
    return "; " + EntryText(*verdict.reply_acl.acl, verdict.reply_acl.number, index) +
           " denies the replies to some of the ports that it may come from";
  }
  return verdict.reply_acl.doubtful
             ? "; of the network ACL's entries for the replies not all can be told"
             : "";
}

std::string AllowedText(const Verdict& verdict, std::string_view doubt,
                        const InventoryIndex& index) {
  const bool inbound_rule = verdict.judged_direction == Direction::kIngress;
  const std::string rule = "an " + std::string(RuleWord(verdict.judged_direction)) + " rule";
  std::string text = OpenerText(verdict);
  if (verdict.kind == VerdictKind::kAllowedUnexplained) {
    return text + ", but no " + std::string(RuleWord(verdict.judged_direction)) +
           " rule fits: one was removed while the connection was tracked, or the inventory is of "
           "another time";
  }
  text += ", and " + rule;
  if (verdict.matched_untold)
    text += verdict.evidence == Evidence::kQuestion ? " may" : " may have";
  if (verdict.kind == VerdictKind::kAllowedAsReturn) {
    text += inbound_rule ? " let it in: this is the reply" : " let it out: this is the reply";
  } else if (verdict.matched_untold) {
    text += inbound_rule ? " let it in" : " let it out";
  } else {
    text += inbound_rule ? " lets it in" : " lets it out";
  }
  if (verdict.matched_untold && !doubt.empty()) text += "; " + std::string(doubt);
  return text + RepliesDoubtText(verdict, index);
}

// A reply's connection is refused; what opens it would pass.
std::string RepliesRefusedText(const Verdict& verdict, const InventoryIndex& index) {
  const bool inbound = verdict.direction == Direction::kIngress;
  std::string text = verdict.no_groups ? "there are no security groups" : "the security groups";
  if (!verdict.no_groups) {
    const bool sure = verdict.matches != nullptr && verdict.matches->sure_count != 0;
    text += sure ? " let it " : " may let it ";
    text += inbound ? "in" : "out";
  }
  text += ", but " + AclEntryText(verdict, index) + " denies the replies to it";
  if (verdict.reply_acl.may_be_otherwise) text += ", if no earlier entry that cannot be told fits";
  return text;
}

std::string DeniedByAclText(const Verdict& verdict, const InventoryIndex& index) {
  if (verdict.replies_refused) return RepliesRefusedText(verdict, index);
  std::string text = AclEntryText(verdict, index) + " denies it";
  if (verdict.acl_answer.may_be_otherwise) {
    text += ", if no earlier entry that cannot be told fits";
  } else if (verdict.acl_answer.doubtful) {
    text += ", or an earlier one that cannot be told";
  }
  if (verdict.groups_refuse) return text + "; the security groups would refuse it too";
  if (verdict.no_groups) return text;
  const bool sure = verdict.matches != nullptr && verdict.matches->sure_count != 0;
  if (verdict.direction == Direction::kEgress) {
    text += sure ? "; the security groups let it out" : "; the security groups may let it out";
  } else if (!sure) {
    text += "; the security groups may refuse it too";
  }
  return text;
}

std::string DeniedByGroupsText(const Verdict& verdict, std::string_view doubt,
                               const InventoryIndex& index) {
  std::string text = OpenerText(verdict) + ", and no " +
                     std::string(RuleWord(verdict.judged_direction)) + " rule ";
  const bool in_doubt = !verdict.untold.empty();
  text += in_doubt ? "surely allows it" : "allows it";
  if (in_doubt && !doubt.empty()) text += "; " + std::string(doubt);
  if (verdict.acl) text += "; " + AclEntryText(verdict, index) + " would deny it next";
  return text;
}

std::string UnexplainedText(const Verdict& verdict, const Unlearned* unlearned) {
  std::string text = "security groups and network ACL allow it: ";
  if (verdict.acl_answer.outcome == AclOutcome::kUnknown) {
    text = verdict.no_groups ? "the interface has no security groups, and "
                             : "the security groups allow it, and ";
    return text +
           "the subnet's network ACL is not known: that ACL may have refused it, or the inventory "
           "is of another time" +
           (unlearned == nullptr ? "" : "; " + unlearned->reason);
  }
  if (verdict.acl_answer.outcome == AclOutcome::kNotMet) {
    text = verdict.no_groups ? "there are no security groups" : "the security groups allow it";
    text += ", and within a subnet no network ACL is met: ";
  } else if (verdict.no_groups) {
    text = "there are no security groups and the network ACL allows it: ";
  }
  return text + "the inventory is of another time, or the cause is one that flow logs do not tell";
}

std::string JudgedText(const Verdict& verdict, std::string_view doubt,
                       const InventoryIndex& index) {
  switch (verdict.kind) {
    case VerdictKind::kDeniedByVpc:
      return verdict.reject_reason == RejectReason::kBlockPublicAccess
                 ? "the VPC's block public access refused it"
                 : "the VPC's encryption controls refused it";
    case VerdictKind::kAllowedByRule:
    case VerdictKind::kAllowedAsReturn:
    case VerdictKind::kAllowedUnexplained:
      return AllowedText(verdict, doubt, index);
    case VerdictKind::kDeniedByNetworkAcl:
      return DeniedByAclText(verdict, index);
    case VerdictKind::kDeniedBySecurityGroup:
      return DeniedByGroupsText(verdict, doubt, index);
    case VerdictKind::kDeniedAfterClose:
      return "a late FIN or RST of a connection that is closed already";
    case VerdictKind::kDeniedNoConnection:
      return verdict.flags_hint == 0
                 ? "a packet in the middle of a connection that is not tracked here: its opening "
                   "went another way, or its tracking ran out"
                 : "a SYN-ACK of a connection that is not tracked here: its opening went another "
                   "way";
    default:
      return UnexplainedText(verdict, UnlearnedAclOf(verdict, index));
  }
}

bool RestsOnSilence(const Verdict& verdict) {
  return verdict.kind == VerdictKind::kDeniedBySecurityGroup ||
         verdict.kind == VerdictKind::kAllowedUnexplained ||
         verdict.evidence == Evidence::kOnlyMatch;
}

}  // namespace

const Unlearned* UnlearnedAclOf(const Verdict& verdict, const InventoryIndex& index) {
  if (verdict.acl_answer.outcome != AclOutcome::kUnknown || verdict.local == nullptr)
    return nullptr;
  return index.inventory().FindUnlearned(Learnable::kNetworkAcl, verdict.local->subnet_id);
}

std::string ReasonOf(const Verdict& verdict, std::string_view doubt, const InventoryIndex& index) {
  std::string text;
  if (verdict.obstacle == Obstacle::kFieldsMissing) {
    text = MissingText(verdict.missing);
  } else if (!verdict.unlearned.empty()) {
    text = verdict.unlearned;
  } else if (verdict.obstacle != Obstacle::kNone) {
    text = std::string(ObstacleText(verdict.obstacle)) + RepliesDoubtText(verdict, index);
  } else {
    text = JudgedText(verdict, doubt, index);
    if (verdict.groups_incomplete && RestsOnSilence(verdict)) {
      text += IncompleteText(verdict, index);
    }
    if (verdict.acl_answer.outcome == AclOutcome::kUnknown &&
        verdict.kind != VerdictKind::kDeniedUnexplained) {
      text += "; the subnet's network ACL is not known";
      if (const Unlearned* unlearned = UnlearnedAclOf(verdict, index)) {
        text += ": " + unlearned->reason;
      }
    }
  }
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text + '.';
}

}  // namespace sgflow
