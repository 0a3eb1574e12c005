#include "aws/s3_unfinished.h"

#include <ctime>
#include <pugixml.hpp>
#include <utility>

#include "aws/percent_encoding.h"
#include "aws/s3_list.h"

namespace sgflow {
namespace {

// 2026-01-02T03:04:05.678Z; the epoch where it is none.
std::chrono::sys_seconds TimeOf(const std::string& text) {
  std::tm fields{};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &fields) == nullptr) return {};
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&fields)));
}

}  // namespace

AwsResult<std::vector<S3UnfinishedUpload>> ListUnfinishedUploads(S3Bucket& bucket,
                                                                 const std::string& prefix) {
  std::vector<S3UnfinishedUpload> uploads;
  const auto listed = ReadList(
      bucket,
      {.query = "uploads=&encoding-type=url&prefix=" + PercentEncode(prefix),
       .iam_action = "s3:ListBucketMultipartUploads",
       .root = "ListMultipartUploadsResult",
       .next = {{"NextKeyMarker", "key-marker"}, {"NextUploadIdMarker", "upload-id-marker"}}},
      [&](const pugi::xml_node& page, const S3KeyReader& read) {
        for (const pugi::xml_node upload : page.children("Upload")) {
          uploads.push_back({.key = read(upload.child("Key")),
                             .upload_id = upload.child_value("UploadId"),
                             .begun = TimeOf(upload.child_value("Initiated"))});
        }
      });
  if (!listed) return bucket.About(prefix, listed.error());
  return uploads;
}

AwsResult<void> AbortUpload(S3Bucket& bucket, const S3UnfinishedUpload& upload,
                            AwsDeadline deadline) {
  AwsCall call = bucket.Call("DELETE", "s3:AbortMultipartUpload", upload.key,
                             "uploadId=" + PercentEncode(upload.upload_id));
  call.deadline = deadline;
  const auto answer = bucket.Send(std::move(call));
  if (answer || answer.error().kind == AwsFault::Kind::kNotFound) return {};
  return bucket.About(upload.key, answer.error());
}

}  // namespace sgflow
