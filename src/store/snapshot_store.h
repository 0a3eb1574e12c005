// Where others put a snapshot, to be looked at again from time to time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/client.h"
#include "error/error.h"
#include "store/redis_login.h"

namespace sgflow {

class SnapshotStore {
 public:
  SnapshotStore() = default;
  SnapshotStore(const SnapshotStore&) = delete;
  SnapshotStore& operator=(const SnapshotStore&) = delete;
  virtual ~SnapshotStore() = default;

  // The bytes; none where they are those that were given last. Cheap then.
  [[nodiscard]] virtual Result<std::optional<std::string>> ReadNew() = 0;
};

// A changed file is one of another time, size or inode.
[[nodiscard]] std::unique_ptr<SnapshotStore> MakeFileStore(std::string path);

// s3://BUCKET/KEY, by its ETag. The client must outlive it.
[[nodiscard]] Result<std::unique_ptr<SnapshotStore>> MakeS3Store(AwsClient& client,
                                                                 const std::string& url);

// redis:// and rediss://: gzip by its length and last bytes, which hold a checksum; what is not
// gzip is read each time.
[[nodiscard]] Result<std::unique_ptr<SnapshotStore>> MakeRedisStore(const std::string& url,
                                                                    RedisSecret secret);

}  // namespace sgflow
