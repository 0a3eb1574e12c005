// An IPv4 or IPv6 address as a value of 17 bytes.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

enum class AddressFamily : std::uint8_t { kIpv4, kIpv6 };

class IpAddress {
 public:
  // 0.0.0.0
  constexpr IpAddress() = default;

  // Bytes in network order; an IPv4 address takes the first four, the rest must be 0.
  constexpr IpAddress(AddressFamily family, const std::array<std::uint8_t, 16>& bytes)
      : bytes_(bytes), family_(family) {}

  // Dotted decimal (no leading zeros, as AWS writes it) or RFC 4291 text without a zone. An
  // IPv4-mapped IPv6 address stays IPv6. Nothing but the address may stand in `text`.
  [[nodiscard]] static std::optional<IpAddress> Parse(std::string_view text);

  constexpr AddressFamily family() const { return family_; }
  constexpr bool is_ipv4() const { return family_ == AddressFamily::kIpv4; }
  // 32 or 128
  constexpr int bits() const { return is_ipv4() ? 32 : 128; }
  constexpr const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  // The shortest usual text (RFC 5952 for IPv6).
  std::string ToString() const;
  // The same, into at least kMostChars; gives its end.
  static constexpr std::size_t kMostChars = 46;
  char* WriteTo(char* text) const;

  friend constexpr bool operator==(const IpAddress& a, const IpAddress& b) {
    return a.words() == b.words() && a.family_ == b.family_;
  }
  // IPv4 before IPv6, then by value.
  friend constexpr auto operator<=>(const IpAddress& a, const IpAddress& b) {
    if (a.family_ != b.family_) return a.family_ <=> b.family_;
    return a.value() <=> b.value();
  }

 private:
  using Words = std::array<std::uint64_t, 2>;

  // Two words are compared at once, bytes by a call of memcmp.
  constexpr Words words() const { return std::bit_cast<Words>(bytes_); }
  constexpr Words value() const {
    Words value = words();
    if constexpr (std::endian::native == std::endian::little) {
      for (std::uint64_t& word : value) word = __builtin_bswap64(word);
    }
    return value;
  }

  std::array<std::uint8_t, 16> bytes_{};
  AddressFamily family_ = AddressFamily::kIpv4;
};

}  // namespace sgflow

template <>
struct std::hash<sgflow::IpAddress> {
  std::size_t operator()(const sgflow::IpAddress& address) const noexcept;
};
