// A connection to Redis: commands and their answers, one after the other.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "store/redis_url.h"

namespace sgflow {

struct RedisReply {
  std::optional<std::string> text;     // none: nil, or a list
  std::vector<RedisReply> elements{};  // of a list
};

// For one thread. After an error it is of no use any more.
class RedisConnection {
 public:
  // Waits for `timeout` at most, for this and for each answer.
  [[nodiscard]] static Result<std::unique_ptr<RedisConnection>> Open(const RedisUrl& url,
                                                                     std::chrono::seconds timeout);
  RedisConnection() = default;
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;
  virtual ~RedisConnection() = default;

  // An answer that is an error is one; its code, as WRONGPASS, is the message's first word.
  [[nodiscard]] virtual Result<RedisReply> Ask(std::span<const std::string_view> words) = 0;
  Result<RedisReply> Ask(std::initializer_list<std::string_view> words) {
    return Ask(std::span(words.begin(), words.size()));
  }
};

}  // namespace sgflow
