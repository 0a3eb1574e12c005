#include "cli/explain_question.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "flowlog/field.h"
#include "network/ip_address.h"
#include "network/protocol.h"

namespace sgflow {
namespace {

std::unexpected<Error> Usage(std::string message, std::string hint = {}) {
  return std::unexpected(Error{.kind = ErrorKind::kUsage,
                               .message = std::move(message),
                               .place = {},
                               .hint = std::move(hint)});
}

std::optional<Direction> DirectionOf(const ExplainOptions& options) {
  if (options.direction) {
    return *options.direction == "ingress" ? Direction::kIngress : Direction::kEgress;
  }
  if (options.from) return Direction::kIngress;
  if (options.to) return Direction::kEgress;
  return std::nullopt;
}

Result<void> CheckRecord(const ExplainOptions& options) {
  if (options.line && options.file) {
    return Usage("a record is given by LINE or by --file and --line, not by both");
  }
  if (options.line && options.line_number) {
    return Usage("--line is the number of a line in --file", "name the file with --file");
  }
  if (options.file && !options.line_number) {
    return Usage("--line is missing", "it tells which line of --file is explained");
  }
  if (!options.file && options.line_number) {
    return Usage("--file is missing", "--line is the number of a line in it");
  }
  if (options.line_number == 0) return Usage("--line: lines count from 1");
  return {};
}

// Up to `most`, in digits alone.
std::optional<std::uint16_t> NumberOf(std::string_view text, std::uint16_t most) {
  std::uint16_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end || number > most) return std::nullopt;
  return number;
}

Result<void> CheckNumber(const std::string& option, const std::string& what,
                         const std::optional<std::string>& text, std::uint16_t most) {
  if (!text || NumberOf(*text, most)) return {};
  return Usage(option + ": '" + *text + "' is no " + what,
               "a number from 0 to " + std::to_string(most));
}

Result<void> CheckIcmp(const ExplainOptions& options, Protocol protocol) {
  if (options.icmp_type && !IsIcmp(protocol)) {
    return Usage("--icmp-type: " + ProtocolName(protocol) + " has no types");
  }
  if (options.icmp_code && !options.icmp_type) {
    return Usage("--icmp-type is missing", "--icmp-code tells apart what is of one type");
  }
  if (auto type = CheckNumber("--icmp-type", "ICMP type", options.icmp_type, 0xFF); !type)
    return type;
  return CheckNumber("--icmp-code", "ICMP code", options.icmp_code, 0xFF);
}

Result<void> CheckProtocol(const ExplainOptions& options) {
  if (!options.protocol) {
    return Usage("--protocol is missing", "tcp, udp, icmp, icmpv6 or a number");
  }
  const auto protocol = ParseProtocol(*options.protocol);
  if (!protocol) {
    return Usage("--protocol: '" + *options.protocol + "' is no protocol",
                 "tcp, udp, icmp, icmpv6 or a number up to 255");
  }
  if (HasPorts(*protocol) && !options.port) {
    return Usage("--port is missing", "the port that the connection goes to");
  }
  if (!HasPorts(*protocol) && options.port) {
    return Usage("--port: " + ProtocolName(*protocol) + " has no ports");
  }
  if (auto port = CheckNumber("--port", "port", options.port, 0xFFFF); !port) return port;
  return CheckIcmp(options, *protocol);
}

Result<void> CheckQuestion(const ExplainOptions& options) {
  if (options.line || options.file || options.line_number) {
    return Usage("a record and a question are asked one at a time",
                 "leave out LINE, --file and --line, or the options of the question");
  }
  if (options.interface && options.address) {
    return Usage("the interface is given by --interface or by --address, not by both");
  }
  if (!options.interface && !options.address) {
    return Usage("--interface is missing", "or --address, which finds it");
  }
  if (options.vpc && !options.address) return Usage("--vpc is for --address");
  if (options.from && options.to) {
    return Usage("a question has --from (ingress) or --to (egress), not both");
  }
  const auto direction = DirectionOf(options);
  if (!options.from && !options.to) {
    const bool egress = direction == Direction::kEgress;
    return Usage(std::string(egress ? "--to" : "--from") + " is missing",
                 egress || direction ? "the address of the other side"
                                     : "the address that asks, or --to for one that is asked");
  }
  if (options.from && direction != Direction::kIngress) {
    return Usage("--from contradicts --direction egress", "what leaves goes --to an address");
  }
  if (options.to && direction != Direction::kEgress) {
    return Usage("--to contradicts --direction ingress", "what enters comes --from an address");
  }
  for (const auto& [name, text] :
       {std::pair{"--address", options.address}, std::pair{"--from", options.from},
        std::pair{"--to", options.to}}) {
    if (text && !IpAddress::Parse(*text)) {
      return Usage(std::string(name) + ": '" + *text + "' is no address",
                   "one IPv4 or IPv6 address, as 10.0.1.5");
    }
  }
  return CheckProtocol(options);
}

Result<const NetworkInterface*> FindByAddress(const ExplainOptions& options,
                                              const InventoryIndex& index) {
  const IpAddress address = *IpAddress::Parse(*options.address);
  std::vector<const NetworkInterface*> found;
  for (const InventoryIndex::Holder& holder : index.Holders(index.FindAddress(address))) {
    const NetworkInterface& interface = index.inventory().interfaces()[holder.interface];
    if (!options.vpc || interface.vpc_id == *options.vpc) found.push_back(&interface);
  }
  if (found.empty()) {
    return Usage("--address: no interface of the inventory has " + address.ToString() +
                     (options.vpc ? " in " + *options.vpc : ""),
                 "a private address or one of a delegated prefix is meant");
  }
  if (found.size() == 1) return found.front();
  constexpr std::size_t kNamed = 5;
  std::string names;
  for (std::size_t i = 0; i < found.size() && i < kNamed; ++i) {
    names += (i == 0 ? "" : ", ") + found[i]->id + " in " + found[i]->vpc_id;
  }
  if (found.size() > kNamed) names += ", ...";
  return Usage("--address: several interfaces have " + address.ToString() + ": " + names,
               "say which with --vpc or --interface");
}

// "did you mean eni-web?"; empty where none is near.
std::string InterfacesNear(std::string_view id, const Inventory& inventory) {
  std::vector<std::string_view> ids;
  for (const NetworkInterface& interface : inventory.interfaces()) ids.push_back(interface.id);
  std::string near;
  for (const std::string_view name : NearestNames(id, ids)) {
    near += (near.empty() ? "did you mean " : " or ") + std::string(name);
  }
  return near.empty() ? near : near + "?";
}

}  // namespace

