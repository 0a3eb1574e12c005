#include <algorithm>
#include <string>
#include <utility>

#include "documents/shapes.h"

namespace sgflow {
namespace {

// The VPC resource controller of EKS names a branch's trunk so.
constexpr std::string_view kTrunkTag = "vpcresources.k8s.aws/trunk-eni-id";

class AddressReader {
 public:
  explicit AddressReader(InterfaceDescription& description) : description_(description) {}

  void Read(JsonObject& object, std::string_view key) {
    if (LeavesOut(object, key)) return;
    const auto address = object.Address(key);
    if (!address) return;
    std::vector<IpAddress>& addresses = description_.interface.addresses;
    if (std::ranges::find(addresses, *address) == addresses.end()) addresses.push_back(*address);
  }

 private:
  // AWS's own examples of describe-instances have addresses as 10-0-0-157. Copies of them are
  // about, and addresses are describe-network-interfaces' to tell: there such a thing is an error.
  bool LeavesOut(JsonObject& object, std::string_view key) {
    if (description_.listed) return false;
    const std::string_view text = object.Text(key);
    if (text.empty() || IpAddress::Parse(text)) return false;
    object.Warn(InventoryWarningKind::kInstanceAddress, key,
                '"' + std::string(text) + "\" is no IP address and left out",
                "add what this writes: aws ec2 describe-network-interfaces");
    description_.addresses_whole = false;
    return true;
  }

  InterfaceDescription& description_;
};

// The primary IPv4 address first.
void ReadAddresses(JsonObject& object, InterfaceDescription& description) {
  AddressReader reader(description);
  reader.Read(object, "PrivateIpAddress");
  object.EachObject("PrivateIpAddresses",
                    [&](JsonObject& inner) { reader.Read(inner, "PrivateIpAddress"); });
  object.EachObject("Ipv6Addresses", [&](JsonObject& inner) { reader.Read(inner, "Ipv6Address"); });
  const auto add_prefix = [&](const std::optional<IpPrefix>& prefix) {
    if (prefix) description.interface.prefixes.push_back(*prefix);
  };
  object.EachObject("Ipv4Prefixes", [&](JsonObject& inner) {
    add_prefix(inner.Cidr("Ipv4Prefix", AddressFamily::kIpv4));
  });
  object.EachObject("Ipv6Prefixes", [&](JsonObject& inner) {
    add_prefix(inner.Cidr("Ipv6Prefix", AddressFamily::kIpv6));
  });
}

void ReadTags(JsonObject& object, NetworkInterface& interface) {
  object.EachObject("TagSet", [&](JsonObject& tag) {
    const std::string_view key = tag.Text("Key");
    const std::string_view value = tag.Text("Value");
    if (key == "Name") interface.name = value;
    if (key == kTrunkTag) interface.trunk_id = value;
  });
}

std::optional<std::vector<CarriedGroup>> ReadCarriedGroups(JsonObject& object) {
  std::vector<CarriedGroup> groups;
  const bool told = object.EachObject("Groups", [&](JsonObject& group) {
    groups.push_back({.id = std::string(group.RequiredText("GroupId")),
                      .name = std::string(group.Text("GroupName"))});
  });
  if (!told) return std::nullopt;
  return groups;
}

void ReadAs(JsonObject& object, const Origin& origin, std::string_view instance_id, bool listed,
            InventoryBuilder& builder) {
  InterfaceDescription description;
  description.origin = origin;
  NetworkInterface& interface = description.interface;
  description.listed = listed;
  interface.id = object.RequiredText("NetworkInterfaceId");
  interface.type = object.Text("InterfaceType");
  interface.description = object.Text("Description");
  interface.owner_id = object.Text("OwnerId");
  interface.requester_id = object.Text("RequesterId");
  interface.vpc_id = object.Text("VpcId");
  interface.subnet_id = object.Text("SubnetId");
  interface.instance_id = instance_id;
  object.Object("Attachment", [&](JsonObject& attachment) {
    const std::string_view attached_to = attachment.Text("InstanceId");
    if (interface.instance_id.empty()) interface.instance_id = attached_to;
  });
  description.groups = ReadCarriedGroups(object);
  ReadAddresses(object, description);
  ReadTags(object, interface);
  object.Finish();
  interface.doubtful = object.doubtful();
  builder.Add(std::move(description));
}

}  // namespace

void ReadInterface(JsonObject& object, const Origin& origin, InventoryBuilder& builder) {
  ReadAs(object, origin, {}, true, builder);
}

void ReadInstance(JsonObject& object, std::uint32_t document, InventoryBuilder& builder) {
  const std::string_view instance_id = object.Text("InstanceId");
  constexpr std::string_view kList = "NetworkInterfaces";
  const std::string_view list = builder.Keep(object.PathText() + '.' + std::string(kList));
  object.EachObject(kList, [&](JsonObject& interface, std::size_t index) {
    const Origin origin{
        .document = document, .element = static_cast<std::uint32_t>(index), .list = list};
    ReadAs(interface, origin, instance_id, false, builder);
  });
}

}  // namespace sgflow
