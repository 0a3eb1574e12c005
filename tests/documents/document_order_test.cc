// Neither the order of files nor that of what stands in their lists, nor how it is spread over
// files, changes what is looked up.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "documents/loading.h"

namespace sgflow {
namespace {

using testing::Texts;

// Something in a document: the key of its list, and its JSON.
struct Thing {
  std::string key;
  std::string json;

  auto operator<=>(const Thing&) const = default;
};

std::string Id(std::string_view kind, int number) {
  return std::string(kind) + '-' + std::to_string(number);
}

int Below(int end) { return *rc::gen::inRange(0, end); }

std::string Joined(const Texts& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

constexpr int kVpcs = 2;
constexpr int kGroups = 4;
constexpr int kSubnets = 4;
constexpr int kInterfaces = 5;

// Addresses collide between VPCs, and now and then within one.
std::string Interface(int number) {
  Texts groups;
  for (int i = Below(3); i > 0; --i)
    groups.push_back(R"({"GroupId": ")" + Id("sg", Below(kGroups)) + "\"}");
  const int vpc = Below(kVpcs);
  return R"({"NetworkInterfaceId": ")" + Id("eni", number) + R"(", "VpcId": ")" + Id("vpc", vpc) +
         R"(", "SubnetId": ")" + Id("subnet", vpc * 2 + Below(2)) +
         R"(", "PrivateIpAddress": "10.0.0.)" + std::to_string(Below(4)) +
         R"(", "Ipv4Prefixes": [{"Ipv4Prefix": "10.0.0.)" + std::to_string(Below(3) * 16) +
         R"(/28"}], "Groups": [)" + Joined(groups) + "]}";
}

std::string Source() {
  switch (Below(3)) {
    case 0:
      return R"("CidrIpv4": "10.0.)" + std::to_string(Below(3)) + R"(.0/24")";
    case 1:
      return R"("PrefixListId": "pl-)" + std::to_string(Below(2)) + "\"";
    default:
      return R"("ReferencedGroupInfo": {"GroupId": ")" + Id("sg", Below(kGroups + 1)) + "\"}";
  }
}

std::string Rule(int number) {
  return R"({"SecurityGroupRuleId": ")" + Id("sgr", number) + R"(", "GroupId": ")" +
         Id("sg", Below(kGroups)) + R"(", "IsEgress": )" + (Below(2) == 0 ? "true" : "false") +
         R"(, "IpProtocol": "tcp", "FromPort": )" + std::to_string(Below(9)) + ", " + Source() +
         "}";
}

// Permissions have one name a list, so there is one: its place in the list is no matter here.
std::string Group(int number) {
  return R"({"GroupId": ")" + Id("sg", number) + R"(", "VpcId": ")" + Id("vpc", number % kVpcs) +
         R"(", "IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.)" +
         std::to_string(Below(3)) + R"(.0/24"}]}]})";
}

std::string Acl(int number) {
  Texts associations;
  for (int subnet = 0; subnet < kSubnets; ++subnet) {
    if (Below(3) == 0) associations.push_back(R"({"SubnetId": ")" + Id("subnet", subnet) + "\"}");
  }
  Texts entries;
  for (int i = Below(4); i > 0; --i) {
    entries.push_back(R"({"RuleNumber": )" + std::to_string(100 + Below(3)) +
                      R"(, "Egress": false, "Protocol": "-1", "RuleAction": )" +
                      (Below(2) == 0 ? R"("allow")" : R"("deny")") +
                      R"(, "CidrBlock": "10.0.0.0/8"})");
  }
  return R"({"NetworkAclId": ")" + Id("acl", number) + R"(", "VpcId": ")" +
         Id("vpc", number % kVpcs) + R"(", "IsDefault": )" + (Below(2) == 0 ? "true" : "false") +
         R"(, "Associations": [)" + Joined(associations) + R"(], "Entries": [)" + Joined(entries) +
         "]}";
}

std::vector<Thing> World() {
  std::vector<Thing> things;
  for (int i = 0; i < kInterfaces; ++i) things.push_back({"NetworkInterfaces", Interface(i)});
  for (int i = Below(8); i > 0; --i) things.push_back({"SecurityGroupRules", Rule(i)});
  for (int i = 0; i < kGroups; ++i) {
    if (Below(3) != 0) things.push_back({"SecurityGroups", Group(i)});
  }
  for (int i = 0; i < 3; ++i) things.push_back({"NetworkAcls", Acl(i)});
  for (int i = 0; i < kSubnets; ++i) {
    if (Below(2) == 0) continue;
    things.push_back({"Subnets", R"({"SubnetId": ")" + Id("subnet", i) + R"(", "VpcId": ")" +
                                     Id("vpc", i / 2) + "\"}"});
  }
  things.push_back({"PrefixLists", R"({"PrefixListId": "pl-0", "Cidrs": ["10.1.0.0/16"]})"});
  things.push_back({"PrefixLists", R"({"PrefixListId": "pl-1"})"});
  return things;
}

