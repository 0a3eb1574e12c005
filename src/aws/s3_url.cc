#include "aws/s3_url.h"

#include <algorithm>

namespace sgflow {
namespace {

constexpr std::string_view kScheme = "s3://";

// docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html, and the longer names of old
// buckets with capitals and underscores.
bool IsBucket(std::string_view name) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kLongest = 255;
  return name.size() >= kShortest && name.size() <= kLongest &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

std::unexpected<Error> Refused(std::string_view url, const char* what, const char* hint) {
  return std::unexpected(Error{.kind = ErrorKind::kUsage,
                               .message = "'" + std::string(url) + "' names no " + what + " in S3",
                               .place = {},
                               .hint = hint});
}

}  // namespace

bool IsS3Url(std::string_view name) { return name.starts_with(kScheme); }

Result<S3Location> ParseS3Url(std::string_view url) {
  auto location = ParseS3Prefix(url);
  if (location && !location->key.empty()) return location;
  return Refused(url, "object", "write it as s3://BUCKET/KEY");
}

Result<S3Location> ParseS3Prefix(std::string_view url) {
  std::string_view rest = IsS3Url(url) ? url.substr(kScheme.size()) : "";
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view bucket = rest.substr(0, slash);
  if (!IsBucket(bucket)) return Refused(url, "bucket", "write it as s3://BUCKET/PREFIX/");
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  return S3Location{std::string(bucket), std::string(rest)};
}

std::string S3UrlOf(std::string_view bucket, std::string_view key) {
  return std::string(kScheme).append(bucket).append("/").append(key);
}

}  // namespace sgflow
