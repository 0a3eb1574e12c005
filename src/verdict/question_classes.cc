#include "verdict/question_classes.h"

#include <algorithm>
#include <vector>

#include "inventory/inventory.h"
#include "network/protocol.h"

namespace sgflow {

QuestionClasses::QuestionClasses(const InventoryIndex& index, const GroupList& list,
                                 Direction direction)
    : index_(index) {
  const Inventory& inventory = index.inventory();
  std::vector<IpPrefix> prefixes;
  for (const GroupIndex group : list.groups) {
    for (const RuleIndex number : inventory.groups()[group].rules(direction)) {
      const Rule& rule = inventory.rules()[number];
      if (NamesPort(rule) && HasPorts(*rule.protocol)) {
        const auto [first, last] = PortsInside(rule);
        if (first <= last) ports_.Add(first, last);
      }
      switch (rule.source.kind) {
        case RuleSource::Kind::kPrefix:
          prefixes.push_back(rule.source.prefix);
          break;
        case RuleSource::Kind::kPrefixList:
          asks_for_lists_ = true;
          break;
        case RuleSource::Kind::kSecurityGroup:
          asks_for_holder_ = asks_for_holder_ || rule.source.peering != PeeringStatus::kDeleted;
          break;
      }
    }
  }
  std::ranges::sort(prefixes);
  const auto repeated = std::ranges::unique(prefixes);
  prefixes.erase(repeated.begin(), repeated.end());
  prefixes_ = PrefixClasses(prefixes);
  ports_.Finish();
}

QuestionClass QuestionClasses::Of(const Question& question) const {
  QuestionClass of{.prefix = prefixes_.Of(question.peer)};
  if (asks_for_holder_ && question.entry != 0) {
    // A neighbour is its groups; of others the members of each group have to be asked.
    const auto near = index_.InterfaceIn(question.vpc, question.entry);
    of.holder = near ? (index_.facts(*near).list << 1 | 1) : question.entry << 1;
  }
  if (asks_for_lists_) of.listed = question.listed;
  if (question.fragment) {
    of.port = 0xFFFFFFFF;
  } else if (HasPorts(question.protocol)) {
    of.port = ports_.Of(question.port);
  } else if (question.icmp) [[unlikely]] {
    // A code that is not told is one of its own.
    of.port =
        (question.icmp->type + 1U) << 16 | (question.icmp->code ? *question.icmp->code : 256U);
  }
  return of;
}

}  // namespace sgflow
