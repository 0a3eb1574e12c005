// Of a lesson: what rules refer to (members of groups, prefix lists) and what refused records hang
// on (subnets with their network ACLs).
#include <algorithm>
#include <iterator>
#include <memory>

#include "live/lesson.h"

namespace sgflow {
namespace {

bool SaysNotFound(const AwsFault& fault) {
  return fault.kind == AwsFault::Kind::kNotFound || fault.code.ends_with(".NotFound");
}

}  // namespace

void Lesson::QueueReferences() {
  for (const auto& [place, names] : members_) {
    QueueNamed(place, names, Ec2Action::kDescribeNetworkInterfaces, "group-id",
               &Lesson::TakeMembers);
  }
  QueueSubnets();
  for (const auto& [place, name] : prefix_lists_) {
    queue_.Add(place,
               {.action = Ec2Action::kGetManagedPrefixListEntries, .prefix_list_id = name.id},
               [this, &at = place, &list = name](Ec2Places::Answer answer) {
                 TakePrefixList(at, list, std::move(answer));
               });
  }
}

void Lesson::QueueSubnets() {
  for (const auto& [place, names] : subnets_) {
    Ids ids;
    for (const Lacking::Name& name : names) ids.insert(name.id);
    // Pieces are the same for both, and those of the first are answered before.
    const auto described = std::make_shared<std::map<Ids, Ec2Places::Answer>>();
    queue_.AddFiltered(place, Ec2Action::kDescribeSubnets, "subnet-id", ids,
                       [described](const Ids& asked, Ec2Places::Answer subnets) {
                         described->emplace(asked, std::move(subnets));
                       });
    queue_.AddFiltered(
        place, Ec2Action::kDescribeNetworkAcls, "association.subnet-id", ids,
        [this, described, &at = place, &all = names](const Ids& asked, Ec2Places::Answer acls) {
          Names of_question;
          std::ranges::copy_if(all, std::back_inserter(of_question),
                               [&](const auto& name) { return asked.contains(name.id); });
          TakeSubnets(at, of_question, std::move(described->at(asked)), std::move(acls));
        });
  }
}

void Lesson::TakeMembers(const Ec2Place& place, const Names& names, Ec2Places::Answer answer) {
  if (!answer) {
    Failed(Learnable::kGroupMembers, place, names, answer.error(),
           Ec2Action::kDescribeNetworkInterfaces);
    return;
  }
  Ids asked;
  for (const Lacking::Name& name : names) asked.insert(name.id);
  ForgetFormerMembers(place, asked, *answer);
  Ids carried;
  for (const Ec2Element& element : *answer) {
    carried.insert(element.related.begin(), element.related.end());
  }
  for (Ec2Element& element : *answer) {
    const bool own = known_.IsOwn(element.id);
    KeepInterface({place, options_.now}, std::move(element), own);
  }
  Names unseen;
  for (const Lacking::Name& name : names) {
    if (carried.contains(name.id) || known_.groups.contains(name.id)) {
      KeepMembers(place, name);
    } else {
      unseen.push_back(name);
    }
  }
  QueueNamed(place, unseen, Ec2Action::kDescribeSecurityGroups, "group-id", &Lesson::TakeUnseen);
}

// Peers that are no members any more.
void Lesson::ForgetFormerMembers(const Ec2Place& place, const Ids& groups,
                                 const std::vector<Ec2Element>& members) {
  std::set<std::string_view> carrying;
  for (const Ec2Element& element : members) carrying.insert(element.id);
  const auto left = [&](const auto& entry) {
    const auto& interface = entry.second;
    return !interface.own && interface.place == place && !carrying.contains(entry.first) &&
           std::ranges::any_of(interface.element.related,
                               [&](const std::string& group) { return groups.contains(group); });
  };
  if (std::erase_if(known_.interfaces, left) != 0) changed_ = true;
}

void Lesson::KeepMembers(const Ec2Place& place, const Lacking::Name& name) {
  Keep(known_.members, name.id, LiveKnowledge::Said{place, options_.now},
       known_.members.contains(name.id));
  Found(Learnable::kGroupMembers, place, name);
}

void Lesson::TakeUnseen(const Ec2Place& place, const Names& names, Ec2Places::Answer groups) {
  if (!groups) {
    Failed(Learnable::kGroupMembers, place, names, groups.error(),
           Ec2Action::kDescribeSecurityGroups);
    return;
  }
  for (const Lacking::Name& name : names) {
    if (std::ranges::find(*groups, name.id, &Ec2Element::id) != groups->end()) {
      KeepMembers(place, name);
    } else {
      NotThere(Learnable::kGroupMembers, place, name);
    }
  }
}

void Lesson::TakePrefixList(const Ec2Place& place, const Lacking::Name& name,
                            Ec2Places::Answer answer) {
  if (!answer && SaysNotFound(answer.error())) {
    NotThere(Learnable::kPrefixList, place, name);
  } else if (!answer) {
    Failed(Learnable::kPrefixList, place, {name}, answer.error(),
           Ec2Action::kGetManagedPrefixListEntries);
  } else {
    Ec2Element& told = answer->front();
    AppendMembers(told.apart, told.json);
    LiveKnowledge::List list{{place, options_.now}, std::move(told.json)};
    const auto known = known_.prefix_lists.find(name.id);
    const bool same = known != known_.prefix_lists.end() && known->second.json == list.json;
    Keep(known_.prefix_lists, name.id, std::move(list), same);
    Found(Learnable::kPrefixList, place, name);
  }
}

void Lesson::TakeSubnets(const Ec2Place& place, const Names& names, Ec2Places::Answer subnets,
                         Ec2Places::Answer acls) {
  if (!subnets) {
    Failed(Learnable::kNetworkAcl, place, names, subnets.error(), Ec2Action::kDescribeSubnets);
    return;
  }
  if (!acls) {
    Failed(Learnable::kNetworkAcl, place, names, acls.error(), Ec2Action::kDescribeNetworkAcls);
    return;
  }
  std::map<std::string_view, const Ec2Element*> described;
  for (const Ec2Element& subnet : *subnets) described.emplace(subnet.id, &subnet);
  std::map<std::string_view, const Ec2Element*> acl_of;
  for (const Ec2Element& acl : *acls) {
    for (const std::string& subnet_id : acl.related) acl_of.emplace(subnet_id, &acl);
  }
  for (const Lacking::Name& name : names) {
    const auto subnet = described.find(name.id);
    const auto acl = acl_of.find(name.id);
    if (subnet == described.end() || acl == acl_of.end()) {
      NotThere(Learnable::kNetworkAcl, place, name);
      continue;
    }
    LiveKnowledge::Subnet said{
        {place, options_.now}, subnet->second->json, acl->second->id, acl->second->json};
    const auto known = known_.subnets.find(name.id);
    const bool same = known != known_.subnets.end() && known->second.json == said.json &&
                      known->second.acl == said.acl;
    Keep(known_.subnets, name.id, std::move(said), same);
    Found(Learnable::kNetworkAcl, place, name);
  }
}

}  // namespace sgflow
