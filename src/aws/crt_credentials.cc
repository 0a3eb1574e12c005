#include "aws/crt_credentials.h"

#include <aws/auth/auth.h>
#include <aws/common/error.h>

#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

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

// The links of the library's default chain, as it makes them of the environment.
std::string WhereLooked() {
  std::string places = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile '" +
                       VariableOr("AWS_PROFILE", "default") + "' of " +
                       VariableOr("AWS_CONFIG_FILE", "~/.aws/config") + " and " +
                       VariableOr("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
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

AwsFault NoCredentials(std::string message, int error = 0) {
  message += "; looked for in " + WhereLooked();
  if (IsTelling(error)) message += std::string(": ") + aws_error_str(error);
  return MakeFault(AwsFault::Kind::kCredentials, std::move(message),
                   "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with "
                   "AWS_PROFILE, or run with a role");
}

AwsFault NoneFound(int error) { return NoCredentials("no AWS credentials were found", error); }

}  // namespace

AwsResult<CrtCredentials> WaitForCredentials(aws_credentials_provider& provider,
                                             AwsDeadline deadline) {
  using Promise = std::promise<AwsResult<CrtCredentials>>;
  // The callback owns it: they may come when nobody waits any more.
  auto promise = std::make_unique<Promise>();
  auto future = promise->get_future();
  const auto take = [](aws_credentials* credentials, int error, void* user_data) {
    const std::unique_ptr<Promise> given(static_cast<Promise*>(user_data));
    if (credentials == nullptr) {
      given->set_value(std::unexpected(NoneFound(error)));
      return;
    }
    aws_credentials_acquire(credentials);
    given->set_value(OwnCredentials(credentials));
  };
  if (aws_credentials_provider_get_credentials(&provider, take, promise.get()) != AWS_OP_SUCCESS) {
    return std::unexpected(NoneFound(aws_last_error()));
  }
  static_cast<void>(promise.release());
  if (deadline != AwsDeadline::max() &&
      future.wait_until(deadline) == std::future_status::timeout) {
    return std::unexpected(NoCredentials("no AWS credentials were there in time"));
  }
  return future.get();
}

}  // namespace sgflow
