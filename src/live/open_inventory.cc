#include "live/open_inventory.h"

#include <optional>
#include <utility>

#include "live/aws_identities.h"
#include "live/live_source.h"
#include "store/document_folder.h"
#include "store/redis_url.h"
#include "store/snapshot_source.h"
#include "store/snapshot_store.h"
#include "store/timeline_source.h"

namespace sgflow {
namespace {

std::unique_ptr<InventorySource> OpenLive(const InventorySetup& setup) {
  auto identities = std::make_shared<AwsIdentities>(setup.role_arn);
  LiveSourceOptions options;
  options.time_to_live = setup.time_to_live;
  options.by_account = identities->by_account();
  options.fail_on_error = setup.fail_on_error;
  options.with_branches = setup.with_branches;
  options.counts = [identities] { return identities->counts(); };
  return std::make_unique<LiveSource>(MakeEc2Factory(identities), std::move(options));
}

// S3's client lives as long as what it is read by.
class OwnClientStore : public SnapshotStore {
 public:
  OwnClientStore(std::unique_ptr<AwsClient> client, std::unique_ptr<SnapshotStore> store)
      : client_(std::move(client)), store_(std::move(store)) {}
  Result<std::optional<std::string>> ReadNew() override { return store_->ReadNew(); }

 private:
  std::unique_ptr<AwsClient> client_;
  std::unique_ptr<SnapshotStore> store_;
};

Result<std::unique_ptr<SnapshotStore>> OpenS3(const InventorySetup& setup) {
  AwsClientOptions options;
  options.role_arn = setup.role_arn;
  auto client = MakeAwsClient(std::move(options));
  auto store = MakeS3Store(*client, setup.name);
  if (!store) return store;
  return std::make_unique<OwnClientStore>(std::move(client), std::move(*store));
}

Result<std::unique_ptr<SnapshotStore>> OpenStore(const InventorySetup& setup) {
  const std::size_t end = setup.name.find("://");
  if (end == std::string::npos) return MakeFileStore(setup.name);
  const std::string_view scheme = std::string_view(setup.name).substr(0, end);
  if (scheme == "s3") return OpenS3(setup);
  if (scheme == "redis" || scheme == "rediss") {
    return MakeRedisStore(setup.name, SecretOf(setup.redis_password_secret));
  }
  return std::unexpected(
      Error{.kind = ErrorKind::kUsage,
            .message = "no inventory is read from " + std::string(scheme) + "://",
            .place = {},
            .hint = "one of: live, a path, s3://, redis://, rediss://"});
}

// A URL may have a password in it.
std::string NameOf(const InventorySetup& setup) {
  const auto url = ParseRedisUrl(setup.name);
  return url ? url->ToString() : WithoutPassword(setup.name);
}

}  // namespace

std::expected<std::unique_ptr<InventorySource>, std::vector<Error>> OpenInventory(
    const InventorySetup& setup) {
  if (setup.is_live()) return OpenLive(setup);
  const std::string name = NameOf(setup);
  if (IsDocumentFolder(setup.name)) {
    auto folder = OpenDocumentFolder(setup.name, setup.role_arn);
    if (!folder) return std::unexpected(std::vector{std::move(folder.error())});
    return TimelineSource::Open(std::move(*folder),
                                {.name = name, .time_to_live = setup.time_to_live});
  }
  auto store = OpenStore(setup);
  if (!store) {
    store.error().place.file = name;
    return std::unexpected(std::vector{std::move(store.error())});
  }
  return SnapshotSource::Open(std::move(*store),
                              {.name = name, .time_to_live = setup.time_to_live});
}

}  // namespace sgflow
