#include "aws/ec2_elements.h"

#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "aws/fault.h"

namespace sgflow {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

struct Shape {
  std::string_view list;
  std::string_view id;
  std::string_view owner_id = "OwnerId";
  // A list in the element and the id in each of its elements; no list: the id in the element.
  std::string_view related_list{};
  std::string_view related_id{};
  std::vector<std::string_view> apart{};
};

const Shape& ShapeOf(Ec2Action action) {
  static const Shape kInterfaces{.list = "NetworkInterfaces",
                                 .id = "NetworkInterfaceId",
                                 .related_list = "Groups",
                                 .related_id = "GroupId"};
  static const Shape kGroups{
      .list = "SecurityGroups", .id = "GroupId", .apart = {"IpPermissions", "IpPermissionsEgress"}};
  static const Shape kRules{.list = "SecurityGroupRules",
                            .id = "SecurityGroupRuleId",
                            .owner_id = "GroupOwnerId",
                            .related_id = "GroupId",
                            .apart = {"Tags", "SecurityGroupRuleArn"}};
  static const Shape kAcls{.list = "NetworkAcls",
                           .id = "NetworkAclId",
                           .related_list = "Associations",
                           .related_id = "SubnetId",
                           .apart = {"IsDefault", "Associations"}};
  static const Shape kSubnets{.list = "Subnets", .id = "SubnetId"};
  static const Shape kLists{.list = "PrefixLists", .id = "PrefixListId"};
  switch (action) {
    case Ec2Action::kDescribeNetworkInterfaces:
      return kInterfaces;
    case Ec2Action::kDescribeSecurityGroups:
      return kGroups;
    case Ec2Action::kDescribeSecurityGroupRules:
      return kRules;
    case Ec2Action::kDescribeNetworkAcls:
      return kAcls;
    case Ec2Action::kDescribeSubnets:
      return kSubnets;
    case Ec2Action::kDescribeManagedPrefixLists:
    case Ec2Action::kGetManagedPrefixListEntries:
      break;
  }
  return kLists;
}

std::string TextOf(const element& object, std::string_view key) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

void AppendMember(std::string_view key, const element& value, std::string& members) {
  members += members.empty() ? "\"" : ",\"";
  members += key;
  members += "\":";
  members += simdjson::minify(value);
}

void SplitMembers(const element& object, const Shape& shape, Ec2Element& taken) {
  if (shape.apart.empty()) {
    taken.json = simdjson::minify(object);
    return;
  }
  std::string members;
  for (const auto& [key, value] : simdjson::dom::object(object)) {
    const bool is_apart = std::ranges::find(shape.apart, key) != shape.apart.end();
    AppendMember(key, value, is_apart ? taken.apart : members);
  }
  taken.json = '{' + members + '}';
}

Ec2Element Take(const element& object, const Shape& shape) {
  Ec2Element taken{.id = TextOf(object, shape.id),
                   .owner_id = TextOf(object, shape.owner_id),
                   .vpc_id = TextOf(object, "VpcId"),
                   .type = TextOf(object, "InterfaceType"),
                   .related = {},
                   .json = {},
                   .apart = {}};
  SplitMembers(object, shape, taken);
  array related;
  if (shape.related_list.empty()) {
    if (!shape.related_id.empty()) taken.related.push_back(TextOf(object, shape.related_id));
  } else if (object[shape.related_list].get(related) == simdjson::SUCCESS) {
    for (const element one : related) taken.related.push_back(TextOf(one, shape.related_id));
  }
  return taken;
}

AwsFault BadAnswer(std::string_view list) {
  return MakeFault(AwsFault::Kind::kBadAnswer, "EC2's answer has no " + std::string(list));
}

// Gives each element of the pages' lists to `take`.
template <typename TakeOne>
AwsResult<void> ReadPages(std::span<const std::string> pages, std::string_view list,
                          const TakeOne& take) {
  simdjson::dom::parser parser;
  for (const std::string& page : pages) {
    array elements;
    if (parser.parse(page)[list].get(elements) != simdjson::SUCCESS) {
      return std::unexpected(BadAnswer(list));
    }
    for (const element one : elements) {
      if (!one.is_object()) return std::unexpected(BadAnswer(list));
      take(one);
    }
  }
  return {};
}

AwsResult<std::vector<Ec2Element>> JoinEntries(const Ec2Ask& ask,
                                               std::span<const std::string> pages) {
  std::string entries;
  const auto read = ReadPages(pages, "Entries", [&](const element& entry) {
    if (!entries.empty()) entries += ',';
    entries += simdjson::minify(entry);
  });
  if (!read) return std::unexpected(read.error());
  return std::vector{Ec2Element{.id = ask.prefix_list_id,
                                .owner_id = {},
                                .vpc_id = {},
                                .type = {},
                                .related = {},
                                .json = "{\"PrefixListId\":\"" + ask.prefix_list_id + "\"}",
                                .apart = "\"Entries\":[" + entries + "]"}};
}

}  // namespace

void AppendMembers(std::string_view members, std::string& json) {
  if (members.empty()) return;
  json.pop_back();
  if (json != "{") json += ',';
  json += members;
  json += '}';
}

AwsResult<std::vector<Ec2Element>> ReadElements(const Ec2Ask& ask,
                                                std::span<const std::string> pages) {
  if (ask.action == Ec2Action::kGetManagedPrefixListEntries) return JoinEntries(ask, pages);
  const Shape& shape = ShapeOf(ask.action);
  std::vector<Ec2Element> elements;
  const auto read = ReadPages(
      pages, shape.list, [&](const element& object) { elements.push_back(Take(object, shape)); });
  if (!read) return std::unexpected(read.error());
  return elements;
}

}  // namespace sgflow
