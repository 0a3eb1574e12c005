#include "aws/s3_object.h"

#include <utility>

#include "aws/fault.h"
#include "aws/percent_encoding.h"

namespace sgflow {
namespace {

constexpr std::string_view kScheme = "s3://";

template <typename T>
AwsResult<T> About(const S3Location& location, AwsFault fault) {
  fault.error.place.file = "s3://" + location.bucket + "/" + location.key;
  return std::unexpected(std::move(fault));
}

}  // namespace

Result<S3Location> ParseS3Url(std::string_view url) {
  const std::string_view rest = url.starts_with(kScheme) ? url.substr(kScheme.size()) : "";
  const std::size_t slash = rest.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash + 1 == rest.size()) {
    return std::unexpected(Error{.kind = ErrorKind::kUsage,
                                 .message = "'" + std::string(url) + "' names no object in S3",
                                 .place = {},
                                 .hint = "write it as s3://BUCKET/KEY"});
  }
  return S3Location{std::string(rest.substr(0, slash)), std::string(rest.substr(slash + 1))};
}

S3Object::S3Object(AwsClient& client, S3Location location, std::string region)
    : client_(client), location_(std::move(location)), region_(std::move(region)) {}

// The bucket in the path, not in the host's name: AWS takes both, other servers only this.
AwsCall S3Object::Call(std::string method, std::string iam_action) const {
  AwsCall call{.service = "s3", .region = region_, .iam_action = std::move(iam_action)};
  call.method = std::move(method);
  call.path = "/" + location_.bucket + "/" + PercentEncode(location_.key, "/");
  return call;
}

AwsResult<std::optional<S3Object::Content>> S3Object::Get(const std::string& known_etag) {
  AwsCall call = Call("GET", "s3:GetObject");
  if (!known_etag.empty()) call.headers.emplace_back("if-none-match", known_etag);
  auto answer = client_.Send(call);
  if (answer) {
    std::string etag(answer->Header("etag"));
    return Content{std::move(answer->body), std::move(etag)};
  }
  if (answer.error().kind == AwsFault::Kind::kPrecondition) return std::nullopt;
  return About<std::optional<Content>>(location_, std::move(answer.error()));
}

AwsResult<std::string> S3Object::Put(std::string bytes, const S3PutCondition& condition) {
  AwsCall call = Call("PUT", "s3:PutObject");
  call.headers.emplace_back("content-type", "application/octet-stream");
  if (condition.absent) call.headers.emplace_back("if-none-match", "*");
  if (!condition.etag.empty()) call.headers.emplace_back("if-match", condition.etag);
  call.body = std::move(bytes);
  const auto answer = client_.Send(call);
  if (!answer) return About<std::string>(location_, answer.error());
  return std::string(answer->Header("etag"));
}

}  // namespace sgflow
