#include "aws/s3_bucket.h"

#include <utility>

#include "aws/percent_encoding.h"
#include "aws/s3_url.h"

namespace sgflow {

S3Bucket::S3Bucket(AwsClient& client, std::string name, std::string region)
    : client_(client), name_(std::move(name)), region_(std::move(region)) {}

// The bucket in the path, not in the host's name: AWS takes both, other servers only this.
AwsCall S3Bucket::Call(std::string method, std::string iam_action, std::string_view key,
                       std::string_view query) const {
  AwsCall call{.service = "s3", .region = {}, .iam_action = std::move(iam_action)};
  call.method = std::move(method);
  call.path = "/" + name_;
  if (!key.empty()) call.path += "/" + PercentEncode(key, "/");
  if (!query.empty()) call.path.append("?").append(query);
  return call;
}

std::vector<AwsResult<AwsAnswer>> S3Bucket::Send(std::vector<AwsCall> calls) {
  const std::string asked = region();
  for (AwsCall& call : calls) call.region = asked;
  auto results = client_.Send(calls);
  std::vector<std::size_t> elsewhere;
  std::vector<AwsCall> again;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] || results[i].error().bucket_region.empty()) continue;
    const std::string& there = results[i].error().bucket_region;
    if (there == asked) continue;
    elsewhere.push_back(i);
    again.push_back(std::move(calls[i]));
    again.back().region = there;
  }
  if (again.empty()) return results;
  {
    const std::lock_guard lock(mutex_);
    region_ = again.front().region;
  }
  auto answers = client_.Send(again);
  for (std::size_t i = 0; i < answers.size(); ++i) results[elsewhere[i]] = std::move(answers[i]);
  return results;
}

AwsResult<AwsAnswer> S3Bucket::Send(AwsCall call) {
  std::vector<AwsCall> calls;
  calls.push_back(std::move(call));
  return std::move(Send(std::move(calls)).front());
}

std::unexpected<AwsFault> S3Bucket::About(std::string_view key, AwsFault fault) const {
  if (fault.kind == AwsFault::Kind::kAccessDenied && fault.iam_action == "s3:GetObject") {
    fault.error.hint +=
        ", and s3:ListBucket on the bucket: without it S3 denies what is not there (yet), too";
  }
  fault.error.place.file = S3UrlOf(name_, key);
  return std::unexpected(std::move(fault));
}

std::string S3Bucket::region() {
  const std::lock_guard lock(mutex_);
  return region_;
}

}  // namespace sgflow
