#include "aws/s3_object.h"

#include <algorithm>
#include <charconv>
#include <pugixml.hpp>
#include <utility>

#include "aws/percent_encoding.h"
#include "aws/s3_download.h"
#include "aws/s3_list.h"

namespace sgflow {
namespace {

constexpr std::string_view kMetadata = "x-amz-meta-";

std::uint64_t Number(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

S3ObjectState StateOf(const AwsAnswer& answer) {
  S3ObjectState state{.size = Number(answer.Header("content-length")),
                      .etag = std::string(answer.Header("etag")),
                      .metadata = {}};
  for (const auto& [name, value] : answer.headers) {
    if (name.starts_with(kMetadata)) {
      state.metadata.emplace_back(name.substr(kMetadata.size()), value);
    }
  }
  return state;
}

}  // namespace

S3Object::S3Object(AwsClient& client, S3Location location, std::string region)
    : bucket_(client, std::move(location.bucket), std::move(region)),
      key_(std::move(location.key)) {}

AwsResult<std::optional<S3Object::Content>> S3Object::Get(const std::string& known_etag) {
  const auto download = S3Download::Open(bucket_, key_, known_etag);
  if (!download) return std::unexpected(download.error());
  if (*download == nullptr) return std::nullopt;
  Content content{.bytes = {}, .etag = (*download)->etag()};
  while (true) {
    // Grows with what has come, not with what is claimed.
    const std::size_t before = content.bytes.size();
    content.bytes.resize(before + S3Download::kRangeBytes);
    const auto count = (*download)->Read(std::span(content.bytes).subspan(before));
    if (!count) return std::unexpected(count.error());
    content.bytes.resize(before + *count);
    if (*count == 0) return content;
  }
}

AwsResult<std::string> S3Object::Put(std::string_view bytes, const S3PutCondition& condition) {
  S3Upload upload(bucket_, key_);
  if (auto written = upload.Write(bytes); !written) return std::unexpected(written.error());
  return upload.Complete(condition);
}

std::string_view S3ObjectState::Metadata(std::string_view name) const {
  const auto found = std::ranges::find(
      metadata, name, [](const auto& entry) { return std::string_view(entry.first); });
  return found == metadata.end() ? std::string_view() : found->second;
}

std::vector<AwsResult<std::optional<S3ObjectState>>> HeadObjects(
    S3Bucket& bucket, std::span<const std::string> keys) {
  std::vector<AwsCall> calls;
  calls.reserve(keys.size());
  for (const std::string& key : keys) calls.push_back(bucket.Call("HEAD", "s3:GetObject", key));
  const auto answers = bucket.Send(std::move(calls));
  std::vector<AwsResult<std::optional<S3ObjectState>>> states;
  states.reserve(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (answers[i]) {
      states.emplace_back(StateOf(*answers[i]));
    } else if (answers[i].error().kind == AwsFault::Kind::kNotFound) {
      states.emplace_back(std::nullopt);
    } else {
      states.emplace_back(bucket.About(keys[i], answers[i].error()));
    }
  }
  return states;
}

AwsResult<std::optional<S3ObjectState>> HeadObject(S3Bucket& bucket, const std::string& key) {
  return std::move(HeadObjects(bucket, std::span(&key, 1)).front());
}

AwsResult<void> ListObjects(S3Bucket& bucket, const std::string& prefix,
                            const std::function<void(const S3Listed&)>& on_object,
                            const std::function<void(std::string)>& on_folder) {
  const auto listed =
      ReadList(bucket,
               {.query = std::string("list-type=2&encoding-type=url") +
                         (on_folder ? "&delimiter=%2F" : "") + "&prefix=" + PercentEncode(prefix),
                .iam_action = "s3:ListBucket",
                .root = "ListBucketResult",
                .next = {{"NextContinuationToken", "continuation-token"}}},
               [&](const pugi::xml_node& page, const S3KeyReader& read) {
                 for (const pugi::xml_node object : page.children("Contents")) {
                   on_object({.key = read(object.child("Key")),
                              .size = Number(object.child_value("Size")),
                              .etag = object.child_value("ETag")});
                 }
                 if (!on_folder) return;
                 for (const pugi::xml_node folder : page.children("CommonPrefixes")) {
                   on_folder(read(folder.child("Prefix")));
                 }
               });
  if (!listed) return bucket.About(prefix, listed.error());
  return {};
}

}  // namespace sgflow
