// s3:// URLs. A key is any text: nothing in it is decoded.
#pragma once

#include <string>
#include <string_view>

#include "error/error.h"

namespace sgflow {

struct S3Location {
  std::string bucket;
  std::string key;
};

bool IsS3Url(std::string_view name);

// Of s3://BUCKET/KEY. Error: kUsage.
Result<S3Location> ParseS3Url(std::string_view url);

// Of s3://BUCKET, s3://BUCKET/PREFIX: the key is how keys begin, and may be empty. Error: kUsage.
Result<S3Location> ParseS3Prefix(std::string_view url);

std::string S3UrlOf(std::string_view bucket, std::string_view key);

}  // namespace sgflow
