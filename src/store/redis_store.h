// A snapshot in Redis: one value, as gzip.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"
#include "store/redis_login.h"

namespace sgflow {

[[nodiscard]] Result<void> WriteToRedis(RedisLogin& login, std::string_view bytes);

}  // namespace sgflow
