#include "aws/crt_credentials.h"

#include <aws/auth/auth.h>
#include <aws/common/error.h>

#include <future>
#include <string>
#include <string_view>
#include <utility>

#include "aws/fault.h"

namespace sgflow {
namespace {

// That a link of the chain has nothing to say, as where there is no profile or no instance, is not
// worth telling; that a role or a login does not work is.
bool IsTelling(int error) {
  return std::string_view(aws_error_lib_name(error)) == "aws-c-auth" &&
         error != AWS_AUTH_CREDENTIALS_PROVIDER_INVALID_ENVIRONMENT &&
         error != AWS_AUTH_CREDENTIALS_PROVIDER_IMDS_SOURCE_FAILURE &&
         error != AWS_AUTH_IMDS_CLIENT_SOURCE_FAILURE;
}

AwsFault NoCredentials(int error) {
  std::string message = "no AWS credentials were found";
  if (IsTelling(error)) message += std::string(": ") + aws_error_str(error);
  return MakeFault(AwsFault::Kind::kCredentials, std::move(message),
                   "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with "
                   "AWS_PROFILE, or run with a role");
}

}  // namespace

AwsResult<CrtCredentials> WaitForCredentials(aws_credentials_provider& provider) {
  std::promise<AwsResult<CrtCredentials>> promise;
  const auto take = [](aws_credentials* credentials, int error, void* user_data) {
    auto& given = *static_cast<std::promise<AwsResult<CrtCredentials>>*>(user_data);
    if (credentials == nullptr) {
      given.set_value(std::unexpected(NoCredentials(error)));
      return;
    }
    aws_credentials_acquire(credentials);
    given.set_value(OwnCredentials(credentials));
  };
  if (aws_credentials_provider_get_credentials(&provider, take, &promise) != AWS_OP_SUCCESS) {
    return std::unexpected(NoCredentials(aws_last_error()));
  }
  return promise.get_future().get();
}

}  // namespace sgflow
