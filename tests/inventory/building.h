// Descriptions in few words, and what becomes of them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inventory/inventory_builder.h"

namespace sgflow::testing {

inline IpAddress Address(std::string_view text) { return IpAddress::Parse(text).value(); }
inline IpPrefix Prefix(std::string_view text) { return IpPrefix::Parse(text).value(); }

inline InterfaceDescription Interface(std::string id, std::string vpc_id,
                                      std::vector<std::string> addresses,
                                      std::optional<std::vector<std::string>> groups = {{}}) {
  InterfaceDescription description;
  description.interface.id = std::move(id);
  description.interface.vpc_id = std::move(vpc_id);
  for (const std::string& address : addresses) {
    description.interface.addresses.push_back(Address(address));
  }
  if (!groups) return description;
  description.groups.emplace();
  for (std::string& group : *groups) {
    description.groups->push_back({.id = std::move(group), .name = ""});
  }
  return description;
}

inline GroupDescription Group(std::string id, std::string vpc_id = "vpc-1") {
  GroupDescription description;
  description.group.id = std::move(id);
  description.group.vpc_id = std::move(vpc_id);
  return description;
}

inline RuleDescription RuleIn(std::string group_id, std::string id,
                              Direction direction = Direction::kIngress) {
  RuleDescription description;
  description.group_id = std::move(group_id);
  description.rule.id = std::move(id);
  description.rule.direction = direction;
  return description;
}

inline PermissionDescription Permission(Direction direction, std::uint32_t index,
                                        std::vector<std::string> prefixes) {
  PermissionDescription permission;
  permission.direction = direction;
  permission.index = index;
  for (const std::string& prefix : prefixes) {
    PermissionSource source;
    source.source.prefix = Prefix(prefix);
    permission.sources.push_back(source);
  }
  return permission;
}

inline NetworkAclEntry AclEntry(std::int32_t number, std::string_view prefix, bool allow = true) {
  NetworkAclEntry entry;
  entry.number = number;
  entry.prefix = Prefix(prefix);
  entry.allow = allow;
  return entry;
}

inline AclDescription Acl(std::string id, std::vector<std::string> subnet_ids,
                          bool is_default = false, std::string vpc_id = "vpc-1") {
  AclDescription description;
  description.acl.id = std::move(id);
  description.acl.vpc_id = std::move(vpc_id);
  description.acl.is_default = is_default;
  description.subnet_ids = std::move(subnet_ids);
  return description;
}

inline SubnetDescription SubnetIn(std::string vpc_id, std::string id) {
  SubnetDescription description;
  description.subnet.id = std::move(id);
  description.subnet.vpc_id = std::move(vpc_id);
  return description;
}

inline PrefixListDescription List(std::string id,
                                  std::optional<std::vector<std::string>> prefixes = {}) {
  PrefixListDescription description;
  description.list.id = std::move(id);
  if (!prefixes) return description;
  description.list.entries.emplace();
  for (const std::string& prefix : *prefixes) {
    description.list.entries->push_back(Prefix(prefix));
  }
  return description;
}

// A builder with its report, and documents whose things are numbered as they come.
class Building {
 public:
  // Begins a document; what is added from now on stands in it.
  Building& Document(std::string file, std::vector<ListedKind> kinds = {},
                     std::optional<Coverage> coverage = {}, bool cut = false) {
    DocumentDescription description;
    description.file = std::move(file);
    for (const ListedKind kind : kinds) description.kinds.Add(kind);
    description.coverage = std::move(coverage);
    description.cut = cut;
    return Document(std::move(description));
  }

  Building& Document(DocumentDescription description) {
    document_ = builder_.AddDocument(std::move(description));
    number_ = 0;
    return *this;
  }

  template <typename Description>
  Building& Add(Description description) {
    description.origin = {.document = document_, .element = number_++, .list = "Things"};
    builder_.Add(std::move(description));
    return *this;
  }

  std::shared_ptr<const Inventory> Build() { return std::move(builder_).Build(); }

  std::vector<std::string> Errors() {
    std::vector<std::string> texts;
    for (const Error& error : report_.TakeErrors()) texts.push_back(Describe(error));
    return texts;
  }

  std::vector<std::string> Warnings() {
    std::vector<std::string> texts;
    for (const InventoryWarning& warning : report_.TakeWarnings()) {
      texts.push_back(Describe(warning));
    }
    return texts;
  }

 private:
  InventoryReport report_;
  InventoryBuilder builder_{report_};
  std::uint32_t document_ = 0;
  std::uint32_t number_ = 0;
};

}  // namespace sgflow::testing
