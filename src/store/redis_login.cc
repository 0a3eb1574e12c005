#include "store/redis_login.h"

#include <simdjson.h>

#include <utility>

#include "aws/secrets_manager.h"

namespace sgflow {
namespace {

constexpr std::chrono::seconds kTimeout{10};

bool IsRefusedPassword(const Error& error) {
  return error.message.starts_with("WRONGPASS") || error.message.starts_with("NOAUTH") ||
         error.message.starts_with("ERR invalid password");
}

}  // namespace

Result<std::unique_ptr<RedisConnection>> RedisLogin::Connect() {
  const bool had_secret = has_secret_;
  if (secret_ && !has_secret_) {
    if (auto asked = AskForSecret(); !asked) return std::unexpected(std::move(asked.error()));
  }
  auto connection = TryToConnect();
  if (connection || !had_secret || !IsRefusedPassword(connection.error())) return connection;
  if (auto asked = AskForSecret(); !asked) return std::unexpected(std::move(asked.error()));
  return TryToConnect();
}

Result<void> RedisLogin::AskForSecret() {
  auto secret = secret_();
  if (!secret) return std::unexpected(std::move(secret.error()));
  has_secret_ = true;
  user_.clear();
  password_ = *secret;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (!secret->starts_with('{') || parser.parse(*secret).get(object) != simdjson::SUCCESS) {
    return {};
  }
  std::string_view text;
  if (object["password"].get(text) == simdjson::SUCCESS) password_ = text;
  if (object["username"].get(text) == simdjson::SUCCESS) user_ = text;
  return {};
}

Result<std::unique_ptr<RedisConnection>> RedisLogin::TryToConnect() const {
  auto connection = RedisConnection::Open(url_, kTimeout);
  if (!connection) return connection;
  const std::string& password = has_secret_ ? password_ : url_.password;
  const std::string& user = url_.user.empty() ? user_ : url_.user;
  if (password.empty()) return connection;
  // One word alone is what servers before Redis 6 understand too.
  auto taken = user.empty() ? (*connection)->Ask({"AUTH", password})
                            : (*connection)->Ask({"AUTH", user, password});
  if (!taken) return std::unexpected(std::move(taken.error()));
  return connection;
}

RedisSecret SecretOf(const std::string& secret) {
  if (secret.empty()) return nullptr;
  return [secret]() -> Result<std::string> {
    const auto client = MakeAwsClient({});
    auto value = GetSecretValue(*client, secret);
    if (!value) return std::unexpected(std::move(value.error().error));
    return std::move(*value);
  };
}

}  // namespace sgflow
