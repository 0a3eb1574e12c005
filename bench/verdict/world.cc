#include "verdict/world.h"

#include <cstdlib>
#include <utility>

#include "inventory/inventory_builder.h"
#include "network/ip_prefix.h"

namespace sgflow::bench {
namespace {

constexpr std::string_view kLayout =
    "interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action "
    "log-status vpc-id subnet-id tcp-flags pkt-srcaddr pkt-dstaddr flow-direction";

std::string AddressOf(std::uint32_t number) {
  return std::to_string(number >> 24) + '.' + std::to_string((number >> 16) & 255) + '.' +
         std::to_string((number >> 8) & 255) + '.' + std::to_string(number & 255);
}

IpPrefix PrefixOf(std::uint32_t number, int length) {
  return *IpPrefix::Parse(AddressOf(number) + '/' + std::to_string(length));
}

RuleDescription MakeRule(std::size_t group, std::size_t rule, Direction direction) {
  RuleDescription made;
  made.group_id = "sg-" + std::to_string(group);
  made.rule.id = "sgr-" + std::to_string(group) + '-' + std::to_string(rule) +
                 (direction == Direction::kIngress ? "-in" : "-out");
  made.rule.direction = direction;
  made.rule.protocol = kTcp;
  return made;
}

std::string Line(std::string_view source, std::string_view destination, unsigned source_port,
                 unsigned destination_port, std::string_view flags, bool inbound,
                 std::string_view action) {
  std::string line = "eni-server ";
  line += std::string(source) + ' ' + std::string(destination) + ' ' + std::to_string(source_port) +
          ' ' + std::to_string(destination_port) + " 6 10 4000 1767225600 1767225660 " +
          std::string(action) + " OK vpc-main subnet-main " + std::string(flags) + ' ' +
          std::string(source) + ' ' + std::string(destination) + (inbound ? " ingress" : " egress");
  return line;
}

}  // namespace

std::shared_ptr<const Inventory> MakeWorld(const WorldSize& size) {
  InventoryReport report;
  InventoryBuilder builder(report);
  DocumentDescription document{
      .file = "bench", .kinds = {}, .cut = false, .snapshot = {}, .coverage = {}};
  for (const ListedKind kind : {ListedKind::kNetworkInterfaces, ListedKind::kSecurityGroups,
                                ListedKind::kSecurityGroupRules, ListedKind::kPrefixLists}) {
    document.kinds.Add(kind);
  }
  const std::uint32_t number = builder.AddDocument(std::move(document));
  InterfaceDescription interface;
  interface.origin.document = number;
  interface.interface.id = "eni-server";
  interface.interface.vpc_id = "vpc-main";
  interface.interface.subnet_id = "subnet-main";
  interface.interface.addresses = {*IpAddress::Parse("10.0.0.10")};
  interface.groups.emplace();
  for (std::size_t group = 0; group < size.groups; ++group) {
    const std::string id = "sg-" + std::to_string(group);
    interface.groups->push_back({.id = id, .name = id});
    for (std::size_t rule = 0; rule < size.rules; ++rule) {
      RuleDescription in = MakeRule(group, rule, Direction::kIngress);
      in.origin.document = number;
      in.rule.from_port = in.rule.to_port = static_cast<std::int32_t>(1000 + 10 * rule + group);
      const auto network = static_cast<std::uint32_t>(group * size.rules + rule);
      in.rule.source.prefix = PrefixOf(0x0B000000U + (network << 16), 16);
      if (rule % 4 == 0) in.rule.source.prefix = PrefixOf(0, 0);
      if (rule == 1 && size.list_entries != 0) {
        in.rule.source.kind = RuleSource::Kind::kPrefixList;
        in.rule.source.id = "pl-" + std::to_string(group);
      }
      builder.Add(std::move(in));
    }
    if (size.list_entries == 0) continue;
    PrefixListDescription list;
    list.origin.document = number;
    list.list.id = "pl-" + std::to_string(group);
    list.list.entries.emplace();
    for (std::size_t entry = 0; entry < size.list_entries; ++entry) {
      const auto at = static_cast<std::uint32_t>(group * size.list_entries + entry);
      list.list.entries->push_back(PrefixOf(0x20000000U + (at << 12), 24));
    }
    builder.Add(std::move(list));
  }
  RuleDescription out = MakeRule(0, 0, Direction::kEgress);
  out.origin.document = number;
  out.rule.protocol = std::nullopt;
  out.rule.source.prefix = PrefixOf(0, 0);
  builder.Add(std::move(out));
  builder.Add(std::move(interface));
  return std::move(builder).Build();
}

const FlowRecord& Lines::Next() {
  if (!record_.Split(layout_, lines_[next_], ' ') || !record_.CheckTypes()) std::abort();
  next_ = next_ + 1 == lines_.size() ? 0 : next_ + 1;
  return record_;
}

Lines Lines::DistinctPeers(std::size_t count) {
  Lines made;
  made.layout_ = *RecordLayout::Parse(kLayout);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string peer = AddressOf(0x0B000000U + i * 2654435761U % 0x40000000U);
    const unsigned client_port = 32768 + i % 28000;
    const unsigned server_port = 1000 + 10 * (i % 60) + i % 5;
    switch (i % 4) {
      case 0:
        made.lines_.push_back(
            Line(peer, "10.0.0.10", client_port, server_port, "2", true, "ACCEPT"));
        break;
      case 1:
        made.lines_.push_back(
            Line("10.0.0.10", peer, server_port, client_port, "18", false, "ACCEPT"));
        break;
      case 2:
        made.lines_.push_back(
            Line(peer, "10.0.0.10", client_port, server_port, "0", true, "ACCEPT"));
        break;
      default:
        made.lines_.push_back(
            Line("10.0.0.10", peer, server_port, client_port, "1", false, "ACCEPT"));
        break;
    }
  }
  return made;
}

Lines Lines::RefusedScans(std::size_t count) {
  Lines made;
  made.layout_ = *RecordLayout::Parse(kLayout);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string peer = AddressOf(0x60000000U + i * 2654435761U % 0x40000000U);
    const unsigned port = (i * 40503U) % 65536;
    made.lines_.push_back(Line(peer, "10.0.0.10", 32768 + i % 28000, port, "2", true, "REJECT"));
  }
  return made;
}

}  // namespace sgflow::bench
