// The objects under a prefix in S3: ListObjectsV2, all its pages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"

namespace sgflow {

struct S3Prefix {
  std::string bucket;
  std::string prefix;  // empty, or with a slash at its end
};

// Of s3://BUCKET/PREFIX/ or s3://BUCKET/.
Result<S3Prefix> ParseS3PrefixUrl(std::string_view url);

struct S3ListedObject {
  std::string key;
  std::string etag;  // with its quotes, as S3 writes it
  std::uint64_t size = 0;

  friend bool operator==(const S3ListedObject&, const S3ListedObject&) = default;
};

// In the order of their keys, as bytes. An empty region is the default one. Source:
// docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
AwsResult<std::vector<S3ListedObject>> ListS3Objects(AwsClient& client, const S3Prefix& under,
                                                     const std::string& region = {});

}  // namespace sgflow
