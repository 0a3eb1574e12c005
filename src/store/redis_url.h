// redis://[USER[:PASSWORD]@]HOST[:PORT][/KEY], and rediss:// for TLS.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "error/error.h"

namespace sgflow {

struct RedisUrl {
  bool tls = false;
  std::string user{};
  std::string password{};
  std::string host{};
  std::uint16_t port = 6379;
  std::string key = "sgflow:inventory";

  // Less the password.
  std::string ToString() const;
};

// What may be shown of a name that may be such a URL, a mistyped one too: all between :// and the
// last @ is left out.
std::string WithoutPassword(std::string_view name);

[[nodiscard]] Result<RedisUrl> ParseRedisUrl(std::string_view url);

}  // namespace sgflow
