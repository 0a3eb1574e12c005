#include "live/aws_identities.h"

#include <utility>

namespace sgflow {

AwsClient& AwsIdentities::Of(const std::string& account_id) {
  const std::string role = RoleIn(account_id);
  const std::scoped_lock lock(lock_);
  std::unique_ptr<AwsClient>& client = clients_[role];
  if (client == nullptr) {
    AwsClientOptions options;
    options.role_arn = role;
    client = MakeAwsClient(std::move(options));
  }
  return *client;
}

// Records of which it is not told whose they are: the environment's own identity.
std::string AwsIdentities::RoleIn(const std::string& account_id) const {
  const std::size_t at = role_arn_.find(kAccountId);
  if (at == std::string::npos) return role_arn_;
  if (account_id.empty()) return {};
  std::string role = role_arn_;
  return role.replace(at, kAccountId.size(), account_id);
}

CallCounts AwsIdentities::counts() const {
  const std::scoped_lock lock(lock_);
  CallCounts counts;
  for (const auto& [role, client] : clients_) {
    const AwsCounters of_client = client->counters();
    counts.calls += of_client.requests;
    counts.throttles += of_client.throttles;
  }
  return counts;
}

Ec2Factory MakeEc2Factory(std::shared_ptr<AwsIdentities> identities) {
  return [identities =
              std::move(identities)](const Ec2Place& place) -> AwsResult<std::unique_ptr<Ec2>> {
    std::string region = place.region;
    if (region.empty()) {
      auto found = DefaultAwsRegion();
      if (!found) return std::unexpected(std::move(found.error()));
      region = std::move(*found);
    }
    return MakeEc2(identities->Of(place.account_id), std::move(region));
  };
}

}  // namespace sgflow
