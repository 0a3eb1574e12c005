#include "network/protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sgflow {
namespace {

constexpr std::array<std::pair<std::string_view, Protocol>, 4> kNames{
    {{"tcp", kTcp}, {"udp", kUdp}, {"icmp", kIcmp}, {"icmpv6", kIcmpv6}}};

}  // namespace

std::optional<Protocol> ParseProtocol(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (const auto& [name, number] : kNames) {
    if (lower == name) return number;
  }
  Protocol number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

std::string ProtocolName(Protocol protocol) {
  for (const auto& [name, number] : kNames) {
    if (number == protocol) return std::string(name);
  }
  return std::to_string(protocol);
}

}  // namespace sgflow
