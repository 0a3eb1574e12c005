#include "aws/crt_signing.h"

#include <aws/auth/signable.h>
#include <aws/auth/signing.h>
#include <aws/auth/signing_config.h>
#include <aws/auth/signing_result.h>
#include <aws/common/error.h>

namespace sgflow {

bool Sign(aws_http_message& request, const aws_credentials& credentials,
          const SigningScope& scope) {
  aws_allocator* allocator = aws_default_allocator();
  aws_signing_config_aws config{};
  config.config_type = AWS_SIGNING_CONFIG_AWS;
  config.algorithm = AWS_SIGNING_ALGORITHM_V4;
  config.signature_type = AWS_ST_HTTP_REQUEST_HEADERS;
  config.service = Cursor(scope.service);
  config.region = Cursor(scope.region);
  config.credentials = &credentials;
  aws_date_time_init_epoch_millis(
      &config.date,
      static_cast<std::uint64_t>(
          std::chrono::floor<std::chrono::milliseconds>(scope.time.time_since_epoch()).count()));
  // S3 takes a key as it is, dots and doubled slashes too, and wants the body's hash told.
  const bool is_s3 = scope.service == "s3";
  config.flags.use_double_uri_encode = is_s3 ? 0 : 1;
  config.flags.should_normalize_uri_path = is_s3 ? 0 : 1;
  config.signed_body_header = is_s3 ? AWS_SBHT_X_AMZ_CONTENT_SHA256 : AWS_SBHT_NONE;

  const CrtPointer<aws_signable, aws_signable_destroy> signable(
      aws_signable_new_http_request(allocator, &request));
  if (signable == nullptr) return false;

  struct Outcome {
    aws_http_message* request = nullptr;
    int error = AWS_ERROR_UNKNOWN;
  } outcome{&request};
  const auto apply = [](aws_signing_result* result, int error, void* user_data) {
    auto& told = *static_cast<Outcome*>(user_data);
    told.error = error;
    if (error == AWS_ERROR_SUCCESS && aws_apply_signing_result_to_http_request(
                                          told.request, aws_default_allocator(), result) != 0) {
      told.error = aws_last_error();
    }
  };
  // With the credentials at hand nothing is waited for: `apply` is called before this returns.
  if (aws_sign_request_aws(allocator, signable.get(),
                           reinterpret_cast<const aws_signing_config_base*>(&config), apply,
                           &outcome) != AWS_OP_SUCCESS) {
    return false;
  }
  return outcome.error == AWS_ERROR_SUCCESS || aws_raise_error(outcome.error) == AWS_OP_SUCCESS;
}

}  // namespace sgflow
