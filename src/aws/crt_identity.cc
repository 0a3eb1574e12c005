#include "aws/crt_identity.h"

#include <utility>

#include "aws/sts.h"

namespace sgflow {
namespace {

constexpr std::chrono::minutes kRenewBefore{5};

std::unique_ptr<AwsClient> AssumerFor(AwsClientOptions options) {
  if (options.role_arn.empty()) return nullptr;
  options.role_arn.clear();
  return MakeAwsClient(std::move(options));
}

}  // namespace

CrtIdentity::CrtIdentity(const AwsClientOptions& options)
    : options_(options), assumer_(AssumerFor(options)) {}

AwsResult<CrtCredentials> CrtIdentity::Credentials(AwsRuntime& runtime, const std::string& region,
                                                   AwsDeadline deadline) {
  if (assumer_ == nullptr) return runtime.Credentials(deadline);

  // Who else wants them waits, and need not ask again.
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::system_clock::now();
  if (assumed_ != nullptr && now + kRenewBefore < expiration_) return assumed_;
  const auto keys = AssumeRole(*assumer_, region, options_, deadline);
  if (!keys) {
    if (assumed_ != nullptr && now < expiration_) return assumed_;
    return std::unexpected(keys.error());
  }
  expiration_ = keys->expiration;
  assumed_ = OwnCredentials(aws_credentials_new(
      runtime.allocator(), Cursor(keys->access_key_id), Cursor(keys->secret_access_key),
      Cursor(keys->session_token),
      static_cast<std::uint64_t>(std::chrono::system_clock::to_time_t(expiration_))));
  return assumed_;
}

}  // namespace sgflow
