#include "documents/config_document.h"

namespace sgflow {
namespace {

std::string_view KeyOf(ListedKind kind) {
  switch (kind) {
    case ListedKind::kNetworkInterfaces:
      return "NetworkInterfaces";
    case ListedKind::kSecurityGroups:
      return "SecurityGroups";
    case ListedKind::kSecurityGroupRules:
      return "SecurityGroupRules";
    case ListedKind::kPrefixLists:
      return "PrefixLists";
    case ListedKind::kNetworkAcls:
      return "NetworkAcls";
    case ListedKind::kSubnets:
      return "Subnets";
  }
  return {};
}

}  // namespace

std::string CliDocument(
    const std::vector<std::pair<ListedKind, std::vector<std::string_view>>>& lists) {
  std::string json = R"({"Snapshot":{"Coverage":{"Kinds":[]}})";
  for (const auto& [kind, elements] : lists) {
    ((json += ",\"") += KeyOf(kind)) += "\":[";
    for (const std::string_view one : elements) {
      if (json.back() != '[') json += ",\n";
      json += one;
    }
    json += ']';
  }
  return json + '}';
}

}  // namespace sgflow
