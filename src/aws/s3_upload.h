// An object that is written from beginning to end and appears whole, by one request: a PUT where it
// is small, else the one that completes a multipart upload.
#pragma once

#include <cstddef>
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/s3_bucket.h"

namespace sgflow {

// What must be for an object to be put: that there is none yet, or that it is still the one with
// this ETag. Else the fault is kPrecondition.
struct S3PutCondition {
  bool absent = false;
  std::string etag{};
};

// x-amz-meta-NAME, in lower case.
using S3Metadata = std::vector<std::pair<std::string, std::string>>;

// For one thread. Holds two parts.
class S3Upload {
 public:
  // S3's least, but for the last one, and growing, so that the 10,000 that it takes are 5 TB.
  // docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
  static std::size_t PartBytes(std::size_t number);

  // The bucket must outlive it.
  S3Upload(S3Bucket& bucket, std::string key, S3Metadata metadata = {});
  S3Upload(const S3Upload&) = delete;
  S3Upload& operator=(const S3Upload&) = delete;
  // What was not completed goes, if S3 can be reached; if not, a lifecycle rule has to remove it.
  ~S3Upload();

  AwsResult<void> Write(std::string_view bytes);

  // Parts are on their way, and the metadata was told with the first: S3 takes it no later.
  bool has_begun() const { return !upload_id_.empty(); }
  void set_metadata(S3Metadata metadata) { metadata_ = std::move(metadata); }

  // The new ETag. A fault may come of a request that was done all the same, where its answer was
  // lost: then kPrecondition or kNotFound (of the upload), as it is sent again.
  AwsResult<std::string> Complete(const S3PutCondition& condition = {});

 private:
  AwsResult<void> Begin();
  AwsResult<void> SendPart();
  AwsResult<void> AwaitPart();
  AwsResult<std::string> Put(const S3PutCondition& condition);
  std::string UploadQuery() const;
  AwsCall Call(std::string method, std::string_view query = {}) const;

  S3Bucket& bucket_;
  std::string key_;
  S3Metadata metadata_;
  std::string buffer_;
  std::string upload_id_;
  std::vector<std::string> part_etags_;
  std::future<AwsResult<AwsAnswer>> under_way_;
};

}  // namespace sgflow
