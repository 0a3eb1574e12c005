#include "verdict/acl_check.h"

#include <algorithm>
#include <string_view>

#include "network/protocol.h"
#include "verdict/rule_check.h"

namespace sgflow {
namespace {

constexpr std::int32_t kLastIpv4Number = 32767;
constexpr std::int32_t kLastIpv6Number = 32768;

// D27.
Answer CheckEntry(const NetworkAclEntry& entry, const Packet& packet) {
  if (entry.direction != *packet.direction) return Answer::kNo;
  if (entry.protocol && *entry.protocol != *packet.protocol) return Answer::kNo;
  if (!entry.prefix.Contains(*packet.peer())) return Answer::kNo;
  if (!entry.protocol) return Answer::kYes;
  if (HasPorts(*entry.protocol)) {
    if (entry.from_port == -1 || (entry.from_port == 0 && entry.to_port == 0xFFFF)) {
      return Answer::kYes;
    }
    if (*packet.source_port == 0 && *packet.destination_port == 0) return Answer::kUntold;
    const std::int32_t port = *packet.destination_port;
    return entry.from_port <= port && port <= entry.to_port ? Answer::kYes : Answer::kNo;
  }
  const bool icmp = *entry.protocol == kIcmp || *entry.protocol == kIcmpv6;
  return icmp && entry.icmp_type != -1 ? Answer::kUntold : Answer::kYes;
}

std::string_view SubnetOf(const Packet& packet) {
  return packet.local->subnet_id.empty() ? packet.subnet_id
                                         : std::string_view(packet.local->subnet_id);
}

// D25.
bool InSameSubnet(const InventoryIndex& index, const Packet& packet, const NetworkInterface* near) {
  const std::string_view subnet_id = SubnetOf(packet);
  if (subnet_id.empty()) return false;
  if (near != nullptr) return near->subnet_id == subnet_id;
  const Subnet* subnet = index.inventory().FindSubnet(subnet_id);
  return subnet != nullptr && std::ranges::any_of(subnet->prefixes, [&](const IpPrefix& prefix) {
           return prefix.Contains(*packet.peer());
         });
}

// D26: AWS's Gateway Load Balancer guide, "Network ACLs": an ACL acts on what goes from an
// application to an endpoint of its own subnet.
bool TowardsGatewayEndpoint(const InventoryIndex& index, const Packet& packet,
                            const NetworkInterface* holder) {
  const NetworkInterface* receiver = packet.local;
  if (*packet.direction == Direction::kEgress) {
    receiver = packet.next_hop_interface_id.empty()
                   ? nullptr
                   : index.inventory().FindInterface(packet.next_hop_interface_id);
    if (receiver == nullptr) receiver = holder;
  }
  return receiver != nullptr && index.facts(*receiver).is_gateway_endpoint;
}

}  // namespace

AclAnswer CheckEntries(const NetworkAcl& acl, const Packet& packet) {
  AclAnswer result{
      .outcome = AclOutcome::kDenies, .doubtful = acl.doubtful, .acl = {}, .number = 0};
  for (const NetworkAclEntry& entry : acl.entries) {
    const Answer answer = CheckEntry(entry, packet);
    if (answer == Answer::kUntold) result.doubtful = true;
    if (answer != Answer::kYes) continue;
    if (entry.allow) result.outcome = AclOutcome::kAllows;
    result.number = entry.number;
    return result;
  }
  result.number = packet.peer()->is_ipv4() ? kLastIpv4Number : kLastIpv6Number;
  return result;
}

AclAnswer CheckAcl(const InventoryIndex& index, const Packet& packet, const NetworkInterface* near,
                   const NetworkInterface* holder) {
  if (InSameSubnet(index, packet, near) && !TowardsGatewayEndpoint(index, packet, holder)) {
    return {.outcome = AclOutcome::kNotMet, .doubtful = false, .acl = {}, .number = 0};
  }
  const auto acl = index.FindAcl(packet.local->vpc_id, SubnetOf(packet));
  if (!acl) return {.outcome = AclOutcome::kUnknown, .doubtful = false, .acl = {}, .number = 0};
  AclAnswer answer = CheckEntries(index.inventory().acls()[*acl], packet);
  answer.acl = acl;
  return answer;
}

}  // namespace sgflow
