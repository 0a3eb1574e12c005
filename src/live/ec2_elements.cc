#include "live/ec2_elements.h"

#include <simdjson.h>

#include <span>
#include <string_view>
#include <utility>

namespace sgflow {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;

struct Shape {
  std::string_view list;
  std::string_view id;
  // A list in the element and the id in each of its elements.
  std::string_view related_list{};
  std::string_view related_id{};
  // What to keep of an element; empty: all.
  std::vector<std::string_view> keys{};
};

const Shape& ShapeOf(Ec2Action action) {
  static const Shape kInterfaces{"NetworkInterfaces", "NetworkInterfaceId", "Groups", "GroupId"};
  static const Shape kGroups{.list = "SecurityGroups", .id = "GroupId", .keys = {"GroupId"}};
  static const Shape kRules{.list = "SecurityGroupRules", .id = "GroupId"};
  static const Shape kAcls{"NetworkAcls",
                           "NetworkAclId",
                           "Associations",
                           "SubnetId",
                           {"NetworkAclId", "VpcId", "Entries"}};
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

std::string JsonOf(const element& object, std::span<const std::string_view> keys) {
  if (keys.empty()) return simdjson::minify(object);
  std::string json;
  for (const std::string_view key : keys) {
    element value;
    if (object[key].get(value) != simdjson::SUCCESS) continue;
    json += json.empty() ? "{\"" : ",\"";
    json += key;
    json += "\":" + simdjson::minify(value);
  }
  return json + '}';
}

Ec2Element Take(const element& object, const Shape& shape) {
  Ec2Element taken{.id = TextOf(object, shape.id),
                   .type = TextOf(object, "InterfaceType"),
                   .related = {},
                   .json = JsonOf(object, shape.keys)};
  array related;
  if (!shape.related_list.empty() && object[shape.related_list].get(related) == simdjson::SUCCESS) {
    for (const element one : related) taken.related.push_back(TextOf(one, shape.related_id));
  }
  return taken;
}

AwsFault BadAnswer(std::string_view list) {
  return {.kind = AwsFault::Kind::kBadAnswer,
          .code = {},
          .error = {.kind = ErrorKind::kEnvironment,
                    .message = "EC2's answer has no " + std::string(list),
                    .place = {},
                    .hint = {}}};
}

AwsResult<std::vector<Ec2Element>> JoinEntries(const Ec2Ask& ask, const Ec2Pages& pages) {
  simdjson::dom::parser parser;
  std::string entries;
  for (const std::string& page : pages) {
    array list;
    if (parser.parse(page)["Entries"].get(list) != simdjson::SUCCESS) {
      return std::unexpected(BadAnswer("Entries"));
    }
    for (const element entry : list) {
      entries += (entries.empty() ? "" : ",") + std::string(simdjson::minify(entry));
    }
  }
  return std::vector{Ec2Element{
      .id = ask.prefix_list_id,
      .type = {},
      .related = {},
      .json = "{\"PrefixListId\":\"" + ask.prefix_list_id + "\",\"Entries\":[" + entries + "]}"}};
}

}  // namespace

AwsResult<std::vector<Ec2Element>> ReadElements(const Ec2Ask& ask, const Ec2Pages& pages) {
  if (ask.action == Ec2Action::kGetManagedPrefixListEntries) return JoinEntries(ask, pages);
  const Shape& shape = ShapeOf(ask.action);
  simdjson::dom::parser parser;
  std::vector<Ec2Element> elements;
  for (const std::string& page : pages) {
    array list;
    if (parser.parse(page)[shape.list].get(list) != simdjson::SUCCESS) {
      return std::unexpected(BadAnswer(shape.list));
    }
    for (const element object : list) elements.push_back(Take(object, shape));
  }
  return elements;
}

}  // namespace sgflow
