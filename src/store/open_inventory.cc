#include "store/open_inventory.h"

#include <utility>

#include "store/aws_identities.h"
#include "store/live_source.h"
#include "store/snapshot_source.h"
#include "store/snapshot_store.h"

namespace sgflow {
namespace {

std::unique_ptr<InventorySource> OpenLive(const InventorySetup& setup) {
  auto identities = std::make_shared<AwsIdentities>(setup.role_arn);
  LiveSourceOptions options;
  options.time_to_live = setup.time_to_live;
  options.by_account = identities->by_account();
  options.fail_on_error = setup.fail_on_error;
  options.counts = [identities] { return identities->counts(); };
  return std::make_unique<LiveSource>(MakeEc2Factory(identities), std::move(options));
}

}  // namespace

std::expected<std::unique_ptr<InventorySource>, std::vector<Error>> OpenInventory(
    const InventorySetup& setup) {
  if (setup.is_live()) return OpenLive(setup);
  return SnapshotSource::Open(MakeFileStore(setup.name),
                              {.name = setup.name, .time_to_live = setup.time_to_live});
}

}  // namespace sgflow
