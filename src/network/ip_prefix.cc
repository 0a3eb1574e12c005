#include "network/ip_prefix.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace sgflow {
namespace {

std::array<std::uint8_t, 16> Masked(const std::array<std::uint8_t, 16>& bytes, int length) {
  std::array<std::uint8_t, 16> masked{};
  const auto whole = static_cast<std::size_t>(length / 8);
  std::memcpy(masked.data(), bytes.data(), whole);
  if (const int rest = length % 8; rest != 0) {
    masked[whole] = static_cast<std::uint8_t>(bytes[whole] & (0xFF00U >> rest));
  }
  return masked;
}

}  // namespace

IpPrefix::IpPrefix(const IpAddress& address, int length)
    : address_(address.family(), Masked(address.bytes(), length)), length_(length) {}

std::optional<IpPrefix> IpPrefix::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = IpAddress::Parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const std::string_view digits = text.substr(slash + 1);
  int length = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (length < 0 || length > address->bits()) return std::nullopt;
  return IpPrefix(*address, length);
}

bool IpPrefix::Contains(const IpAddress& address) const {
  if (address.family() != address_.family()) return false;
  return Masked(address.bytes(), length_) == address_.bytes();
}

std::string IpPrefix::ToString() const {
  return address_.ToString() + '/' + std::to_string(length_);
}

bool IpPrefix::IsWrittenAs(std::string_view text) const {
  char written[IpAddress::kMostChars + 4];
  char* end = address_.WriteTo(written);
  *end++ = '/';
  end = std::to_chars(end, written + sizeof written, length_).ptr;
  return text == std::string_view(written, end);
}

}  // namespace sgflow
