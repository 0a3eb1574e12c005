#include "documents/config_json.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sgflow {
namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;

// Less what changes without a meaning here (status, attachment times, public addresses, ...): items
// that differ in nothing else are one. Sorted.
constexpr auto kNames = std::to_array<std::string_view>({
    "Associations",
    "Attachment",
    "Cidr",
    "CidrBlock",
    "CidrIp",
    "CidrIpv6",
    "Code",
    "Description",
    "Egress",
    "Entries",
    "From",
    "FromPort",
    "GroupId",
    "GroupName",
    "Groups",
    "IcmpTypeCode",
    "InstanceId",
    "InterfaceType",
    "IpPermissions",
    "IpPermissionsEgress",
    "IpProtocol",
    "Ipv4Prefix",
    "Ipv4Prefixes",
    "Ipv6Address",
    "Ipv6Addresses",
    "Ipv6CidrBlock",
    "Ipv6CidrBlockAssociationSet",
    "Ipv6CidrBlockState",
    "Ipv6Prefix",
    "Ipv6Prefixes",
    "Ipv6Ranges",
    "IsDefault",
    "Key",
    "NetworkAclId",
    "NetworkInterfaceId",
    "OwnerId",
    "PeeringStatus",
    "PortRange",
    "PrefixListId",
    "PrefixListIds",
    "PrefixListName",
    "PrivateIpAddress",
    "PrivateIpAddresses",
    "Protocol",
    "RequesterId",
    "RuleAction",
    "RuleNumber",
    "State",
    "SubnetId",
    "TagSet",
    "To",
    "ToPort",
    "Type",
    "UserId",
    "UserIdGroupPairs",
    "Value",
    "VpcId",
});
static_assert(std::ranges::is_sorted(kNames));

constexpr std::string_view kTextRanges = "ipRanges";
constexpr std::string_view kObjectRanges = "ipv4Ranges";

void AppendValue(element value, std::string& json);

void AppendName(std::string_view name, std::string& json) {
  if (json.back() != '{') json += ',';
  ((json += '"') += name) += "\":";
}

// Of the same texts as objects.
void AppendTextRanges(element ranges, std::string& json) {
  simdjson::dom::array texts;
  if (ranges.get(texts) != SUCCESS) {
    AppendValue(ranges, json);
    return;
  }
  json += '[';
  for (const element range : texts) {
    if (json.back() != '[') json += ',';
    if (range.is_string()) {
      json += "{\"CidrIp\":";
      json += simdjson::minify(range);
      json += '}';
    } else {
      AppendValue(range, json);
    }
  }
  json += ']';
}

void AppendObject(simdjson::dom::object object, std::string& json) {
  json += '{';
  // Of both spellings one counts: that of objects tells more, where it tells anything.
  simdjson::dom::array ranges;
  element texts;
  const bool has_object_ranges = object[kObjectRanges].get(ranges) == SUCCESS;
  const bool has_texts = object[kTextRanges].get(texts) == SUCCESS && !texts.is_null();
  const bool texts_count = has_texts && !(has_object_ranges && ranges.begin() != ranges.end());
  for (const auto& [key, value] : object) {
    if (value.is_null()) continue;
    if (key == kTextRanges) {
      if (!texts_count) continue;
      AppendName("IpRanges", json);
      AppendTextRanges(value, json);
      continue;
    }
    if (key == kObjectRanges && texts_count) continue;
    std::string name(key == kObjectRanges ? "IpRanges" : key);
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') {
      name[0] = static_cast<char>(name[0] - 'a' + 'A');
    }
    if (name != "IpRanges" && !std::ranges::binary_search(kNames, std::string_view(name))) continue;
    AppendName(name, json);
    AppendValue(value, json);
  }
  json += '}';
}

void AppendValue(element value, std::string& json) {
  simdjson::dom::object object;
  simdjson::dom::array array;
  if (value.get(object) == SUCCESS) {
    AppendObject(object, json);
  } else if (value.get(array) == SUCCESS) {
    json += '[';
    for (const element inner : array) {
      if (json.back() != '[') json += ',';
      AppendValue(inner, json);
    }
    json += ']';
  } else {
    json += simdjson::minify(value);
  }
}

}  // namespace

std::string ConfigAsCliJson(element configuration) {
  std::string json;
  AppendValue(configuration, json);
  return json;
}

}  // namespace sgflow
