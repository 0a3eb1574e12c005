#include "store/redis_store.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "input/gzip_source.h"
#include "store/snapshot_store.h"

namespace sgflow {
namespace {

// Of gzip the last bytes are a checksum and the length of what it holds (RFC 1952).
constexpr std::size_t kTrailer = 8;

// What tells a value from another.
struct Mark {
  bool is_gzip = false;
  std::size_t size = 0;
  std::string end{};
  std::size_t hash = 0;  // of what is not gzip

  friend bool operator==(const Mark&, const Mark&) = default;
};

Mark MarkOf(std::string_view bytes) {
  Mark mark{.is_gzip = bytes.starts_with(kGzipMagic), .size = bytes.size()};
  mark.end = bytes.substr(bytes.size() - std::min(kTrailer, bytes.size()));
  if (!mark.is_gzip) mark.hash = std::hash<std::string_view>{}(bytes);
  return mark;
}

class RedisStore : public SnapshotStore {
 public:
  explicit RedisStore(RedisLogin login) : login_(std::move(login)) {}

  Result<std::optional<std::string>> ReadNew() override {
    auto connection = login_.Connect();
    if (!connection) return std::unexpected(std::move(connection.error()));
    if (last_ && last_->is_gzip) {
      auto same = IsTheLast(**connection);
      if (!same) return std::unexpected(std::move(same.error()));
      if (*same) return std::nullopt;
    }
    auto reply = (*connection)->Ask({"GET", login_.url().key});
    if (!reply) return std::unexpected(std::move(reply.error()));
    if (!reply->text) {
      return std::unexpected(Error{.kind = ErrorKind::kEnvironment,
                                   .message = "there is no key " + login_.url().key,
                                   .place = {},
                                   .hint = "sgflow snapshot --output writes it"});
    }
    Mark mark = MarkOf(*reply->text);
    if (last_ == mark) return std::nullopt;
    last_ = std::move(mark);
    return std::move(*reply->text);
  }

 private:
  // Asked one after the other: if the value changes in between, it is not taken for the last.
  Result<bool> IsTheLast(RedisConnection& connection) const {
    const std::string& key = login_.url().key;
    const auto size = connection.Ask({"STRLEN", key});
    if (!size) return std::unexpected(size.error());
    if (size->text != std::to_string(last_->size)) return false;
    const auto end = connection.Ask({"GETRANGE", key, "-8", "-1"});
    if (!end) return std::unexpected(end.error());
    return end->text == last_->end;
  }

  RedisLogin login_;
  std::optional<Mark> last_;
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
  auto reply = (*connection)->Ask({"SET", login.url().key, bytes});
  if (!reply) return std::unexpected(std::move(reply.error()));
  return {};
}

}  // namespace sgflow
