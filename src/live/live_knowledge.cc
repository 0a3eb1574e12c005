#include "live/live_knowledge.h"

#include <algorithm>
#include <utility>

#include "documents/documents.h"

namespace sgflow {
namespace {

// "KEY":[...], of a JSON object.
class JsonList {
 public:
  JsonList(std::string_view key, std::string& to) : to_(to) {
    to_ += ",\"";
    to_ += key;
    to_ += "\":[";
  }
  JsonList(const JsonList&) = delete;
  JsonList& operator=(const JsonList&) = delete;
  ~JsonList() { to_ += ']'; }

  void Add(std::string_view json) {
    if (json.empty()) return;
    if (!std::exchange(first_, false)) to_ += ',';
    to_ += json;
  }
  void AddText(std::string_view text) { Add('"' + std::string(text) + '"'); }

 private:
  std::string& to_;
  bool first_ = true;
};

template <typename T>
bool EraseBefore(std::map<std::string, T, std::less<>>& known, LiveKnowledge::Time time) {
  return std::erase_if(known, [&](const auto& entry) { return entry.second.said < time; }) != 0;
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
  if (EraseBefore(groups, time)) DisownIncomplete();
  return size() != before;
}

void LiveKnowledge::DisownIncomplete() {
  for (auto& [id, interface] : interfaces) {
    interface.own = interface.own && KnowsGroupsOf(interface.element);
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
  DisownIncomplete();
}

bool LiveKnowledge::IsOwn(std::string_view interface_id) const {
  const auto found = interfaces.find(interface_id);
  return found != interfaces.end() && found->second.own;
}

bool LiveKnowledge::KnowsGroupsOf(const Ec2Element& interface) const {
  return std::ranges::all_of(interface.related,
                             [&](const std::string& group) { return groups.contains(group); });
}

std::shared_ptr<const Inventory> LiveKnowledge::Build(std::vector<Unlearned> unlearned) const {
  for (const auto& [id, interface] : interfaces) {
    if (!interface.own) unlearned.push_back({.interface_id = id, .reason = {}});
  }
  const std::string text = Document();
  const sgflow::Document document{.name = "AWS", .text = text};
  auto loaded = LoadInventory(std::span(&document, 1), std::move(unlearned));
  return loaded ? std::move(loaded->inventory) : nullptr;
}

std::string LiveKnowledge::Document() const {
  std::string text = "{\"Snapshot\":{\"Coverage\":{\"Kinds\":[]";
  {
    JsonList of_members("MembersOfGroupIds", text);
    for (const auto& [id, said] : members) of_members.AddText(id);
  }
  {
    JsonList of_rules("RulesOfGroupIds", text);
    for (const auto& [id, group] : groups) of_rules.AddText(id);
  }
  text += "}}";
  {
    JsonList list("NetworkInterfaces", text);
    for (const auto& [id, interface] : interfaces) list.Add(interface.element.json);
  }
  {
    JsonList list("SecurityGroups", text);
    // One without rules, or that nothing carries, would else count as lacking. Their names are
    // those that interfaces carry them by.
    for (const auto& [id, group] : groups) list.Add("{\"GroupId\":\"" + id + "\"}");
    for (const auto& [id, said] : members) {
      if (!groups.contains(id)) list.Add("{\"GroupId\":\"" + id + "\"}");
    }
  }
  {
    JsonList list("SecurityGroupRules", text);
    for (const auto& [id, group] : groups) list.Add(group.rules);
  }
  {
    JsonList list("PrefixLists", text);
    for (const auto& [id, prefix_list] : prefix_lists) list.Add(prefix_list.json);
  }
  {
    JsonList list("Subnets", text);
    for (const auto& [id, subnet] : subnets) list.Add(subnet.json);
  }
  // Only for those subnets whose addresses are known too: within a subnet no ACL acts.
  std::map<std::string_view, std::pair<const Subnet*, std::vector<std::string_view>>> acls;
  for (const auto& [id, subnet] : subnets) {
    auto& [newest, subnet_ids] = acls[subnet.acl_id];
    if (newest == nullptr || newest->said < subnet.said) newest = &subnet;
    subnet_ids.push_back(id);
  }
  {
    JsonList list("NetworkAcls", text);
    for (const auto& [acl_id, acl] : acls) {
      std::string json(acl.first->acl, 0, acl.first->acl.size() - 1);
      {
        JsonList associations("Associations", json);
        for (const std::string_view id : acl.second) {
          associations.Add("{\"SubnetId\":\"" + std::string(id) + "\"}");
        }
      }
      list.Add(json + '}');
    }
  }
  return text + '}';
}

}  // namespace sgflow
