#include "live/live_document.h"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

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

}  // namespace

std::string DocumentOf(const LiveKnowledge& known) {
  std::string text = "{\"Snapshot\":{\"Coverage\":{\"Kinds\":[]";
  {
    JsonList of_members("MembersOfGroupIds", text);
    for (const auto& [id, said] : known.members) of_members.AddText(id);
  }
  {
    JsonList of_rules("RulesOfGroupIds", text);
    for (const auto& [id, group] : known.groups) of_rules.AddText(id);
  }
  text += "}}";
  {
    JsonList list("NetworkInterfaces", text);
    for (const auto& [id, interface] : known.interfaces) list.Add(interface.element.json);
  }
  {
    JsonList list("SecurityGroups", text);
    // One without rules, or that nothing carries, would else count as lacking. Their names are
    // those that interfaces carry them by.
    for (const auto& [id, group] : known.groups) list.Add("{\"GroupId\":\"" + id + "\"}");
    for (const auto& [id, said] : known.members) {
      if (!known.groups.contains(id)) list.Add("{\"GroupId\":\"" + id + "\"}");
    }
  }
  {
    JsonList list("SecurityGroupRules", text);
    for (const auto& [id, group] : known.groups) list.Add(group.rules);
  }
  {
    JsonList list("PrefixLists", text);
    for (const auto& [id, prefix_list] : known.prefix_lists) list.Add(prefix_list.json);
  }
  {
    JsonList list("Subnets", text);
    for (const auto& [id, subnet] : known.subnets) list.Add(subnet.json);
  }
  // Only for those subnets whose addresses are known too: within a subnet no ACL acts.
  std::map<std::string_view, std::pair<const LiveKnowledge::Subnet*, std::vector<std::string_view>>>
      acls;
  for (const auto& [id, subnet] : known.subnets) {
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
