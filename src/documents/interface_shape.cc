#include <algorithm>
#include <string>
#include <utility>

#include "documents/shapes.h"

namespace sgflow {
namespace {

// The VPC resource controller of EKS names a branch's trunk so.
constexpr std::string_view kTrunkTag = "vpcresources.k8s.aws/trunk-eni-id";

// AWS's own examples of describe-instances have addresses as 10-0-0-157. Copies of them are about,
// and addresses are describe-network-interfaces' to tell: there such a thing is an error.
enum class AddressFault { kIsError, kIsWarning };

class AddressReader {
 public:
  AddressReader(NetworkInterface& interface, AddressFault fault)
      : interface_(interface), fault_(fault) {}

  void Read(JsonObject& object, std::string_view key) {
    if (fault_ == AddressFault::kIsWarning) {
      const std::string_view text = object.Text(key);
      if (!text.empty() && !IpAddress::Parse(text)) {
        object.Warn(InventoryWarningKind::kInstanceAddress, key,
                    '"' + std::string(text) + "\" is no IP address and left out",
                    "add what this writes: aws ec2 describe-network-interfaces");
        return;
      }
    }
    const auto address = object.Address(key);
    if (!address) return;
    std::vector<IpAddress>& addresses = interface_.addresses;
    if (std::ranges::find(addresses, *address) == addresses.end()) addresses.push_back(*address);
  }

 private:
  NetworkInterface& interface_;
  AddressFault fault_;
};

// The primary IPv4 address first.
void ReadAddresses(JsonObject& object, AddressFault fault, NetworkInterface& interface) {
  AddressReader reader(interface, fault);
  reader.Read(object, "PrivateIpAddress");
  object.EachObject("PrivateIpAddresses",
                    [&](JsonObject& inner) { reader.Read(inner, "PrivateIpAddress"); });
  object.EachObject("Ipv6Addresses", [&](JsonObject& inner) { reader.Read(inner, "Ipv6Address"); });
  object.EachObject("Ipv4Prefixes", [&](JsonObject& inner) {
    if (const auto prefix = inner.Cidr("Ipv4Prefix", AddressFamily::kIpv4)) {
      interface.prefixes.push_back(*prefix);
    }
  });
  object.EachObject("Ipv6Prefixes", [&](JsonObject& inner) {
    if (const auto prefix = inner.Cidr("Ipv6Prefix", AddressFamily::kIpv6)) {
      interface.prefixes.push_back(*prefix);
    }
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

void ReadAs(JsonObject& object, std::string_view instance_id, bool listed, AddressFault fault,
            const ShapeSink& sink) {
  InterfaceDescription description;
  description.origin = {sink.document, object.PathText()};
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
  ReadAddresses(object, fault, interface);
  ReadTags(object, interface);
  object.Finish();
  interface.doubtful = object.doubtful();
  sink.builder.Add(std::move(description));
}

}  // namespace

void ReadInterface(JsonObject& object, const ShapeSink& sink) {
  ReadAs(object, {}, true, AddressFault::kIsError, sink);
}

void ReadInstance(JsonObject& object, const ShapeSink& sink) {
  const std::string_view instance_id = object.Text("InstanceId");
  object.EachObject("NetworkInterfaces", [&](JsonObject& interface) {
    ReadAs(interface, instance_id, false, AddressFault::kIsWarning, sink);
  });
}

}  // namespace sgflow
