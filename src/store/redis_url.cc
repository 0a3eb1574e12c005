#include "store/redis_url.h"

#include <charconv>
#include <optional>
#include <system_error>

namespace sgflow {
namespace {

std::unexpected<Error> Bad(std::string message) {
  return std::unexpected(Error{.kind = ErrorKind::kUsage,
                               .message = std::move(message),
                               .place = {},
                               .hint = "write it as rediss://USER@HOST:6379/KEY"});
}

std::optional<std::string> Decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned value = 0;
    const char* first = text.data() + i + 1;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto [end, fault] = std::from_chars(first, first + 2, value, 16);
    if (fault != std::errc() || end != first + 2) return std::nullopt;
    decoded += static_cast<char>(value);
    i += 2;
  }
  return decoded;
}

}  // namespace

std::string RedisUrl::ToString() const {
  return std::string(tls ? "rediss://" : "redis://") + host + ':' + std::to_string(port) + '/' +
         key;
}

std::string WithoutPassword(std::string_view name) {
  const std::size_t scheme = name.find("://");
  const std::size_t at = name.rfind('@');
  if (scheme == std::string_view::npos || at == std::string_view::npos) return std::string(name);
  return std::string(name.substr(0, scheme + 3)) + std::string(name.substr(at + 1));
}

Result<RedisUrl> ParseRedisUrl(std::string_view url) {
  RedisUrl parsed;
  parsed.tls = url.starts_with("rediss://");
  if (!parsed.tls && !url.starts_with("redis://")) return Bad("it is no URL of Redis");
  std::string_view rest = url.substr(url.find("://") + 3);
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    if (slash + 1 < rest.size()) {
      const std::string_view key = rest.substr(slash + 1);
      if (key.find_first_of("?#") != std::string_view::npos) {
        return Bad(
            "a query or fragment has no meaning; ? and # in a key are written as %3F and %23");
      }
      const auto decoded = Decoded(key);
      if (!decoded) return Bad("the key has a % that no two digits follow");
      parsed.key = *decoded;
    }
    rest = rest.substr(0, slash);
  }
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = rest.substr(0, at);
    const std::size_t colon = who.find(':');
    const auto user = Decoded(who.substr(0, colon));
    const auto password =
        Decoded(colon == std::string_view::npos ? std::string_view{} : who.substr(colon + 1));
    if (!user || !password) return Bad("user or password have a % that no two digits follow");
    parsed.user = *user;
    parsed.password = *password;
    rest = rest.substr(at + 1);
  }
  if (rest.find_first_of("?#") != std::string_view::npos) {
    return Bad("a query or fragment has no meaning");
  }
  // [::1]:6379.
  const std::size_t bracket = rest.starts_with('[') ? rest.find(']') : std::string_view::npos;
  const std::size_t colon =
      bracket == std::string_view::npos ? rest.rfind(':') : rest.find(':', bracket);
  parsed.host =
      bracket == std::string_view::npos ? rest.substr(0, colon) : rest.substr(1, bracket - 1);
  if (parsed.host.empty()) return Bad("it names no host");
  if (colon != std::string_view::npos) {
    const std::string_view port = rest.substr(colon + 1);
    const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
    if (fault != std::errc() || end != port.data() + port.size() || parsed.port == 0) {
      // Not quoted: where a / stands in a password, this is a part of it.
      return Bad("what follows the host is no port; a / in a password is written as %2F");
    }
  }
  return parsed;
}

}  // namespace sgflow
