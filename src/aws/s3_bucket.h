// A bucket in S3, in whatever Region it is.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"

namespace sgflow {

class S3Bucket {
 public:
  // The client must outlive it. `region` is where it is asked first; empty: the default one.
  S3Bucket(AwsClient& client, std::string name, std::string region = {});

  const std::string& name() const { return name_; }

  // About one of its objects; with an empty key about the bucket itself. `query` is encoded.
  AwsCall Call(std::string method, std::string iam_action, std::string_view key,
               std::string_view query = {}) const;

  // As AwsClient's. A bucket that turns out to be in another Region is asked there, at once and
  // from then on. By any number of threads.
  std::vector<AwsResult<AwsAnswer>> Send(std::vector<AwsCall> calls);
  AwsResult<AwsAnswer> Send(AwsCall call);

  // The fault, with the object's URL as its place. Where one that is asked for is denied, it may as
  // well not be there: without s3:ListBucket S3 tells the two not apart
  // (docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
  std::unexpected<AwsFault> About(std::string_view key, AwsFault fault) const;

 private:
  std::string region();

  AwsClient& client_;
  std::string name_;
  std::mutex mutex_;
  std::string region_;
};

}  // namespace sgflow
