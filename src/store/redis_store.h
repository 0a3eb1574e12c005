// A snapshot in Redis: gzip under KEY and what tells versions apart under KEY:version, which are
// written together.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"
#include "store/redis_login.h"

namespace sgflow {

[[nodiscard]] Result<void> WriteToRedis(RedisLogin& login, std::string_view bytes);

}  // namespace sgflow
