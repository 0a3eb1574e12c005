#include "snapshot/snapshot_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "aws/sts.h"

namespace sgflow {
namespace {

// A snapshot is in no hurry: what AWS throttles is asked for again, ever more slowly.
constexpr std::chrono::minutes kPatience{10};

// arn:aws:iam::111122223333:role/NAME, where aws may be aws-cn and the like. Empty: it is none.
std::string AccountOfRole(std::string_view arn) {
  constexpr std::size_t kDigits = 12;
  const std::size_t at = arn.find(":iam::");
  if (!arn.starts_with("arn:") || at == std::string_view::npos) return {};
  const std::string_view rest = arn.substr(at + std::string_view(":iam::").size());
  const std::string_view account = rest.substr(0, kDigits);
  const bool is_account = account.size() == kDigits &&
                          std::ranges::all_of(account, [](char c) { return c >= '0' && c <= '9'; });
  return is_account && rest.substr(kDigits).starts_with(":role/") ? std::string(account) : "";
}

std::unexpected<Error> BadRoles(std::string message, std::string hint) {
  return std::unexpected(Error{.kind = ErrorKind::kUsage,
                               .message = std::move(message),
                               .place = {},
                               .hint = std::move(hint)});
}

}  // namespace

Result<void> CheckRoles(std::span<const std::string> role_arns) {
  std::vector<std::string> accounts;
  for (const std::string& arn : role_arns) {
    const std::string account = AccountOfRole(arn);
    if (account.empty()) {
      return BadRoles(fmt::format("'{}' is no role", arn),
                      "roles are named as arn:aws:iam::111122223333:role/NAME");
    }
    if (std::ranges::find(accounts, account) != accounts.end()) {
      return BadRoles(fmt::format("two roles of the account {}", account),
                      "give one role for each account");
    }
    accounts.push_back(account);
  }
  return {};
}

AwsResult<std::vector<SnapshotPlaces::Identity>> SnapshotPlaces::FindIdentities(
    std::span<const std::string> role_arns, const std::string& region) {
  std::vector<Identity> identities;
  AwsClientOptions options;
  options.patience = kPatience;
  for (const std::string& arn : role_arns) {
    options.role_arn = arn;
    identities.push_back({MakeAwsClient(options), AccountOfRole(arn)});
  }
  if (!identities.empty()) return identities;
  auto client = MakeAwsClient(options);
  auto caller = GetCallerIdentity(*client, region);
  if (!caller) return std::unexpected(std::move(caller.error()));
  identities.push_back({std::move(client), std::move(caller->account_id)});
  return identities;
}

AwsResult<SnapshotPlaces> SnapshotPlaces::Open(std::span<const std::string> role_arns,
                                               std::vector<std::string> regions) {
  if (regions.empty()) {
    auto region = DefaultAwsRegion();
    if (!region) return std::unexpected(std::move(region.error()));
    regions.push_back(std::move(*region));
  }
  auto identities = FindIdentities(role_arns, regions.front());
  if (!identities) return std::unexpected(std::move(identities.error()));
  SnapshotPlaces opened;
  opened.identities_ = std::move(*identities);
  for (const Identity& identity : opened.identities_) {
    for (const std::string& region : regions) {
      opened.connections_.push_back(MakeEc2(*identity.client, region));
      opened.places_.push_back({opened.connections_.back().get(), identity.account_id, region});
    }
  }
  return opened;
}

AwsCounters SnapshotPlaces::counters() const {
  AwsCounters sum;
  for (const Identity& identity : identities_) {
    const AwsCounters counters = identity.client->counters();
    sum.requests += counters.requests;
    sum.throttles += counters.throttles;
  }
  return sum;
}

}  // namespace sgflow
