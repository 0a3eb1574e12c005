#include "aws/s3_upload.h"

#include <algorithm>
#include <chrono>
#include <pugixml.hpp>

#include "aws/fault.h"
#include "aws/percent_encoding.h"
#include "aws/s3_unfinished.h"
#include "aws/xml_reader.h"

namespace sgflow {
namespace {

constexpr const char* kAction = "s3:PutObject";

void AddCondition(const S3PutCondition& condition, AwsCall& call) {
  if (condition.absent) call.headers.emplace_back("if-none-match", "*");
  if (!condition.etag.empty()) call.headers.emplace_back("if-match", condition.etag);
}

void AddMetadata(const S3Metadata& metadata, AwsCall& call) {
  call.headers.emplace_back("content-type", "application/octet-stream");
  for (const auto& [name, value] : metadata) call.headers.emplace_back("x-amz-meta-" + name, value);
}

std::string EscapeXml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string PartList(const std::vector<std::string>& etags) {
  std::string list = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  for (std::size_t i = 0; i < etags.size(); ++i) {
    list += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" +
            EscapeXml(etags[i]) + "</ETag></Part>";
  }
  return list + "</CompleteMultipartUpload>";
}

// Of ROOT/NAME.
AwsResult<std::string> ReadText(const AwsAnswer& answer, const char* root, const char* name) {
  pugi::xml_document document;
  const auto parsed = ParseXml(answer.body, document);
  std::string text = parsed ? TextOf(document.child(root).child(name)) : "";
  if (!text.empty()) return text;
  return std::unexpected(
      MakeFault(AwsFault::Kind::kBadAnswer, std::string(kAction) + ": the answer has no " + name));
}

}  // namespace

std::size_t S3Upload::PartBytes(std::size_t number) {
  constexpr std::size_t kLeast = std::size_t{5} << 20;
  constexpr std::size_t kDoubledEvery = 1000;
  return kLeast << ((number - 1) / kDoubledEvery);
}

S3Upload::S3Upload(S3Bucket& bucket, std::string key, S3Metadata metadata)
    : bucket_(bucket), key_(std::move(key)), metadata_(std::move(metadata)) {}

S3Upload::~S3Upload() {
  if (!has_begun()) return;
  if (under_way_.valid()) under_way_.wait();
  constexpr std::chrono::seconds kLongest{5};
  // Nobody waits for how it ends.
  static_cast<void>(AbortUpload(bucket_, {.key = key_, .upload_id = upload_id_},
                                std::chrono::steady_clock::now() + kLongest));
}

AwsResult<void> S3Upload::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t part_bytes = PartBytes(part_etags_.size() + 1);
    if (buffer_.size() == part_bytes) {
      if (auto sent = SendPart(); !sent) return bucket_.About(key_, std::move(sent.error()));
      buffer_.reserve(PartBytes(part_etags_.size() + 1));
    }
    const std::size_t count = std::min(bytes.size(), part_bytes - buffer_.size());
    buffer_.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
  }
  return {};
}

AwsResult<std::string> S3Upload::Complete(const S3PutCondition& condition) {
  auto etag = Put(condition);
  if (!etag) return bucket_.About(key_, std::move(etag.error()));
  upload_id_.clear();
  return etag;
}

AwsResult<std::string> S3Upload::Put(const S3PutCondition& condition) {
  if (!has_begun()) {
    AwsCall call = Call("PUT");
    AddMetadata(metadata_, call);
    AddCondition(condition, call);
    call.body = std::move(buffer_);
    const auto answer = bucket_.Send(std::move(call));
    if (!answer) return std::unexpected(answer.error());
    return std::string(answer->Header("etag"));
  }
  if (auto sent = SendPart(); !sent) return std::unexpected(std::move(sent.error()));
  if (auto came = AwaitPart(); !came) return std::unexpected(std::move(came.error()));
  AwsCall call = Call("POST", UploadQuery());
  call.headers.emplace_back("content-type", "application/xml");
  AddCondition(condition, call);
  call.body = PartList(part_etags_);
  const auto answer = bucket_.Send(std::move(call));
  if (!answer) return std::unexpected(answer.error());
  return ReadText(*answer, "CompleteMultipartUploadResult", "ETag");
}

AwsResult<void> S3Upload::Begin() {
  AwsCall call = Call("POST", "uploads");
  AddMetadata(metadata_, call);
  const auto answer = bucket_.Send(std::move(call));
  if (!answer) return std::unexpected(answer.error());
  auto id = ReadText(*answer, "InitiateMultipartUploadResult", "UploadId");
  if (!id) return std::unexpected(std::move(id.error()));
  upload_id_ = std::move(*id);
  return {};
}

AwsResult<void> S3Upload::SendPart() {
  if (!has_begun()) {
    if (auto begun = Begin(); !begun) return begun;
  }
  if (auto came = AwaitPart(); !came) return came;
  AwsCall call =
      Call("PUT", "partNumber=" + std::to_string(part_etags_.size() + 1) + "&" + UploadQuery());
  call.body = std::exchange(buffer_, {});
  under_way_ = std::async(std::launch::async, [this, part = std::move(call)]() mutable {
    return bucket_.Send(std::move(part));
  });
  part_etags_.emplace_back();
  return {};
}

AwsResult<void> S3Upload::AwaitPart() {
  if (!under_way_.valid()) return {};
  const auto answer = under_way_.get();
  if (!answer) return std::unexpected(answer.error());
  part_etags_.back() = answer->Header("etag");
  if (!part_etags_.back().empty()) return {};
  return std::unexpected(MakeFault(AwsFault::Kind::kBadAnswer,
                                   std::string(kAction) + ": the answer to a part has no ETag"));
}

std::string S3Upload::UploadQuery() const { return "uploadId=" + PercentEncode(upload_id_); }

AwsCall S3Upload::Call(std::string method, std::string_view query) const {
  return bucket_.Call(std::move(method), kAction, key_, query);
}

}  // namespace sgflow
