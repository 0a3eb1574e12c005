// A connection to Redis that has logged in.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "error/error.h"
#include "store/redis_connection.h"
#include "store/redis_url.h"

namespace sgflow {

// What the secret that holds the password says now; null: there is none.
using RedisSecret = std::function<Result<std::string>()>;

// A secret is the password alone, or JSON with "password" and maybe "username"; the URL's user
// comes before that. It is asked for when first needed, and again where Redis refuses the password:
// passwords are rotated.
class RedisLogin {
 public:
  RedisLogin(RedisUrl url, RedisSecret secret) : url_(std::move(url)), secret_(std::move(secret)) {}

  const RedisUrl& url() const { return url_; }
  [[nodiscard]] Result<std::unique_ptr<RedisConnection>> Connect();

 private:
  Result<void> AskForSecret();
  Result<std::unique_ptr<RedisConnection>> TryToConnect() const;

  RedisUrl url_;
  RedisSecret secret_;
  bool has_secret_ = false;
  std::string user_;
  std::string password_;
};

// Of SGFLOW_REDIS_PASSWORD_SECRET, by the environment's own identity; null where `secret` is empty.
RedisSecret SecretOf(const std::string& secret);

}  // namespace sgflow
