#include "network/ip_address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>

namespace sgflow {
namespace {

// The record path parses two to four IPv4 addresses a record, so this one is by hand.
std::optional<IpAddress> ParseIpv4(std::string_view text) {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t part = 0;
  unsigned value = 0;
  unsigned digits = 0;
  for (const char c : text) {
    const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
    if (digit <= 9) {
      if (digits != 0 && value == 0) return std::nullopt;  // a leading zero
      value = value * 10 + digit;
      ++digits;
      if (value > 255) return std::nullopt;
    } else {
      if (c != '.' || digits == 0 || part == 3) return std::nullopt;
      bytes[part++] = static_cast<std::uint8_t>(value);
      value = 0;
      digits = 0;
    }
  }
  if (digits == 0 || part != 3) return std::nullopt;
  bytes[3] = static_cast<std::uint8_t>(value);
  return IpAddress(AddressFamily::kIpv4, bytes);
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  // An IPv4 address has its first dot among the first four bytes. So can an IPv6 one that begins
  // with a colon, as ::1.2.3.4.
  if (!text.starts_with(':') && text.substr(0, 4).find('.') != std::string_view::npos) {
    return ParseIpv4(text);
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
