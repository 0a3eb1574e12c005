#include "size/traffic.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace sgflow {
namespace {

constexpr std::uint64_t kFirstSecond = 1767225600;

// The shortest of the peer's family.
std::string LocalAddress(const NetworkInterface& interface, AddressFamily family) {
  std::string shortest;
  for (const IpAddress& address : interface.addresses) {
    if (address.family() != family) continue;
    std::string text = address.ToString();
    if (shortest.empty() || text.size() < shortest.size()) shortest = std::move(text);
  }
  if (!shortest.empty()) return shortest;
  return (interface.addresses.empty() ? IpAddress() : interface.addresses.front()).ToString();
}

// Numbers as little alike as real ones.
std::uint64_t Scrambled(std::uint64_t number) { return (number + 1) * 2654435761U % 1'000'003; }

// The highest that one of its fields came with.
int VersionOf(const RecordLayout& layout) {
  int version = 0;
  for (const RecordLayout::Column& column : layout.columns()) {
    if (column.field) version = std::max(version, InfoOf(*column.field).version);
  }
  return version;
}

std::string PortOf(const Traffic& traffic, bool of_source) {
  constexpr std::uint64_t kFirstPort = 1024;
  constexpr std::uint64_t kPorts = 8'900;
  if (!HasPorts(traffic.protocol)) return "0";
  if (of_source == traffic.from_responder) return std::to_string(traffic.responder_port);
  if (traffic.opener_port != 0) return std::to_string(traffic.opener_port);
  return std::to_string(kFirstPort + Scrambled(traffic.number) % kPorts);
}

// A name of AWS's that is short; an interface of the inventory's has none.
std::string ServiceOf(const Traffic& traffic, bool of_peer) {
  return of_peer && traffic.peer_is_stranger ? "S3" : "-";
}

std::string ValueOf(Field field, const Traffic& traffic) {
  const NetworkInterface& local = *traffic.local;
  const bool inbound = traffic.direction == Direction::kIngress;
  const auto address = [&](bool of_peer) {
    return of_peer ? traffic.peer.ToString() : LocalAddress(local, traffic.peer.family());
  };
  const auto or_missing = [](const std::string& text) { return text.empty() ? "-" : text; };
  switch (field) {
    case Field::kAccountId:
      return local.owner_id.empty() ? "111122223333" : local.owner_id;
    case Field::kInterfaceId:
      return local.id;
    case Field::kSrcaddr:
    case Field::kPktSrcaddr:
      return address(inbound);
    case Field::kDstaddr:
    case Field::kPktDstaddr:
      return address(!inbound);
    case Field::kSrcport:
      return PortOf(traffic, /*of_source=*/true);
    case Field::kDstport:
      return PortOf(traffic, /*of_source=*/false);
    case Field::kProtocol:
      return std::to_string(traffic.protocol);
    case Field::kPackets:
      return std::to_string(1 + Scrambled(traffic.number) % 9);
    case Field::kBytes:
      return std::to_string(40 + Scrambled(traffic.number * 7) % 60);
    case Field::kStart:
      return std::to_string(kFirstSecond + Scrambled(traffic.number * 3) % 86'400);
    case Field::kEnd:
      return std::to_string(kFirstSecond + Scrambled(traffic.number * 3) % 86'400 + 59);
    case Field::kAction:
      return traffic.accepted ? "ACCEPT" : "REJECT";
    case Field::kLogStatus:
      return "OK";
    case Field::kVpcId:
      return or_missing(local.vpc_id);
    case Field::kSubnetId:
      return or_missing(local.subnet_id);
    case Field::kInstanceId:
      return or_missing(local.instance_id);
    case Field::kTcpFlags:
      return traffic.protocol == kTcp ? std::to_string(static_cast<int>(traffic.flags)) : "0";
    case Field::kType:
      return traffic.peer.is_ipv4() ? "IPv4" : "IPv6";
    case Field::kFlowDirection:
      return inbound ? "ingress" : "egress";
    case Field::kTrafficPath:
      return inbound ? "-" : "1";
    case Field::kPktSrcAwsService:
      return ServiceOf(traffic, inbound);
    case Field::kPktDstAwsService:
      return ServiceOf(traffic, !inbound);
    default:
      return "-";
  }
}

}  // namespace

TrafficRecord::TrafficRecord(std::shared_ptr<const RecordLayout> layout)
    : layout_(std::move(layout)), version_(std::to_string(VersionOf(*layout_))) {}

const FlowRecord* TrafficRecord::Write(const Traffic& traffic) {
  line_.clear();
  for (const RecordLayout::Column& column : layout_->columns()) {
    if (!line_.empty()) line_ += ' ';
    if (!column.field) {
      line_ += '-';
    } else {
      line_ += column.field == Field::kVersion ? version_ : ValueOf(*column.field, traffic);
    }
  }
  return record_.Split(layout_, line_, ' ') && record_.CheckTypes() ? &record_ : nullptr;
}

}  // namespace sgflow
