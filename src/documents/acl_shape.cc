#include <string>
#include <utility>

#include "documents/shapes.h"

namespace sgflow {
namespace {

constexpr NumberRange kRuleNumber{1, 32768, "no rule number",
                                  "rules go from 1 to 32766; 32767 and 32768 are the default "
                                  "denies"};
constexpr NumberRange kIcmp{-1, 255, "no ICMP type or code", "they go from 0 to 255; -1 is all"};

std::optional<IpPrefix> ReadBlock(JsonObject& entry) {
  const bool has_ipv4 = entry.Has("CidrBlock");
  const bool has_ipv6 = entry.Has("Ipv6CidrBlock");
  if (has_ipv4 && has_ipv6) {
    entry.Fail({}, "it has two sources, CidrBlock and Ipv6CidrBlock", "make two entries of it");
    return std::nullopt;
  }
  if (!has_ipv4 && !has_ipv6) {
    entry.Fail({}, "it has no source", "an entry has CidrBlock or Ipv6CidrBlock");
    return std::nullopt;
  }
  return has_ipv4 ? entry.Cidr("CidrBlock", AddressFamily::kIpv4)
                  : entry.Cidr("Ipv6CidrBlock", AddressFamily::kIpv6);
}

bool ReadAction(JsonObject& object) {
  const std::string_view action = object.RequiredText("RuleAction");
  if (!action.empty() && action != "allow" && action != "deny") {
    object.Fail("RuleAction", '"' + std::string(action) + "\" is no action",
                "an entry's action is allow or deny");
  }
  return action == "allow";
}

NetworkAclEntry ReadEntry(JsonObject& object) {
  NetworkAclEntry entry;
  entry.number = object.RequiredNumber("RuleNumber", kRuleNumber).value_or(0);
  const auto is_egress = object.RequiredFlag("Egress");
  entry.direction = is_egress.value_or(false) ? Direction::kEgress : Direction::kIngress;
  entry.protocol = ReadProtocol(object, "Protocol");
  entry.allow = ReadAction(object);
  entry.prefix = ReadBlock(object).value_or(IpPrefix());
  object.Object("PortRange", [&](JsonObject& range) {
    entry.from_port = range.Number("From", kPortOrType).value_or(-1);
    entry.to_port = range.Number("To", kPortOrType).value_or(-1);
  });
  object.Object("IcmpTypeCode", [&](JsonObject& icmp) {
    entry.icmp_type = icmp.Number("Type", kIcmp).value_or(-1);
    entry.icmp_code = icmp.Number("Code", kIcmp).value_or(-1);
  });
  return entry;
}

// A block that is taken away stays in the list for a while.
bool IsAssociated(JsonObject& association) {
  std::string_view state;
  association.Object("Ipv6CidrBlockState", [&](JsonObject& inner) { state = inner.Text("State"); });
  return state != "disassociated";
}

}  // namespace

void ReadAcl(JsonObject& object, const Origin& origin, InventoryBuilder& builder) {
  AclDescription description;
  description.origin = origin;
  description.acl.id = object.RequiredText("NetworkAclId");
  description.acl.vpc_id = object.Text("VpcId");
  description.acl.is_default = object.Flag("IsDefault").value_or(false);
  description.entries_told = object.EachObject(
      "Entries", [&](JsonObject& entry) { description.acl.entries.push_back(ReadEntry(entry)); });
  description.associations_told = object.EachObject("Associations", [&](JsonObject& association) {
    const std::string_view subnet_id = association.Text("SubnetId");
    if (!subnet_id.empty()) description.subnet_ids.emplace_back(subnet_id);
  });
  object.Finish();
  description.acl.doubtful = object.doubtful();
  builder.Add(std::move(description));
}

void ReadSubnet(JsonObject& object, const Origin& origin, InventoryBuilder& builder) {
  SubnetDescription description;
  description.origin = origin;
  Subnet& subnet = description.subnet;
  subnet.id = object.RequiredText("SubnetId");
  subnet.vpc_id = object.Text("VpcId");
  subnet.owner_id = object.Text("OwnerId");
  // A subnet of IPv6 alone may have an empty one.
  if (!object.Text("CidrBlock").empty()) {
    if (const auto block = object.Cidr("CidrBlock", AddressFamily::kIpv4)) {
      subnet.prefixes.push_back(*block);
    }
  }
  object.EachObject("Ipv6CidrBlockAssociationSet", [&](JsonObject& association) {
    const auto block = association.Cidr("Ipv6CidrBlock", AddressFamily::kIpv6);
    if (block && IsAssociated(association)) subnet.prefixes.push_back(*block);
  });
  object.Finish();
  subnet.doubtful = object.doubtful();
  builder.Add(std::move(description));
}

}  // namespace sgflow