// Every list stands in every file, maybe empty: what a CLI document vouches for as a whole hangs
// on that, and is not what this is about.
std::vector<std::string> Spread(const std::vector<Thing>& things, int files) {
  constexpr std::string_view kKeys[] = {"NetworkInterfaces", "SecurityGroupRules",
                                        "SecurityGroups",    "NetworkAcls",
                                        "Subnets",           "PrefixLists"};
  std::vector<std::map<std::string, Texts>> lists(static_cast<std::size_t>(files));
  for (const Thing& thing : things) {
    lists[static_cast<std::size_t>(Below(files))][thing.key].push_back(thing.json);
    // The same in a second file counts once.
    if (Below(4) == 0) {
      lists[static_cast<std::size_t>(Below(files))][thing.key].push_back(thing.json);
    }
  }
  std::vector<std::string> texts;
  for (auto& of_file : lists) {
    Texts members;
    for (const std::string_view key : kKeys) {
      members.push_back('"' + std::string(key) + "\": [" + Joined(of_file[std::string(key)]) + "]");
    }
    texts.push_back('{' + Joined(members) + '}');
  }
  return texts;
}

template <typename T>
std::vector<T> Shuffled(std::vector<T> values) {
  for (std::size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[static_cast<std::size_t>(Below(static_cast<int>(i)))]);
  }
  return values;
}

std::set<std::string> RulesOf(const Inventory& inventory, const SecurityGroup& group) {
  std::set<std::string> texts;
  for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
    for (const RuleIndex index : group.rules(direction)) {
      const sgflow::Rule& rule = inventory.rules()[index];
      texts.insert(rule.id + (direction == Direction::kIngress ? " in " : " out ") +
                   std::to_string(rule.from_port) + ' ' + rule.source.ToString());
    }
  }
  return texts;
}

// All that a look-up can tell, as text.
Texts LookUps(const Inventory& inventory) {
  Texts told;
  for (int vpc = 0; vpc < kVpcs; ++vpc) {
    for (int last = 0; last < 64; ++last) {
      const auto address = IpAddress::Parse("10.0.0." + std::to_string(last)).value();
      const NetworkInterface* found = inventory.FindInterface(Id("vpc", vpc), address);
      told.push_back(address.ToString() + " is of " + (found == nullptr ? "nobody" : found->id));
    }
    told.push_back(inventory.InterfacesKnown(Id("vpc", vpc)) ? "known" : "not known");
  }
  for (int i = 0; i < kInterfaces; ++i) {
    std::set<std::string> groups;
    for (const GroupIndex group : inventory.FindInterface(Id("eni", i))->groups) {
      groups.insert(inventory.groups()[group].id);
    }
    told.insert(told.end(), groups.begin(), groups.end());
  }
  for (int i = 0; i <= kGroups; ++i) {
    const SecurityGroup* group = inventory.FindGroup(Id("sg", i));
    if (group == nullptr) {
      told.push_back(Id("sg", i) + " is lacking");
      continue;
    }
    told.push_back(group->id + (group->described ? " described" : "") +
                   (group->rules_known ? " rules known" : ""));
    const auto rules = RulesOf(inventory, *group);
    told.insert(told.end(), rules.begin(), rules.end());
    std::set<std::string> members;
    for (const InterfaceIndex member : inventory.Members(inventory.IndexOf(*group))) {
      members.insert(inventory.interfaces()[member].id);
    }
    told.insert(told.end(), members.begin(), members.end());
  }
  for (int i = 0; i < kSubnets; ++i) {
    const Subnet* subnet = inventory.FindSubnet(Id("subnet", i));
    if (subnet == nullptr) continue;
    const NetworkAcl* acl = subnet->acl ? &inventory.acls()[*subnet->acl] : nullptr;
    told.push_back(subnet->id + " has " + (acl == nullptr ? "an unknown one" : acl->id));
    if (acl == nullptr) continue;
    for (const NetworkAclEntry& entry : acl->entries) {
      told.push_back(std::to_string(entry.number) + (entry.allow ? " allow" : " deny"));
    }
  }
  for (const char* list : {"pl-0", "pl-1"}) {
    told.push_back(inventory.FindPrefixList(list)->entries ? "entries" : "no entries");
  }
  return told;
}

std::shared_ptr<const Inventory> Load(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, const std::string*>> named;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    named.emplace_back(std::to_string(i) + ".json", &texts[i]);
  }
  std::vector<Document> documents;
  for (const auto& [name, text] : Shuffled(named)) documents.push_back({name, *text});
  auto loaded = LoadInventory(documents);
  if (!loaded) RC_FAIL(Describe(loaded.error().front()));
  return loaded->inventory;
}

RC_GTEST_PROP(DocumentOrder, ChangesNoLookUp, ()) {
  const std::vector<Thing> world = World();
  const auto one = Load(Spread(world, 1));
  const auto other = Load(Spread(Shuffled(world), 1 + Below(3)));

  RC_ASSERT(LookUps(*one) == LookUps(*other));
}

// Given as they are, files make the same inventory in any order, to the order of its rules.
RC_GTEST_PROP(DocumentOrder, OfFilesChangesNothingAtAll, ()) {
  const std::vector<std::string> texts = Spread(World(), 3);
  const auto rule_ids = [](const Inventory& inventory) {
    Texts ids;
    for (const sgflow::Rule& rule : inventory.rules()) ids.push_back(rule.id);
    return ids;
  };

  RC_ASSERT(rule_ids(*Load(texts)) == rule_ids(*Load(texts)));
}

}  // namespace
}  // namespace sgflow
