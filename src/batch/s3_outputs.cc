#include "batch/s3_outputs.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <map>
#include <string_view>
#include <utility>

#include "aws/s3_bucket.h"
#include "aws/s3_object.h"
#include "aws/s3_unfinished.h"
#include "aws/s3_upload.h"
#include "batch/s3_error.h"

namespace sgflow {
namespace {

constexpr const char* kInput = "sgflow-input";
constexpr const char* kSource = "sgflow-source";
constexpr const char* kFingerprint = "sgflow-fingerprint";
constexpr const char* kFaults = "sgflow-faults";
constexpr const char* kIncomplete = "sgflow-incomplete";

// An upload that was begun so long ago is nobody's any more: a part takes seconds.
constexpr std::chrono::hours kAbandonedAfter{1};

S3Metadata MetadataOf(const OutputNote& note) {
  S3Metadata metadata = {{kInput, fmt::format("{} {}", note.input.size, note.input.version)},
                         {kFingerprint, fmt::format("{:016x}", note.fingerprint)},
                         {kFaults, fmt::format("{}", note.faults)},
                         {kSource, note.source}};
  if (note.incomplete) metadata.emplace_back(kIncomplete, "1");
  return metadata;
}

bool ToNumber(std::string_view text, std::uint64_t& number, int base = 10) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc() && rest == end;
}

// None of an object that is no output of a batch.
std::optional<OutputNote> NoteOf(const S3ObjectState& object) {
  OutputNote note;
  const std::string_view input = object.Metadata(kInput);
  const std::size_t space = std::min(input.find(' '), input.size());
  if (!ToNumber(input.substr(0, space), note.input.size) ||
      !ToNumber(object.Metadata(kFingerprint), note.fingerprint, 16) ||
      !ToNumber(object.Metadata(kFaults), note.faults)) {
    return std::nullopt;
  }
  note.input.version = input.substr(std::min(space + 1, input.size()));
  note.source = object.Metadata(kSource);
  if (note.source.empty()) return std::nullopt;
  note.incomplete = !object.Metadata(kIncomplete).empty();
  return note;
}

class S3Writer : public OutputWriter {
 public:
  S3Writer(S3Bucket& bucket, const std::string& key, S3PutCondition condition, OutputNote expected,
           std::atomic<std::uint64_t>& made_by_others)
      : bucket_(bucket),
        made_by_others_(made_by_others),
        key_(key),
        condition_(std::move(condition)),
        expected_(std::move(expected)),
        upload_(bucket, key, MetadataOf(expected_)) {}

  Result<void> Write(std::string_view bytes) override {
    auto written = upload_.Write(bytes);
    if (!written) return std::unexpected(std::move(written.error().error));
    return {};
  }

  Result<bool> Commit(const OutputNote& note) override {
    if (note != expected_) {
      if (upload_.has_begun()) return false;
      upload_.set_metadata(MetadataOf(note));
    }
    auto put = upload_.Complete(condition_);
    if (put) return true;
    AwsFault fault = std::move(put.error());
    // Where an answer was lost the request is sent again, and meets what it has done itself; so
    // does that of another batch.
    const bool may_be_there =
        fault.kind == AwsFault::Kind::kPrecondition || fault.kind == AwsFault::Kind::kNotFound;
    if (may_be_there) {
      const auto object = HeadObject(bucket_, key_);
      if (object && *object && NoteOf(**object) == note) {
        if (!fault.perhaps_done) ++made_by_others_;
        return true;
      }
    }
    if (fault.kind == AwsFault::Kind::kPrecondition) {
      fault.error.message = "was written by somebody else meanwhile";
      fault.error.hint = "the same command again looks at it anew";
    }
    return std::unexpected(std::move(fault.error));
  }

 private:
  S3Bucket& bucket_;
  std::atomic<std::uint64_t>& made_by_others_;
  std::string key_;
  S3PutCondition condition_;
  OutputNote expected_;
  S3Upload upload_;
};

class S3Outputs : public OutputStore {
 public:
  S3Outputs(AwsClient& client, S3Location location)
      : bucket_(client, std::move(location.bucket)), prefix_(std::move(location.key)) {
    if (!prefix_.empty() && !prefix_.ends_with('/')) prefix_ += '/';
  }

  // docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  Result<void> Check(const std::string& key) const override {
    constexpr std::size_t kLongest = 1024;
    const std::string whole = prefix_ + key;
    if (whole.size() <= kLongest && simdjson::validate_utf8(whole)) return {};
    return std::unexpected(Error{.kind = ErrorKind::kInput,
                                 .message = "cannot be a key in S3: " + whole,
                                 .place = {},
                                 .hint = "keys are UTF-8, of up to 1,024 bytes"});
  }

  Result<Notes> Find(std::span<const std::string> keys) override {
    constexpr std::size_t kAtOnce = 256;
    etags_.clear();
    Notes notes;
    for (; !keys.empty(); keys = keys.subspan(std::min(kAtOnce, keys.size()))) {
      std::vector<std::string> some;
      for (const std::string& key : keys.first(std::min(kAtOnce, keys.size()))) {
        some.push_back(prefix_ + key);
      }
      auto states = HeadObjects(bucket_, some);
      for (std::size_t i = 0; i < some.size(); ++i) {
        if (!states[i]) return std::unexpected(std::move(states[i].error().error));
        std::string& etag = etags_[some[i]];
        etag.clear();
        notes.emplace_back();
        if (!*states[i]) continue;
        etag = (*states[i])->etag;
        notes.back() = NoteOf(**states[i]);
      }
    }
    return notes;
  }

  Result<std::unique_ptr<OutputWriter>> Create(const std::string& key,
                                               const OutputNote& expected) override {
    const std::string whole = prefix_ + key;
    const auto known = etags_.find(whole);
    const std::string replaced = known == etags_.end() ? "" : known->second;
    return std::make_unique<S3Writer>(bucket_, whole,
                                      S3PutCondition{.absent = replaced.empty(), .etag = replaced},
                                      expected, made_by_others_);
  }

  std::uint64_t made_by_others() const override { return made_by_others_; }

  std::string Identity(const std::string& key) const override {
    return S3UrlOf(bucket_.name(), prefix_ + key);
  }

  Result<void> Close() override {
    const auto uploads = ListUnfinishedUploads(bucket_, prefix_);
    if (!uploads) return std::unexpected(uploads.error().error);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    for (const S3UnfinishedUpload& upload : *uploads) {
      // Only of keys that are this batch's: others may write there too.
      if (!etags_.contains(upload.key) || now - upload.begun < kAbandonedAfter) continue;
      if (auto gone = AbortUpload(bucket_, upload); !gone) {
        return std::unexpected(std::move(gone.error().error));
      }
    }
    return {};
  }

 private:
  S3Bucket bucket_;
  std::string prefix_;
  // By key, of all that were looked for last; empty: there was none.
  std::map<std::string, std::string> etags_;
  std::atomic<std::uint64_t> made_by_others_ = 0;
};

}  // namespace

Result<std::unique_ptr<OutputStore>> OpenS3Outputs(AwsClient& client, const std::string& url) {
  auto location = ParseS3Prefix(url);
  if (!location) return std::unexpected(std::move(location.error()));
  return std::make_unique<S3Outputs>(client, std::move(*location));
}

}  // namespace sgflow
