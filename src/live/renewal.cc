#include "live/renewal.h"

#include <string>

namespace sgflow {
namespace {

Lacking::Name NameOf(const std::string& id, const LiveKnowledge::Said& said) {
  return {said.place.account_id, said.place.region, id};
}

}  // namespace

void AddOlder(Lesson& lesson, const LiveKnowledge& known, LiveKnowledge::Time than) {
  for (const auto& [id, interface] : known.interfaces) {
    if (interface.said > than || !interface.own || interface.gone) continue;
    lesson.AddInterface(interface.place, NameOf(id, interface), /*anew=*/true);
  }
  const auto in_use = known.GroupsInUse();
  for (const auto& [id, group] : known.groups) {
    if (group.said <= than && in_use.contains(id)) lesson.AddGroup(group.place, id);
  }
  for (const auto& [id, said] : known.members) {
    if (said.said <= than) lesson.AddMembers(said.place, NameOf(id, said));
  }
  for (const auto& [id, list] : known.prefix_lists) {
    if (list.said <= than) lesson.AddPrefixList(list.place, NameOf(id, list));
  }
  for (const auto& [id, subnet] : known.subnets) {
    if (subnet.said <= than) lesson.AddSubnet(subnet.place, NameOf(id, subnet));
  }
}

void ForgetAbsent(LiveKnowledge& known, std::span<const Lesson::Outcome> outcomes) {
  for (const Lesson::Outcome& outcome : outcomes) {
    if (outcome.found || outcome.fault) continue;
    const std::string& id = outcome.sought.id;
    switch (outcome.sought.what) {
      case Learnable::kInterface:
        if (const auto at = known.interfaces.find(id); at != known.interfaces.end()) {
          at->second.gone = true;
        }
        break;
      case Learnable::kGroupMembers:
        known.members.erase(id);
        break;
      case Learnable::kPrefixList:
        known.prefix_lists.erase(id);
        break;
      case Learnable::kNetworkAcl:
        known.subnets.erase(id);
        break;
      case Learnable::kGroupRules:
      case Learnable::kBranches:
        break;
    }
  }
}

}  // namespace sgflow
