#include <utility>

#include "aws/s3_object.h"
#include "store/snapshot_store.h"

namespace sgflow {
namespace {

class S3Store : public SnapshotStore {
 public:
  S3Store(AwsClient& client, S3Location location) : object_(client, std::move(location)) {}

  Result<std::optional<std::string>> ReadNew() override {
    auto content = object_.Get(etag_);
    if (!content) return std::unexpected(std::move(content.error().error));
    if (!*content) return std::nullopt;
    etag_ = std::move((*content)->etag);
    return std::move((*content)->bytes);
  }

 private:
  S3Object object_;
  std::string etag_;
};

}  // namespace

Result<std::unique_ptr<SnapshotStore>> MakeS3Store(AwsClient& client, const std::string& url) {
  auto location = ParseS3Url(url);
  if (!location) return std::unexpected(std::move(location.error()));
  return std::make_unique<S3Store>(client, std::move(*location));
}

}  // namespace sgflow
