#include "verdict/peer.h"

#include <array>

namespace sgflow {
namespace {

struct NamedKind {
  std::string_view name;
  PeerKind kind;
};

// `InterfaceType`: docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
constexpr std::array kTypes{
    NamedKind{"load_balancer", PeerKind::kLoadBalancer},
    NamedKind{"network_load_balancer", PeerKind::kLoadBalancer},
    NamedKind{"gateway_load_balancer", PeerKind::kLoadBalancer},
    NamedKind{"nat_gateway", PeerKind::kNatGateway},
    NamedKind{"natGateway", PeerKind::kNatGateway},
    NamedKind{"regional_nat_gateway", PeerKind::kNatGateway},
    NamedKind{"vpc_endpoint", PeerKind::kEndpoint},
    NamedKind{"gateway_load_balancer_endpoint", PeerKind::kEndpoint},
    NamedKind{"lambda", PeerKind::kLambda},
    NamedKind{"transit_gateway", PeerKind::kTransitGateway},
    NamedKind{"efs", PeerKind::kFileSystem},
    NamedKind{"branch", PeerKind::kPod},
    NamedKind{"global_accelerator_managed", PeerKind::kGlobalAccelerator},
    NamedKind{"api_gateway_managed", PeerKind::kApiGateway},
};

constexpr std::array kRequesters{
    NamedKind{"amazon-elb", PeerKind::kLoadBalancer},
    NamedKind{"amazon-rds", PeerKind::kRds},
    NamedKind{"amazon-elasticache", PeerKind::kCache},
    NamedKind{"amazon-vpce", PeerKind::kEndpoint},
};

// What AWS's services write into `Description`, in its beginning. Anybody could write the same, so
// they are asked last.
constexpr std::array kDescriptions{
    NamedKind{"ELB ", PeerKind::kLoadBalancer},
    NamedKind{"RDSNetworkInterface", PeerKind::kRds},
    NamedKind{"Interface for NAT Gateway", PeerKind::kNatGateway},
    NamedKind{"VPC Endpoint Interface", PeerKind::kEndpoint},
    NamedKind{"AWS Lambda VPC ENI", PeerKind::kLambda},
    NamedKind{"Network Interface for Transit Gateway", PeerKind::kTransitGateway},
    NamedKind{"EFS mount target", PeerKind::kFileSystem},
    NamedKind{"ElastiCache", PeerKind::kCache},
    NamedKind{"arn:aws:ecs:", PeerKind::kContainerTask},
    NamedKind{"arn:aws-cn:ecs:", PeerKind::kContainerTask},
    NamedKind{"arn:aws-us-gov:ecs:", PeerKind::kContainerTask},
    NamedKind{"aws-k8s-branch-eni", PeerKind::kPod},
    NamedKind{"Amazon EKS ", PeerKind::kKubernetesControlPlane},
};

}  // namespace

PeerKind KindOf(const NetworkInterface& interface) {
  for (const auto& [name, kind] : kTypes) {
    if (interface.type == name) return kind;
  }
  for (const auto& [name, kind] : kRequesters) {
    if (interface.requester_id == name) return kind;
  }
  for (const auto& [name, kind] : kDescriptions) {
    if (interface.description.starts_with(name)) return kind;
  }
  return interface.instance_id.empty() ? PeerKind::kInterface : PeerKind::kInstance;
}

PeerKind KindOfNextHop(std::string_view next_hop_interface_type) {
  if (next_hop_interface_type.empty()) return PeerKind::kUnknown;
  for (const auto& [name, kind] : kTypes) {
    if (next_hop_interface_type == name) return kind;
  }
  return PeerKind::kUnknown;
}

PeerKind KindOf(const IpAddress& address) {
  const auto& bytes = address.bytes();
  bool is_private = false;
  if (address.is_ipv4()) {
    is_private = bytes[0] == 10 ||                                // RFC 1918
                 (bytes[0] == 172 && (bytes[1] & 0xF0) == 16) ||  //
                 (bytes[0] == 192 && bytes[1] == 168) ||          //
                 (bytes[0] == 100 && (bytes[1] & 0xC0) == 64) ||  // RFC 6598
                 (bytes[0] == 169 && bytes[1] == 254) ||          // RFC 3927, link-local
                 bytes[0] >= 224;                                 // RFC 5771, multicast; broadcast
  } else {
    is_private = (bytes[0] & 0xFE) == 0xFC ||                        // RFC 4193, unique local
                 (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80) ||  // link-local
                 bytes[0] == 0xFF;                                   // RFC 4291, multicast
  }
  return is_private ? PeerKind::kPrivate : PeerKind::kInternet;
}

}  // namespace sgflow
