#include "aws/fault.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <pugixml.hpp>
#include <utility>

#include "aws/retry.h"

namespace sgflow {
namespace {

using Kind = AwsFault::Kind;

constexpr std::size_t kMaxMessage = 400;
// Signatures are valid for 5 minutes either way.
constexpr std::chrono::minutes kAllowedSkew{4};

struct ServiceError {
  std::string code;
  std::string message;
  std::string region;  // S3: where the bucket is
};

constexpr std::array<std::pair<std::string_view, Kind>, 29> kKinds{{
    {"AccessDenied", Kind::kAccessDenied},
    {"AccessDeniedException", Kind::kAccessDenied},
    {"AllAccessDisabled", Kind::kAccessDenied},
    {"Forbidden", Kind::kAccessDenied},
    {"UnauthorizedOperation", Kind::kAccessDenied},
    {"AuthFailure", Kind::kCredentials},
    {"ExpiredToken", Kind::kCredentials},
    {"ExpiredTokenException", Kind::kCredentials},
    {"IncompleteSignature", Kind::kCredentials},
    {"InvalidAccessKeyId", Kind::kCredentials},
    {"InvalidClientTokenId", Kind::kCredentials},
    {"InvalidSignatureException", Kind::kCredentials},
    {"InvalidToken", Kind::kCredentials},
    {"MissingAuthenticationToken", Kind::kCredentials},
    {"RequestExpired", Kind::kCredentials},
    {"RequestTimeTooSkewed", Kind::kCredentials},
    {"SignatureDoesNotMatch", Kind::kCredentials},
    {"TokenRefreshRequired", Kind::kCredentials},
    {"UnrecognizedClientException", Kind::kCredentials},
    {"NoSuchBucket", Kind::kNotFound},
    {"NoSuchKey", Kind::kNotFound},
    {"NotFound", Kind::kNotFound},
    {"ResourceNotFoundException", Kind::kNotFound},
    {"ConditionalRequestConflict", Kind::kPrecondition},
    {"NotModified", Kind::kPrecondition},
    {"PreconditionFailed", Kind::kPrecondition},
    {"RequestLimitExceeded", Kind::kThrottled},
    // Of an archived object: 403, but nobody's permission.
    {"InvalidObjectState", Kind::kRefused},
    // 401 or 403 too, where the account has not enabled the region.
    {"OptInRequired", Kind::kRefused},
}};

std::optional<ServiceError> XmlError(const std::string& body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size(), pugi::parse_minimal | pugi::parse_escapes)) {
    return std::nullopt;
  }
  // S3 has it at the top, STS within the answer, EC2 in a list.
  pugi::xml_node error = document.child("Error");
  for (const char* path : {"ErrorResponse/Error", "Response/Errors/Error"}) {
    if (!error) error = document.first_element_by_path(path);
  }
  if (!error) return std::nullopt;
  return ServiceError{error.child_value("Code"), error.child_value("Message"),
                      error.child_value("Region")};
}

std::optional<ServiceError> JsonError(const AwsAnswer& answer) {
  ServiceError error;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const bool is_object = parser.parse(answer.body).get(object) == simdjson::SUCCESS;
  const auto member = [&](const char* name) {
    std::string_view text;
    return is_object && object[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
  };
  std::string_view type = answer.Header("x-amzn-errortype");
  if (type.empty()) type = member("__type");
  if (type.empty()) return std::nullopt;
  // com.amazonaws.firehose#ServiceUnavailableException:http://...
  type = type.substr(0, type.find(':'));
  error.code = type.substr(type.rfind('#') + 1);
  error.message = member("message").empty() ? member("Message") : member("message");
  return error;
}

std::optional<ServiceError> ReadError(const AwsAnswer& answer) {
  if (auto error = XmlError(answer.body)) return error;
  return JsonError(answer);
}

std::string BucketRegion(const AwsAnswer& answer, const ServiceError& error) {
  // Other errors may tell the Region too, where it is not what was wrong.
  const bool is_elsewhere = answer.status == 301 || answer.status == 307 ||
                            error.code == "AuthorizationHeaderMalformed" ||
                            // HEAD has no body to say so.
                            (answer.status == 400 && error.code.empty());
  if (!is_elsewhere) return {};
  const std::string_view region = answer.Header("x-amz-bucket-region");
  return region.empty() ? error.region : std::string(region);
}

// The first line alone: behind it, a refused signature tells what was signed, session token and
// all.
std::string ForPeople(std::string message) {
  message.resize(std::min(message.find_first_of("\r\n"), message.size()));
  const std::size_t encoded = message.find(" Encoded authorization failure message");
  message.resize(std::min(encoded, message.size()));
  if (message.size() > kMaxMessage) {
    message.resize(kMaxMessage);
    message += "...";
  }
  while (message.ends_with('.') && !message.ends_with("...")) message.pop_back();
  return message;
}

std::optional<std::chrono::system_clock::time_point> DateOf(const AwsAnswer& answer) {
  const std::string date(answer.Header("date"));
  std::tm fields{};
  const char* end = strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S", &fields);
  if (end == nullptr) return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&fields));
}

