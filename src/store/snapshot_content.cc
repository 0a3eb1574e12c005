#include "store/snapshot_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <set>
#include <span>
#include <utility>

#include "documents/document_moment.h"
#include "documents/documents.h"
#include "inventory/inventory.h"

namespace sgflow {
namespace {

// A thing's values one after the other, so that others make another line: each text has its length
// in front.
class Line {
 public:
  explicit Line(std::string_view kind) { Add(kind); }

  void Add(std::string_view text) {
    fmt::format_to(std::back_inserter(text_), "{}:{} ", text.size(), text);
  }
  void Add(std::integral auto number) {
    fmt::format_to(std::back_inserter(text_), "{} ", static_cast<long>(number));
  }
  void Add(const IpAddress& address) { Add(address.ToString()); }
  void Add(const IpPrefix& prefix) { Add(prefix.ToString()); }
  void Add(const std::optional<Protocol>& protocol) {
    Add(protocol ? static_cast<int>(*protocol) : -1);
  }
  void AddAll(const auto&... values) { (Add(values), ...); }
  template <typename T>
  void AddInAnyOrder(std::vector<T> values) {
    std::ranges::sort(values);
    Add(values.size());
    for (const T& value : values) Add(value);
  }

  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

// Below all members are named, so that one more does not compile before it is thought of here.

std::string LineOf(const NetworkInterface& interface, const Inventory& inventory) {
  const auto& [id, type, description, owner_id, requester_id, vpc_id, subnet_id, instance_id, name,
               trunk_id, groups, groups_known, doubtful, peer_only, addresses, prefixes] =
      interface;
  Line line("interface");
  line.AddAll(id, type, description, owner_id, requester_id, vpc_id, subnet_id, instance_id, name,
              trunk_id, groups_known, doubtful, peer_only);
  std::vector<std::string> group_ids;
  for (const GroupIndex group : groups) group_ids.push_back(inventory.groups()[group].id);
  line.AddInAnyOrder(std::move(group_ids));
  // The first one is the primary.
  if (!addresses.empty()) line.Add(addresses.front());
  line.AddInAnyOrder(addresses);
  line.AddInAnyOrder(prefixes);
  return line.Take();
}

// Its rules and members stand in lines of their own.
std::string LineOf(const SecurityGroup& group) {
  const auto& [id, name, vpc_id, owner_id, described, rules_known, members_known, rules_listed,
               doubtful, ingress, egress] = group;
  Line line("group");
  line.AddAll(id, name, vpc_id, owner_id, described, rules_known, members_known, rules_listed,
              doubtful);
  return line.Take();
}

void AddSource(const RuleSource& source, Line& line) {
  const auto& [kind, peering, prefix, id, account_id, vpc_id] = source;
  line.AddAll(static_cast<int>(kind), prefix, id, account_id, vpc_id, static_cast<int>(peering));
}

std::string LineOf(const Rule& rule, const Inventory& inventory) {
  const auto& [id, group, direction, protocol, doubtful, from_port, to_port, source, description,
               spelling] = rule;
  Line line("rule");
  // Where AWS gave none it is a place in a list.
  const bool is_given = id.find('/') == std::string::npos;
  line.Add(is_given ? std::string_view(id) : "");
  line.AddAll(inventory.groups()[group].id, static_cast<int>(direction), protocol, from_port,
              to_port, description, doubtful);
  AddSource(source, line);
  if (spelling) {
    const auto& [protocol_text, source_text] = *spelling;
    line.AddAll(protocol_text, source_text);
  }
  return line.Take();
}

// Rules' numbers say their order.
std::string LineOf(const NetworkAclEntry& entry) {
  const auto& [number, direction, protocol, allow, prefix, from_port, to_port, icmp_type,
               icmp_code] = entry;
  Line line("entry");
  line.AddAll(number, static_cast<int>(direction), protocol, allow, prefix, from_port, to_port,
              icmp_type, icmp_code);
  return line.Take();
}

std::string LineOf(const NetworkAcl& acl) {
  const auto& [id, vpc_id, is_default, number_twice, doubtful, entries] = acl;
  Line line("acl");
  line.AddAll(id, vpc_id, is_default, number_twice, doubtful);
  std::vector<std::string> lines;
  for (const NetworkAclEntry& entry : entries) lines.push_back(LineOf(entry));
  line.AddInAnyOrder(std::move(lines));
  return line.Take();
}

std::string LineOf(const Subnet& subnet, const Inventory& inventory) {
  const auto& [id, vpc_id, owner_id, prefixes, acl, doubtful] = subnet;
  Line line("subnet");
  line.AddAll(id, vpc_id, owner_id, acl ? std::string_view(inventory.acls()[*acl].id) : "",
              doubtful);
  line.AddInAnyOrder(prefixes);
  return line.Take();
}

// What is listed whole of which VPCs.
void AddReach(const Inventory& inventory, const std::optional<DocumentMoment>& moment,
              std::vector<std::string>& lines) {
  std::set<std::string_view> vpc_ids;
  for (const NetworkInterface& interface : inventory.interfaces()) vpc_ids.insert(interface.vpc_id);
  for (const SecurityGroup& group : inventory.groups()) vpc_ids.insert(group.vpc_id);
  for (const NetworkAcl& acl : inventory.acls()) vpc_ids.insert(acl.vpc_id);
  for (const Subnet& subnet : inventory.subnets()) vpc_ids.insert(subnet.vpc_id);
  for (const std::string_view vpc_id : vpc_ids) {
    Line line("vpc");
    line.AddAll(vpc_id, inventory.InterfacesKnown(vpc_id));
    lines.push_back(line.Take());
  }
  if (!moment) return;
  for (const auto& [account_id, region, narrowed_to] : moment->places) {
    Line line("place");
    line.AddAll(account_id, region);
    line.AddInAnyOrder(narrowed_to);
    lines.push_back(line.Take());
  }
}

}  // namespace

std::optional<SnapshotContent> SnapshotContent::Read(std::string_view json) {
  const Document document{.name = "snapshot", .text = json};
  const auto loaded = LoadInventory(std::span(&document, 1));
  if (!loaded) return std::nullopt;
  const Inventory& inventory = *loaded->inventory;
  SnapshotContent content;
  std::vector<std::string>& lines = content.lines_;
  for (const NetworkInterface& one : inventory.interfaces())
    lines.push_back(LineOf(one, inventory));
  for (const SecurityGroup& one : inventory.groups()) lines.push_back(LineOf(one));
  for (const Rule& one : inventory.rules()) lines.push_back(LineOf(one, inventory));
  for (const NetworkAcl& one : inventory.acls()) lines.push_back(LineOf(one));
  for (const Subnet& one : inventory.subnets()) lines.push_back(LineOf(one, inventory));
  for (const auto& [id, name, entries, whole, doubtful] : inventory.prefix_lists()) {
    Line line("prefix list");
    line.AddAll(id, name);
    lines.push_back(line.Take());
    if (!entries) continue;
    Line held("entries");
    held.AddInAnyOrder(*entries);
    held.AddAll(whole, doubtful);
    content.entries_.emplace(id, held.Take());
  }
  AddReach(inventory, FindMoment(document), lines);
  std::ranges::sort(lines);
  return content;
}

bool SnapshotContent::AddsNothingTo(const SnapshotContent& earlier) const {
  return lines_ == earlier.lines_ && std::ranges::all_of(entries_, [&](const auto& known) {
           const auto before = earlier.entries_.find(known.first);
           return before != earlier.entries_.end() && before->second == known.second;
         });
}

}  // namespace sgflow
