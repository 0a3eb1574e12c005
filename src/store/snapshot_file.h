// Where a snapshot is put: a file, by its path, or what its URL's scheme says.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

namespace sgflow {

struct SnapshotAccess {
  std::string redis_password_secret;  // an ARN
};

// As gzip, quickly: a tenth of a snapshot's JSON.
std::string GzipOf(std::string_view bytes);

// Whether WriteSnapshot could take the URL, as far as can be told before there is anything to
// write: what is found out here costs no minutes of asking AWS.
[[nodiscard]] Result<void> CheckSnapshotUrl(const std::string& url);

// Puts all of it there or leaves what is there as it is: a path, s3://BUCKET/KEY, redis:// or
// rediss://. "-" is standard output. Compressed with gzip where the name ends in .gz, and in Redis.
[[nodiscard]] Result<void> WriteSnapshot(const std::string& url, std::string_view bytes,
                                         const SnapshotAccess& access = {});

}  // namespace sgflow