// Empty where the clocks agree.
std::string SkewHint(const AwsAnswer& answer, std::chrono::system_clock::time_point now) {
  const auto date = DateOf(answer);
  if (!date) return {};
  const auto skew = std::chrono::duration_cast<std::chrono::minutes>(now - *date);
  if (std::chrono::abs(skew) < kAllowedSkew) return {};
  return "this machine's clock is " + std::to_string(std::abs(skew.count())) + " minutes " +
         (skew.count() > 0 ? "ahead of" : "behind") + " AWS's: set it right";
}

std::string CredentialsHint(const ServiceError& error, const AwsAnswer& answer,
                            std::chrono::system_clock::time_point now) {
  if (std::string skew = SkewHint(answer, now); !skew.empty()) return skew;
  if (error.code == "RequestTimeTooSkewed") return "set this machine's clock right";
  if (error.code.starts_with("ExpiredToken") || error.code == "RequestExpired" ||
      error.code == "TokenRefreshRequired") {
    return "the session has expired: log in again, or renew AWS_SESSION_TOKEN and the keys beside "
           "it";
  }
  if (error.code == "SignatureDoesNotMatch" || error.code == "InvalidSignatureException" ||
      error.code == "IncompleteSignature") {
    return "the secret key does not belong to the access key, or a proxy changes the request";
  }
  return "AWS does not know these credentials: check the keys, and that the region is enabled for "
         "the account";
}

std::string RegionHint(const ServiceError& error, const AwsAnswer& answer) {
  const std::string region = BucketRegion(answer, error);
  return region.empty() ? "" : "the bucket is in the region " + region + ": ask there";
}

Kind KindOf(int status, const ServiceError& error) {
  const auto* known =
      std::ranges::find(kKinds, error.code, &std::pair<std::string_view, Kind>::first);
  if (known != kKinds.end()) return known->second;
  if (RetryCauseOf(status, error.code) == RetryCause::kThrottled) return Kind::kThrottled;
  switch (status) {
    case 304:
    case 412:
      return Kind::kPrecondition;
    case 401:
    case 403:
      return Kind::kAccessDenied;
    case 404:
      return Kind::kNotFound;
    default:
      return status >= 500 ? Kind::kUnreachable : Kind::kRefused;
  }
}

std::string HintOf(Kind kind, const AwsCall& call, const ServiceError& error,
                   const AwsAnswer& answer, std::chrono::system_clock::time_point now) {
  switch (kind) {
    case Kind::kAccessDenied:
      return "allow " + call.iam_action + " to the role or user in use";
    case Kind::kCredentials:
      return CredentialsHint(error, answer, now);
    case Kind::kThrottled:
      return "AWS limits this account's calls: fewer at once, or later, will pass";
    default:
      if (error.code == "OptInRequired") return "enable the region for the account";
      if (error.code == "InvalidObjectState") return "it is archived: restore it first";
      return RegionHint(error, answer);
  }
}

std::string Asked(const AwsCall& call) { return call.iam_action + " in " + call.region; }

}  // namespace

AwsFault MakeFault(AwsFault::Kind kind, std::string message, std::string hint, std::string code) {
  return {.kind = kind,
          .code = std::move(code),
          .error = {.kind = ErrorKind::kEnvironment,
                    .message = std::move(message),
                    .place = {},
                    .hint = std::move(hint)}};
}

AwsFault FaultOf(const AwsCall& call, const AwsAnswer& answer,
                 std::chrono::system_clock::time_point now) {
  const std::optional<ServiceError> error = ReadError(answer);
  // Answers to HEAD and If-None-Match have no body to read.
  if (!error && answer.status != 304 && !answer.body.empty() && answer.status < 500) {
    return WebPageFault(call, answer);
  }
  const ServiceError known = error.value_or(ServiceError{});
  const Kind kind = KindOf(answer.status, known);
  std::string message = Asked(call) + ": ";
  message += known.code.empty() ? "AWS answered " + std::to_string(answer.status) : known.code;
  if (const std::string said = ForPeople(known.message); !said.empty()) message += ": " + said;
  AwsFault fault =
      MakeFault(kind, std::move(message), HintOf(kind, call, known, answer, now), known.code);
  fault.iam_action = call.iam_action;
  if (call.service == "s3") fault.bucket_region = BucketRegion(answer, known);
  return fault;
}

bool IsLateError(const AwsAnswer& answer) {
  // An object's own bytes are none of S3's errors.
  return answer.status == 200 && answer.Header("etag").empty() &&
         answer.body.find("<Error>") != std::string::npos && XmlError(answer.body).has_value();
}

bool IsWebPage(const AwsAnswer& answer) {
  // Stand-ins for AWS call their JSON so too.
  return answer.Header("content-type").starts_with("text/html") && !answer.body.starts_with('{');
}

AwsFault WebPageFault(const AwsCall& call, const AwsAnswer& answer) {
  return MakeFault(AwsFault::Kind::kBadAnswer,
                   Asked(call) + ": the answer (status " + std::to_string(answer.status) + ", " +
                       (IsWebPage(answer) ? "a web page" : "of an unknown form") + ") is not AWS's",
                   "a proxy or a login page stands in between: see HTTPS_PROXY, NO_PROXY and "
                   "AWS_ENDPOINT_URL");
}

}  // namespace sgflow
