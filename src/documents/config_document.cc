#include "documents/config_document.h"

namespace sgflow {
std::string_view ConfigListKey(ListedKind kind) {
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

std::string CliDocument(
    const std::vector<std::pair<ListedKind, std::vector<std::string_view>>>& lists) {
  std::string json = R"({"Snapshot":{"Coverage":{"Kinds":[]}})";
  for (const auto& [kind, elements] : lists) {
    ((json += ",\"") += ConfigListKey(kind)) += "\":[";
    for (const std::string_view one : elements) {
      if (json.back() != '[') json += ",\n";
      json += one;
    }
    json += ']';
  }
  return json + '}';
}

}  // namespace sgflow
