#include "network/ip_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace sgflow {
namespace {

// The record path parses two to four IPv4 addresses a record, so this one is by hand.
std::optional<IpAddress> ParseIpv4(std::string_view text) {
  std::array<std::uint8_t, 16> bytes{};
  const char* at = text.data();
  const char* const end = at + text.size();
  constexpr unsigned kNoDigit = 10;
  const auto digit = [&] {
    return at == end ? kNoDigit : static_cast<unsigned char>(*at) - unsigned{'0'};
  };
  for (std::size_t part = 0; part < 4; ++part) {
    if (part != 0 && (at == end || *at++ != '.')) return std::nullopt;
    unsigned value = digit();
    if (value > 9) return std::nullopt;
    ++at;
    for (unsigned next = digit(); next <= 9; next = digit()) {
      if (value == 0) return std::nullopt;  // a leading zero
      value = value * 10 + next;
      if (value > 255) return std::nullopt;
      ++at;
    }
    bytes[part] = static_cast<std::uint8_t>(value);
  }
  if (at != end) return std::nullopt;
  return IpAddress(AddressFamily::kIpv4, bytes);
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  // An IPv4 address has its first dot among the first four bytes. So can an IPv6 one that begins
  // with a colon, as ::1.2.3.4.
  const auto is_dot = [&](std::size_t at) { return text.size() > at && text[at] == '.'; };
  if (is_dot(1) || is_dot(2) || is_dot(3)) {
    if (!text.starts_with(':')) return ParseIpv4(text);
  }
  char terminated[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof terminated) return std::nullopt;
  // inet_pton reads up to a NUL, which must not hide what follows.
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, terminated, bytes.data()) != 1) return std::nullopt;
  return IpAddress(AddressFamily::kIpv6, bytes);
}

std::string IpAddress::ToString() const {
  char text[kMostChars];
  return {text, WriteTo(text)};
}

char* IpAddress::WriteTo(char* text) const {
  static_assert(kMostChars >= INET6_ADDRSTRLEN);
  if (!is_ipv4()) {
    inet_ntop(AF_INET6, bytes_.data(), text, kMostChars);
    return text + std::strlen(text);
  }
  // An inventory has hundreds of thousands of these, and inet_ntop prints with snprintf.
  char* end = text;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != 0) *end++ = '.';
    end = std::to_chars(end, text + kMostChars, bytes_[i]).ptr;
  }
  return end;
}

}  // namespace sgflow

std::size_t std::hash<sgflow::IpAddress>::operator()(
    const sgflow::IpAddress& address) const noexcept {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.bytes().data(), 8);
  std::memcpy(&low, address.bytes().data() + 8, 8);
  std::uint64_t mixed = (high ^ (low * 0x9E3779B97F4A7C15U)) + address.bits();
  mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93U;
  return mixed ^ (mixed >> 32);
}
