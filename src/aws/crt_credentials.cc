#include "aws/crt_credentials.h"

#include <aws/auth/auth.h>
#include <aws/common/error.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "aws/crt_profile.h"
#include "aws/fault.h"
#include "aws/settings.h"

namespace sgflow {
namespace {

// That a link of the chain has nothing to say, as where there is no profile or no instance, is not
// worth telling; that a role or a login does not work is.
bool IsTelling(int error) {
  return error != 0 && std::string_view(aws_error_lib_name(error)) == "aws-c-auth" &&
         error != AWS_AUTH_CREDENTIALS_PROVIDER_INVALID_ENVIRONMENT &&
         error != AWS_AUTH_CREDENTIALS_PROVIDER_IMDS_SOURCE_FAILURE &&
         error != AWS_AUTH_IMDS_CLIENT_SOURCE_FAILURE;
}

std::string VariableOr(const char* name, std::string otherwise) {
  std::string value = EnvironmentVariable(name);
  return value.empty() ? std::move(otherwise) : value;
}

constexpr const char* kId = "AWS_ACCESS_KEY_ID";
constexpr const char* kSecret = "AWS_SECRET_ACCESS_KEY";

// The links of the library's default chain, as it makes them of the environment.
std::string PlacesOfChain(const ProfileCredentials& profile) {
  std::string places = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
  if (!EnvironmentVariable(kSecret).empty()) places += " (the latter alone is set)";
  places += ", the profile '" + profile.name + "' of " +
            VariableOr("AWS_CONFIG_FILE", "~/.aws/config") + " and " +
            VariableOr("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  if (!profile.unknown.empty()) {
    places += " (whose " + profile.unknown + " sgflow cannot use)";
  }
  for (const char* name : {"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                           "AWS_CONTAINER_CREDENTIALS_FULL_URI"}) {
    if (!EnvironmentVariable(name).empty()) places += std::string(", ") + name;
  }
  const bool in_container = places.find("AWS_CONTAINER") != std::string::npos;
  const std::string disabled = EnvironmentVariable("AWS_EC2_METADATA_DISABLED");
  if (!in_container && (disabled.empty() || disabled == "false")) {
    places += ", the instance's metadata";
  }
  return places;
}

AwsFault NoCredentials(const CredentialsSource& source, std::string message, int error = 0) {
  if (IsTelling(error)) message += std::string(": ") + aws_error_str(error);
  return MakeFault(AwsFault::Kind::kCredentials, std::move(message), source.advice);
}

CredentialsSource SourceOfEnvironment(aws_allocator* allocator) {
  const aws_credentials_provider_environment_options options{};
  CredentialsSource source;
  source.provider.reset(aws_credentials_provider_new_environment(allocator, &options));
  return source;
}

CredentialsSource SourceOfChain(aws_allocator* allocator, const CredentialsMeans& means,
                                aws_tls_ctx* tls, const ProfileCredentials& profile) {
  const aws_credentials_provider_chain_default_options options{
      .bootstrap = means.bootstrap, .tls_ctx = tls, .proxy_ev_settings = means.proxy};
  CredentialsSource source;
  source.provider.reset(aws_credentials_provider_new_chain_default(allocator, &options));
  source.place = PlacesOfChain(profile);
  source.none = "no AWS credentials were found; looked for in " + source.place;
  source.advice = profile.unknown.empty()
                      ? "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with "
                        "AWS_PROFILE, or "
                        "run with a role"
                      : "what aws configure export-credentials --profile " + profile.name +
                            " --format env prints sets AWS_ACCESS_KEY_ID and the like";
  return source;
}

// Without the rest of the chain, which would go on in silence with somebody else's credentials.
CredentialsSource SourceOfProfile(aws_allocator* allocator, const CredentialsMeans& means,
                                  aws_tls_ctx* tls, const ProfileCredentials& profile) {
  const aws_credentials_provider_profile_options options{
      .bootstrap = means.bootstrap, .tls_ctx = tls, .proxy_ev_settings = means.proxy};
  CredentialsSource source;
  const decltype(source.provider) uncached(
      aws_credentials_provider_new_profile(allocator, &options));
  if (uncached != nullptr) {
    // As the default chain does.
    constexpr std::chrono::milliseconds kRenewAfter = std::chrono::minutes(15);
    const aws_credentials_provider_cached_options cached{
        .source = uncached.get(),
        .refresh_time_in_milliseconds = static_cast<std::uint64_t>(kRenewAfter.count())};
    source.provider.reset(aws_credentials_provider_new_cached(allocator, &cached));
  }
  const std::string of_profile = " of the AWS profile '" + profile.name + "'";
  switch (profile.by) {
    case ProfileCredentials::By::kProcess:
      source.place = "the credential_process" + of_profile;
      source.none = source.place + " failed, or printed no credentials";
      source.advice =
          "run it by hand: it has to end with 0 and to print JSON with Version 1, AccessKeyId and "
          "SecretAccessKey";
      break;
    case ProfileCredentials::By::kRole:
      source.place = "the role_arn" + of_profile;
      source.none = "the role" + of_profile + " could not be assumed";
      source.advice = "aws sts get-caller-identity --profile " + profile.name + " may say why";
      break;
    default:
      source.place = "the keys" + of_profile;
      source.none = source.place + " cannot be used";
  }
  return source;
}

}  // namespace

AwsResult<CredentialsSource> FindCredentials(aws_allocator* allocator,
                                             const CredentialsMeans& means) {
  if (!EnvironmentVariable(kId).empty()) {
    // Takes no TLS: nothing has to be trusted yet.
    if (!EnvironmentVariable(kSecret).empty()) return SourceOfEnvironment(allocator);
    return std::unexpected(MakeFault(AwsFault::Kind::kCredentials,
                                     std::string(kId) + " is set, and " + kSecret + " is not",
                                     "set both, or none of them"));
  }
  const auto profile = FindProfileCredentials(allocator);
  if (!profile) return std::unexpected(profile.error());
  const auto tls = means.tls();
  if (!tls) return std::unexpected(tls.error());
  return profile->by == ProfileCredentials::By::kNothing
             ? SourceOfChain(allocator, means, *tls, *profile)
             : SourceOfProfile(allocator, means, *tls, *profile);
}

AwsResult<CrtCredentials> WaitForCredentials(const CredentialsSource& source,
                                             AwsDeadline deadline) {
  struct Given {
    CrtCredentials credentials;
    int error = 0;
  };
  using Promise = std::promise<Given>;
  // The callback owns it: they may come when nobody waits any more.
  auto promise = std::make_unique<Promise>();
  auto future = promise->get_future();
  const auto take = [](aws_credentials* credentials, int error, void* user_data) {
    const std::unique_ptr<Promise> given(static_cast<Promise*>(user_data));
    if (credentials == nullptr) {
      given->set_value({.credentials = nullptr, .error = error});
      return;
    }
    aws_credentials_acquire(credentials);
    given->set_value({.credentials = OwnCredentials(credentials)});
  };
  if (aws_credentials_provider_get_credentials(source.provider.get(), take, promise.get()) !=
      AWS_OP_SUCCESS) {
    return std::unexpected(NoCredentials(source, source.none, aws_last_error()));
  }
  static_cast<void>(promise.release());
  if (deadline != AwsDeadline::max() &&
      future.wait_until(deadline) == std::future_status::timeout) {
    return std::unexpected(NoCredentials(
        source, "no AWS credentials were there in time; looked for in " + source.place));
  }
  const Given given = future.get();
  if (given.credentials != nullptr) return given.credentials;
  return std::unexpected(NoCredentials(source, source.none, given.error));
}

}  // namespace sgflow
