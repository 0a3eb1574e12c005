// Objects in S3 as a whole: one that is read again and again only if changed, what is known of
// some, and all there are.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"
#include "aws/s3_bucket.h"
#include "aws/s3_upload.h"
#include "aws/s3_url.h"

namespace sgflow {

// One object, in memory.
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
  AwsResult<std::string> Put(std::string_view bytes, const S3PutCondition& condition = {});

 private:
  S3Bucket bucket_;
  std::string key_;
};

struct S3ObjectState {
  std::uint64_t size = 0;
  std::string etag;
  S3Metadata metadata;

  // Empty where there is none.
  std::string_view Metadata(std::string_view name) const;
};

// In the order of the keys; none where there is no such object. Who may not list the bucket is told
// kAccessDenied instead.
std::vector<AwsResult<std::optional<S3ObjectState>>> HeadObjects(S3Bucket& bucket,
                                                                 std::span<const std::string> keys);
AwsResult<std::optional<S3ObjectState>> HeadObject(S3Bucket& bucket, const std::string& key);

struct S3Listed {
  std::string key;
  std::uint64_t size = 0;
  std::string etag;
};

// All whose keys begin with `prefix`, in S3's order, as their pages come. `on_folder`: where given,
// keys with a further slash are not listed; what they begin with, up to that slash, is told once.
AwsResult<void> ListObjects(S3Bucket& bucket, const std::string& prefix,
                            const std::function<void(const S3Listed&)>& on_object,
                            const std::function<void(std::string)>& on_folder = {});

}  // namespace sgflow
