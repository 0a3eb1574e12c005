#include "cli/explain_acl_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "network/protocol.h"
#include "verdict/acl_check.h"

namespace sgflow {
namespace {

// Those behind it are the default denies.
constexpr std::int32_t kLastNumber = 32766;

// An ACL and what it is asked to let through.
class Gate {
 public:
  Gate(const NetworkAcl& acl, const Packet& packet, AclTraffic traffic)
      : acl_(acl), packet_(packet), traffic_(traffic) {
    // Its numbers are what is changed here.
    acl_.doubtful = false;
  }

  AclAnswer Ask(const NetworkAcl& acl) const {
    const bool to_any_port = traffic_ == AclTraffic::kReplies && HasPorts(*packet_.protocol);
    return to_any_port ? CheckEphemeralPorts(acl, packet_) : CheckEntries(acl, packet_);
  }

  AclAnswer Ask() const { return Ask(acl_); }

  bool Passes(const NetworkAcl& acl) const {
    const AclAnswer answer = Ask(acl);
    return answer.outcome == AclOutcome::kAllows && !answer.may_be_otherwise;
  }

  // The entry that would let it through.
  NetworkAclEntry Allowing(std::int32_t number) const {
    NetworkAclEntry entry;
    entry.number = number;
    entry.direction = *packet_.direction;
    entry.protocol = packet_.protocol;
    entry.allow = true;
    entry.prefix = IpPrefix(*packet_.peer(), packet_.peer()->bits());
    if (HasPorts(*packet_.protocol)) {
      const bool fragment = *packet_.source_port == 0 && *packet_.destination_port == 0;
      if (traffic_ == AclTraffic::kReplies) {
        entry.from_port = kFirstEphemeralPort;
        entry.to_port = 0xFFFF;
      } else if (!fragment) {
        entry.from_port = entry.to_port = *packet_.destination_port;
      }
    } else if (packet_.icmp) {
      entry.icmp_type = packet_.icmp->type;
      entry.icmp_code = packet_.icmp->code ? *packet_.icmp->code : -1;
    }
    return entry;
  }

  // The last number at which it works. Numbers are used once in each direction.
  std::optional<std::int32_t> FindNumber() const {
    std::vector<std::int32_t> used{0};
    for (const NetworkAclEntry& entry : acl_.entries) {
      if (IsOwn(entry) && entry.number <= kLastNumber) used.push_back(entry.number);
    }
    std::int32_t next = kLastNumber + 1;
    for (; !used.empty(); next = used.back(), used.pop_back()) {
      const std::int32_t before = used.back();
      if (next - before < 2) continue;
      // Far enough from both for more to come.
      constexpr std::int32_t kStep = 10;
      const std::int32_t number =
          next > kLastNumber ? std::min(before + kStep, kLastNumber) : before + (next - before) / 2;
      if (Passes(With(number))) return number;
    }
    return std::nullopt;
  }

  // The last denying entry in whose place it works.
  const NetworkAclEntry* FindReplaceable() const {
    for (auto at = acl_.entries.rbegin(); at != acl_.entries.rend(); ++at) {
      if (!IsOwn(*at) || at->allow || at->number > kLastNumber) continue;
      NetworkAcl without = Without(at->number);
      Insert(Allowing(at->number), without);
      if (Passes(without)) return &*at;
    }
    return nullptr;
  }

  NetworkAcl Without(std::int32_t number) const {
    NetworkAcl without = acl_;
    std::erase_if(without.entries, [&](const NetworkAclEntry& entry) {
      return IsOwn(entry) && entry.number == number;
    });
    return without;
  }

  bool IsOwn(const NetworkAclEntry& entry) const { return entry.direction == *packet_.direction; }

 private:
  NetworkAcl With(std::int32_t number) const {
    NetworkAcl with = acl_;
    Insert(Allowing(number), with);
    return with;
  }

  static void Insert(const NetworkAclEntry& entry, NetworkAcl& acl) {
    const auto at =
        std::ranges::upper_bound(acl.entries, entry.number, {}, &NetworkAclEntry::number);
    acl.entries.insert(at, entry);
  }

  NetworkAcl acl_;
  const Packet& packet_;
  AclTraffic traffic_;
};

}  // namespace

std::vector<ExplainedChange> WaysToPassAcl(const NetworkAcl& acl, const Packet& packet,
                                           AclTraffic traffic) {
  const Gate gate(acl, packet, traffic);
  const AclAnswer answer = gate.Ask();
  std::vector<ExplainedChange> ways;
  if (answer.outcome == AclOutcome::kAllows) return ways;
  const std::string direction(DirectionWord(*packet.direction));
  if (const auto number = gate.FindNumber()) {
    ways.push_back({"add-acl-entry", acl.id, std::to_string(*number),
                    fmt::format("add {} entry {} to {}: {}", direction, *number, acl.id,
                                DescribeEntry(gate.Allowing(*number)))});
  } else if (const NetworkAclEntry* entry = gate.FindReplaceable()) {
    ways.push_back(
        {"replace-acl-entry", acl.id, std::to_string(entry->number),
         fmt::format("replace {} entry {} of {} ({}), before which no number is free: {}",
                     direction, entry->number, acl.id, DescribeEntry(*entry),
                     DescribeEntry(gate.Allowing(entry->number)))});
  }
  const NetworkAcl without = gate.Without(answer.number);
  if (without.entries.size() != acl.entries.size() && gate.Passes(without)) {
    ways.push_back({"remove-acl-entry", acl.id, std::to_string(answer.number),
                    fmt::format("remove {} entry {} of {}", direction, answer.number, acl.id)});
  }
  return ways;
}

std::string ServiceOf(const Packet& packet, std::uint16_t port) {
  const Protocol protocol = *packet.protocol;
  const std::string name = ProtocolName(protocol);
  if (IsIcmp(protocol)) {
    if (!packet.icmp) return "all " + name;
    std::string text = fmt::format("{} type {}", name, packet.icmp->type);
    if (packet.icmp->code) text += fmt::format(" code {}", *packet.icmp->code);
    return text;
  }
  if (!HasPorts(protocol)) return "protocol " + name;
  if (*packet.source_port == 0 && *packet.destination_port == 0) return "all " + name;
  return fmt::format("{} {}", name, port);
}

std::string HostPrefix(const IpAddress& address) {
  return IpPrefix(address, address.bits()).ToString();
}

}  // namespace sgflow
