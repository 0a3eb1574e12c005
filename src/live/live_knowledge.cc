#include "live/live_knowledge.h"

#include <algorithm>
#include <utility>

#include "documents/documents.h"
#include "live/live_document.h"

namespace sgflow {
namespace {

template <typename T>
void EraseBefore(std::map<std::string, T, std::less<>>& known, LiveKnowledge::Time time) {
  std::erase_if(known, [&](const auto& entry) { return entry.second.said < time; });
}

template <typename T>
void FindOldest(const std::map<std::string, T, std::less<>>& known,
                std::optional<LiveKnowledge::Time>& oldest) {
  for (const auto& [id, said] : known) {
    if (!oldest || said.said < *oldest) oldest = said.said;
  }
}

}  // namespace

std::optional<LiveKnowledge::Time> LiveKnowledge::Oldest() const {
  std::optional<Time> oldest;
  FindOldest(interfaces, oldest);
  FindOldest(groups, oldest);
  FindOldest(members, oldest);
  FindOldest(prefix_lists, oldest);
  FindOldest(subnets, oldest);
  return oldest;
}

std::optional<LiveKnowledge::Time> LiveKnowledge::OldestRenewable() const {
  std::optional<Time> oldest;
  for (const auto& [id, interface] : interfaces) {
    const bool renewable = interface.own && !interface.gone;
    if (renewable && (!oldest || interface.said < *oldest)) oldest = interface.said;
  }
  const auto in_use = GroupsInUse();
  for (const auto& [id, group] : groups) {
    if (in_use.contains(id) && (!oldest || group.said < *oldest)) oldest = group.said;
  }
  FindOldest(members, oldest);
  FindOldest(prefix_lists, oldest);
  FindOldest(subnets, oldest);
  return oldest;
}

std::set<std::string, std::less<>> LiveKnowledge::GroupsInUse() const {
  std::set<std::string, std::less<>> in_use;
  for (const auto& [id, interface] : interfaces) {
    if (!interface.own || interface.gone) continue;
    in_use.insert(interface.element.related.begin(), interface.element.related.end());
  }
  return in_use;
}

bool LiveKnowledge::ForgetBefore(Time time) {
  const std::size_t before = size();
  EraseBefore(interfaces, time);
  EraseBefore(members, time);
  EraseBefore(prefix_lists, time);
  EraseBefore(subnets, time);
  EraseBefore(groups, time);
  return size() != before;
}

void LiveKnowledge::NoteUse(const Inventory& of, const std::vector<bool>& used, Time now) {
  std::set<GroupIndex> carried;
  for (InterfaceIndex i = 0; i < used.size(); ++i) {
    if (!used[i]) continue;
    const NetworkInterface& interface = of.interfaces()[i];
    carried.insert(interface.groups.begin(), interface.groups.end());
    const auto found = interfaces.find(interface.id);
    if (found != interfaces.end()) found->second.used = now;
  }
  // And the members of groups that their rules reference.
  std::set<std::string_view> referenced;
  for (const Rule& rule : of.rules()) {
    const bool of_group = rule.source.kind == RuleSource::Kind::kSecurityGroup;
    if (of_group && carried.contains(rule.group)) referenced.insert(rule.source.id);
  }
  for (auto& [id, interface] : interfaces) {
    const bool member =
        std::ranges::any_of(interface.element.related,
                            [&](const std::string& group) { return referenced.contains(group); });
    if (member) interface.used = now;
  }
}

bool LiveKnowledge::ShrinkTo(std::size_t most, Time in_use) {
  if (size() <= most) return false;
  const std::size_t before = size();
  // Well below, so that not every batch has to.
  const std::size_t wanted = most - most / 8;
  std::vector<std::pair<Time, std::string>> by_use;
  for (const auto& [id, interface] : interfaces) by_use.emplace_back(interface.used, id);
  std::ranges::sort(by_use);
  for (const auto& [used, id] : by_use) {
    if (size() <= wanted || used >= in_use) break;
    const auto found = interfaces.find(id);
    // A group with a member missing is one whose members are not known.
    for (const std::string& group : found->second.element.related) members.erase(group);
    interfaces.erase(found);
  }
  ForgetIdleGroups();
  return size() != before;
}

bool LiveKnowledge::ForgetIdleGroups() {
  std::set<std::string_view> carried;
  for (const auto& [id, interface] : interfaces) {
    if (interface.own)
      carried.insert(interface.element.related.begin(), interface.element.related.end());
  }
  return std::erase_if(groups, [&](const auto& entry) { return !carried.contains(entry.first); }) !=
         0;
}

template <typename T>
void LiveKnowledge::EraseUnreadable(ById<T>& known,
                                    const std::function<std::string(const T&)>& text_of) {
  std::erase_if(known, [&](const auto& entry) {
    const std::string text = text_of(entry.second);
    const sgflow::Document document{.name = "AWS", .text = text};
    return !LoadInventory(std::span(&document, 1));
  });
}

void LiveKnowledge::ForgetUnreadable() {
  EraseUnreadable<Interface>(interfaces, [](const Interface& interface) {
    return "{\"NetworkInterfaces\":[" + interface.element.json + "]}";
  });
  EraseUnreadable<Group>(
      groups, [](const Group& group) { return "{\"SecurityGroupRules\":[" + group.rules + "]}"; });
  EraseUnreadable<List>(prefix_lists,
                        [](const List& list) { return "{\"PrefixLists\":[" + list.json + "]}"; });
  EraseUnreadable<Subnet>(subnets, [](const Subnet& subnet) {
    return "{\"Subnets\":[" + subnet.json + "],\"NetworkAcls\":[" + subnet.acl + "]}";
  });
}

bool LiveKnowledge::IsOwn(std::string_view interface_id) const {
  const auto found = interfaces.find(interface_id);
  return found != interfaces.end() && found->second.own;
}

bool LiveKnowledge::Has(Learnable what, std::string_view id) const {
  switch (what) {
    case Learnable::kInterface:
    case Learnable::kBranches:
      return IsOwn(id);
    case Learnable::kGroupRules:
      return groups.contains(id);
    case Learnable::kGroupMembers:
      return members.contains(id);
    case Learnable::kPrefixList:
      return prefix_lists.contains(id);
    case Learnable::kNetworkAcl:
      break;
  }
  return subnets.contains(id);
}

std::shared_ptr<const Inventory> LiveKnowledge::Build(std::vector<Unlearned> unlearned) const {
  // By one account's identity it may be seen where by another's it is not.
  std::erase_if(unlearned, [&](const Unlearned& one) {
    return one.what == Learnable::kInterface && IsOwn(one.id);
  });
  for (const auto& [id, interface] : interfaces) {
    if (!interface.own) unlearned.push_back({.id = id, .reason = {}});
  }
  const std::string text = DocumentOf(*this);
  const sgflow::Document document{.name = "AWS", .text = text};
  auto loaded = LoadInventory(std::span(&document, 1), std::move(unlearned));
  return loaded ? std::move(loaded->inventory) : nullptr;
}

}  // namespace sgflow