bool AsksQuestion(const ExplainOptions& options) {
  return options.interface || options.address || options.vpc || options.direction || options.from ||
         options.to || options.port || options.protocol || options.icmp_type || options.icmp_code;
}

Result<void> CheckExplainOptions(const ExplainOptions& options) {
  if (AsksQuestion(options)) {
    if (options.record_format) {
      return Usage("--record-format is for a record, and this is a question");
    }
    return CheckQuestion(options);
  }
  if (!options.line && !options.file && !options.line_number) {
    return Usage("nothing is asked: give a record or a question",
                 "sgflow explain --help has examples");
  }
  return CheckRecord(options);
}

Result<Packet> AskedPacket(const ExplainOptions& options, const InventoryIndex& index) {
  const NetworkInterface* interface = nullptr;
  if (options.interface) {
    interface = index.inventory().FindInterface(*options.interface);
    if (interface == nullptr) {
      return Usage("--interface: the inventory has no '" + *options.interface + "'",
                   InterfacesNear(*options.interface, index.inventory()));
    }
  } else {
    auto found = FindByAddress(options, index);
    if (!found) return std::unexpected(std::move(found.error()));
    interface = *found;
  }
  const Direction direction = *DirectionOf(options);
  const IpAddress peer = *IpAddress::Parse(options.from ? *options.from : *options.to);
  Packet packet = QuestionPacket(*interface, direction, peer, *ParseProtocol(*options.protocol),
                                 options.port ? *NumberOf(*options.port, 0xFFFF) : 0);
  const auto address = IpAddress::Parse(options.address.value_or(""));
  if (address && address->family() != peer.family()) {
    return Usage("--address " + address->ToString() + " and " + peer.ToString() +
                 " are of two families, which exchange nothing");
  }
  auto& own = direction == Direction::kIngress ? packet.destination : packet.source;
  // One of several, or of a delegated prefix.
  if (address) own = address;
  if (!own && !interface->addresses.empty()) {
    return Usage(interface->id + " has no " + (peer.is_ipv4() ? "IPv4" : "IPv6") +
                 " address, so it exchanges nothing with " + peer.ToString());
  }
  if (options.icmp_type) {
    IcmpMessage& message = packet.icmp.emplace();
    message.type = static_cast<std::uint8_t>(*NumberOf(*options.icmp_type, 0xFF));
    if (options.icmp_code) {
      message.code = static_cast<std::uint8_t>(*NumberOf(*options.icmp_code, 0xFF));
    }
  }
  return packet;
}

}  // namespace sgflow
