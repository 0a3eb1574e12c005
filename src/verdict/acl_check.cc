#include "verdict/acl_check.h"

#include <algorithm>
#include <string_view>
#include <vector>

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
  if (!IsIcmp(*entry.protocol)) return Answer::kYes;
  return CheckIcmpMessage(entry.icmp_type, entry.icmp_code, packet.icmp);
}

std::string_view SubnetIdOf(const Packet& packet) {
  return packet.local->subnet_id.empty() ? packet.subnet_id
                                         : std::string_view(packet.local->subnet_id);
}

// Null where the inventory lacks it.
const Subnet* SubnetOf(const InventoryIndex& index, const Packet& packet) {
  return packet.local->subnet_id.empty() ? index.inventory().FindSubnet(packet.subnet_id)
                                         : index.facts(*packet.local).subnet;
}

// D25.
bool InSameSubnet(const InventoryIndex& index, const Packet& packet, const NetworkInterface* near) {
  const std::string_view subnet_id = SubnetIdOf(packet);
  if (subnet_id.empty()) return false;
  if (near != nullptr) return near->subnet_id == subnet_id;
  const Subnet* subnet = SubnetOf(index, packet);
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
  bool passed_allow = false;
  bool passed_deny = false;
  const auto decided = [&](bool allow, std::int32_t number) {
    AclAnswer answer;
    answer.outcome = allow ? AclOutcome::kAllows : AclOutcome::kDenies;
    answer.doubtful = acl.doubtful || passed_allow || passed_deny;
    answer.may_be_otherwise = acl.doubtful || (allow ? passed_deny : passed_allow);
    answer.number = number;
    return answer;
  };
  for (const NetworkAclEntry& entry : acl.entries) {
    const Answer answer = CheckEntry(entry, packet);
    if (answer == Answer::kUntold) (entry.allow ? passed_allow : passed_deny) = true;
    if (answer == Answer::kYes) return decided(entry.allow, entry.number);
  }
  return decided(false, packet.peer()->is_ipv4() ? kLastIpv4Number : kLastIpv6Number);
}

AclAnswer CheckAcl(const InventoryIndex& index, const Packet& packet, const NetworkInterface* near,
                   const NetworkInterface* holder) {
  if (InSameSubnet(index, packet, near) && !TowardsGatewayEndpoint(index, packet, holder)) {
    AclAnswer answer;
    answer.outcome = AclOutcome::kNotMet;
    return answer;
  }
  AclAnswer answer;
  answer.outcome = AclOutcome::kUnknown;
  if (SubnetIdOf(packet).empty()) return answer;
  const auto acl = index.FindAcl(packet.local->vpc_id, SubnetOf(index, packet));
  if (!acl) return answer;
  answer = CheckEntries(index.inventory().acls()[*acl], packet);
  answer.acl = acl;
  return answer;
}

AclAnswer CheckEphemeralPorts(const NetworkAcl& acl, const Packet& packet) {
  // Between two borders of the entries' ranges all ports are alike.
  std::vector<std::int32_t> firsts{kFirstEphemeralPort};
  for (const NetworkAclEntry& entry : acl.entries) {
    firsts.push_back(entry.from_port);
    firsts.push_back(entry.to_port + 1);
  }
  std::optional<AclAnswer> allowed;
  std::optional<AclAnswer> denied;
  bool doubtful = false;
  bool may_be_otherwise = false;
  for (const std::int32_t first : firsts) {
    if (first < kFirstEphemeralPort || first > 0xFFFF) continue;
    Packet to_port = packet;
    to_port.destination_port = static_cast<std::uint16_t>(first);
    const AclAnswer answer = CheckEntries(acl, to_port);
    doubtful = doubtful || answer.doubtful;
    may_be_otherwise = may_be_otherwise || answer.may_be_otherwise;
    auto& of_kind = answer.allows() ? allowed : denied;
    if (!of_kind) of_kind = answer;
  }
  AclAnswer answer = denied ? *denied : *allowed;
  if (denied && allowed) answer.outcome = AclOutcome::kAllowsSome;
  answer.doubtful = doubtful;
  answer.may_be_otherwise = may_be_otherwise;
  return answer;
}

AclAnswer CheckReplies(const InventoryIndex& index, const Packet& opening,
                       const NetworkInterface* near, const NetworkInterface* holder) {
  if (opening.icmp && !HasReply(*opening.protocol, *opening.icmp)) return {};
  const Packet reply = Mirrored(opening);
  const AclAnswer answer = CheckAcl(index, reply, near, holder);
  if (!answer.acl || !HasPorts(*reply.protocol)) return answer;
  AclAnswer of_all = CheckEphemeralPorts(index.inventory().acls()[*answer.acl], reply);
  of_all.acl = answer.acl;
  return of_all;
}

}  // namespace sgflow
