// One object in S3, whole: for small ones, as snapshots are read again and again only if changed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/client.h"

namespace sgflow {

struct S3Location {
  std::string bucket;
  std::string key;
};

// Of s3://BUCKET/KEY.
Result<S3Location> ParseS3Url(std::string_view url);

// What must be for an object to be put: that there is none yet, or that it is still the one with
// this ETag. Else the fault is kPrecondition.
struct S3PutCondition {
  bool absent = false;
  std::string etag{};
};

class S3Object {
 public:
  struct Content {
    std::string bytes;
    std::string etag;  // with its quotes, as S3 writes it
  };

  // The client must outlive it. An empty region is the default one.
  S3Object(AwsClient& client, S3Location location, std::string region = {});

  // Nothing where the object is still the one with this ETag (empty: none is at hand).
  AwsResult<std::optional<Content>> Get(const std::string& known_etag = {});

  // The new ETag.
  AwsResult<std::string> Put(std::string bytes, const S3PutCondition& condition = {});

 private:
  AwsCall Call(std::string method, std::string iam_action) const;

  AwsClient& client_;
  S3Location location_;
  std::string region_;
};

}  // namespace sgflow
