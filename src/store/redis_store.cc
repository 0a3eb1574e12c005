#include "store/redis_store.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "store/snapshot_store.h"

namespace sgflow {
namespace {

std::string VersionKey(const RedisUrl& url) { return url.key + ":version"; }

// FNV-1a, in hexadecimal.
std::string ChecksumOf(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[hash >> shift & 15];
  return text;
}

class RedisStore : public SnapshotStore {
 public:
  explicit RedisStore(RedisLogin login) : login_(std::move(login)) {}

  Result<std::optional<std::string>> ReadNew() override {
    const std::string version_key = VersionKey(login_.url());
    auto connection = login_.Connect();
    if (!connection) return std::unexpected(std::move(connection.error()));
    if (version_) {
      auto version = (*connection)->Ask({"GET", version_key});
      if (!version) return std::unexpected(std::move(version.error()));
      if (version->text && version->text == version_) return std::nullopt;
    }
    // Both of one moment.
    auto both = (*connection)->Ask({"MGET", version_key, login_.url().key});
    if (!both) return std::unexpected(std::move(both.error()));
    if (both->elements.size() != 2 || !both->elements[1].text) {
      return std::unexpected(Error{.kind = ErrorKind::kEnvironment,
                                   .message = "there is no key " + login_.url().key,
                                   .place = {},
                                   .hint = "sgflow snapshot --output writes it"});
    }
    std::string& bytes = *both->elements[1].text;
    // Who wrote it by other means gave no version.
    version_ = both->elements[0].text ? *both->elements[0].text : ChecksumOf(bytes);
    return std::move(bytes);
  }

 private:
  RedisLogin login_;
  std::optional<std::string> version_;
};

}  // namespace

Result<std::unique_ptr<SnapshotStore>> MakeRedisStore(const std::string& url, RedisSecret secret) {
  auto parsed = ParseRedisUrl(url);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  return std::make_unique<RedisStore>(RedisLogin(std::move(*parsed), std::move(secret)));
}

Result<void> WriteToRedis(RedisLogin& login, std::string_view bytes) {
  auto connection = login.Connect();
  if (!connection) return std::unexpected(std::move(connection.error()));
  const std::string version_key = VersionKey(login.url());
  const std::string checksum = ChecksumOf(bytes);
  const auto ask = [&](std::initializer_list<std::string_view> words) -> Result<void> {
    auto reply = (*connection)->Ask(words);
    if (!reply) return std::unexpected(std::move(reply.error()));
    return {};
  };
  auto done = ask({"MULTI"});
  if (done) done = ask({"SET", login.url().key, bytes});
  if (done) done = ask({"SET", version_key, checksum});
  if (done) done = ask({"EXEC"});
  return done;
}

}  // namespace sgflow
