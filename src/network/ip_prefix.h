// A block of addresses, as 10.0.0.0/8 or 2001:db8::/32.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "network/ip_address.h"

namespace sgflow {

class IpPrefix {
 public:
  // 0.0.0.0/0
  constexpr IpPrefix() = default;

  // Bits of `address` behind `length` are cleared. Requires 0 <= length <= address.bits().
  IpPrefix(const IpAddress& address, int length);

  // "address/length"; host bits are masked away, as AWS does when a rule is made. A bare
  // address is none: nullopt.
  [[nodiscard]] static std::optional<IpPrefix> Parse(std::string_view text);

  constexpr const IpAddress& address() const { return address_; }
  constexpr int length() const { return length_; }
  constexpr bool is_ipv4() const { return address_.is_ipv4(); }

  // An address of the other family is never inside.
  bool Contains(const IpAddress& address) const;

  std::string ToString() const;
  // Whether ToString gives this text.
  bool IsWrittenAs(std::string_view text) const;

  friend constexpr bool operator==(const IpPrefix&, const IpPrefix&) = default;
  friend constexpr auto operator<=>(const IpPrefix&, const IpPrefix&) = default;

 private:
  IpAddress address_;
  int length_ = 0;
};

}  // namespace sgflow
