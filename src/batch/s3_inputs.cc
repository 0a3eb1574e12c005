#include "batch/s3_inputs.h"

#include <fnmatch.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <semaphore>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/percent_encoding.h"
#include "aws/s3_bucket.h"
#include "aws/s3_download.h"
#include "aws/s3_object.h"
#include "batch/s3_error.h"
#include "batch/s3_folders.h"

namespace sgflow {
namespace {

using Slots = std::counting_semaphore<>;

class S3Source : public ByteSource {
 public:
  S3Source(std::unique_ptr<S3Download> download, Slots& slots)
      : download_(std::move(download)), slots_(slots) {}
  ~S3Source() override {
    // What is on its way takes memory until it has come.
    download_.reset();
    if (has_slot_) slots_.release();
  }

  Result<std::size_t> Read(std::span<char> into) override {
    if (!has_slot_ && download_->is_long()) {
      slots_.acquire();
      has_slot_ = true;
    }
    auto count = download_->Read(into);
    if (!count) return std::unexpected(ErrorOf(std::move(count.error())));
    return *count;
  }

 private:
  std::unique_ptr<S3Download> download_;
  Slots& slots_;
  bool has_slot_ = false;
};

constexpr std::string_view kWildcards = "*?[";

// Up to the last slash, and with it.
std::string FolderOf(std::string_view key) {
  return std::string(key.substr(0, key.rfind('/') + 1));
}

bool IsHidden(std::string_view key) { return key.starts_with('.') || key.find("/.") != key.npos; }

// The key up to its slash number `count`, or all of it.
std::string_view FirstParts(std::string_view key, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t begin = 0; count > 0; --count, begin = end + 1) {
    end = key.find('/', begin);
    if (end == std::string_view::npos) return key;
  }
  return key.substr(0, end);
}

class S3Inputs : public InputStore {
 public:
  S3Inputs(AwsClient& client, std::span<const std::string> sources, const std::string& destination,
           unsigned long_reads, KeySelection selection)
      : client_(client),
        sources_(sources.begin(), sources.end()),
        selection_(std::move(selection)),
        slots_(long_reads) {
    if (auto written_to = ParseS3Prefix(destination)) {
      destination_ = std::move(*written_to);
      if (!destination_->key.empty() && !destination_->key.ends_with('/')) {
        destination_->key += '/';
      }
    }
  }

  InputListing List() override {
    for (const std::string& source : sources_) ListSource(source);
    return std::move(listing_);
  }

  Result<Opened> Open(const BatchInput& input) override {
    const auto location = ParseS3Url(input.name);
    if (!location) return std::unexpected(location.error());
    auto download = S3Download::Open(BucketOf(location->bucket), location->key);
    if (!download) return std::unexpected(ErrorOf(std::move(download.error())));
    InputState state{.size = (*download)->size(), .version = VersionOf((*download)->etag())};
    return Opened{.bytes = std::make_unique<S3Source>(std::move(*download), slots_),
                  .state = std::move(state)};
  }

  std::string Identity(const BatchInput& input) const override { return input.name; }

 private:
  S3Bucket& BucketOf(const std::string& name) {
    const std::lock_guard lock(mutex_);
    auto& bucket = buckets_[name];
    if (bucket == nullptr) bucket = std::make_unique<S3Bucket>(client_, name);
    return *bucket;
  }

  void ListSource(const std::string& source) {
    const auto location = ParseS3Prefix(source);
    if (!location) {
      listing_.errors.push_back(location.error());
      return;
    }
    S3Bucket& bucket = BucketOf(location->bucket);
    const std::string& key = location->key;
    const bool is_glob = key.find_first_of(kWildcards) != std::string::npos;
    if (!key.empty() && !key.ends_with('/')) {
      auto object = HeadObject(bucket, key);
      if (object && *object) {
        Add(bucket, {.key = key, .size = (*object)->size, .etag = (*object)->etag}, FolderOf(key));
        return;
      }
      // A pattern is mostly no key that one may ask for.
      if (!object && !is_glob) return Fail(source, ErrorOf(std::move(object.error())));
    }
    if (is_glob) return ListGlob(bucket, source, key);
    ListPrefix(bucket, source, key.empty() || key.ends_with('/') ? key : key + '/');
  }

  void ListPrefix(S3Bucket& bucket, const std::string& source, const std::string& prefix) {
    if (IsWrittenTo(bucket, prefix)) {
      listing_.errors.push_back(
          {.kind = ErrorKind::kUsage,
           .message = "lies in the prefix that is written to",
           .place = {.file = source, .line = 0, .column = 0, .field = {}},
           .hint = "name another --output: what is written would be read the next time"});
      return;
    }
    const std::size_t before = listing_.inputs.size();
    const auto any = ListWanted(bucket, prefix, selection_, [&](const S3Listed& object) {
      if (IsWrittenTo(bucket, object.key)) return;
      if (!IsHidden(std::string_view(object.key).substr(prefix.size()))) {
        Add(bucket, object, prefix);
      }
    });
    if (!any) {
      Forget(before);
      return Fail(source, ErrorOf(any.error()));
    }
    std::sort(listing_.inputs.begin() + static_cast<std::ptrdiff_t>(before), listing_.inputs.end(),
              [](const BatchInput& one, const BatchInput& other) { return one.name < other.name; });
    if (!*any && !prefix.empty()) FailNothing(source, "there is nothing of this name");
  }

  void ListGlob(S3Bucket& bucket, const std::string& source, std::string pattern) {
    const bool of_prefixes = pattern.ends_with('/');
    while (pattern.ends_with('/')) pattern.pop_back();
    const std::string fixed = pattern.substr(0, pattern.find_first_of(kWildcards));
    const std::string base = FolderOf(fixed);
    const auto parts = static_cast<std::size_t>(std::ranges::count(pattern, '/')) + 1;
    bool any = false;
    auto listed = ListObjects(bucket, fixed, [&](const S3Listed& object) {
      const std::string head(FirstParts(object.key, parts));
      const bool beneath = head.size() < object.key.size();
      if ((of_prefixes && !beneath) ||
          fnmatch(pattern.c_str(), head.c_str(), FNM_PATHNAME | FNM_PERIOD) != 0) {
        return;
      }
      any = true;
      const std::string_view rest = std::string_view(object.key).substr(head.size());
      if (!IsWrittenTo(bucket, object.key) && !IsHidden(rest)) Add(bucket, object, base);
    });
    if (!listed) return Fail(source, ErrorOf(std::move(listed.error())));
    if (!any) FailNothing(source, "matches no object");
  }

  void Add(const S3Bucket& bucket, const S3Listed& object, const std::string& base) {
    // What consoles make for folders.
    if (object.key.ends_with('/')) return;
    BatchInput input{.name = S3UrlOf(bucket.name(), object.key),
                     .key = object.key.substr(base.size()),
                     .state = {.size = object.size, .version = VersionOf(object.etag)}};
    if (!seen_.emplace(input.name, input.key).second) return;
    listing_.inputs.push_back(std::move(input));
  }

  // Of a prefix of which not all could be listed nothing is begun with: what was, would hang on who
  // was quicker.
  void Forget(std::size_t before) {
    for (std::size_t i = before; i < listing_.inputs.size(); ++i) {
      seen_.erase({listing_.inputs[i].name, listing_.inputs[i].key});
    }
    listing_.inputs.resize(before);
  }

  bool IsWrittenTo(const S3Bucket& bucket, std::string_view key) const {
    return destination_ && destination_->bucket == bucket.name() &&
           key.starts_with(destination_->key);
  }

  void Fail(const std::string& source, Error error) {
    if (error.place.file.empty()) error.place.file = source;
    listing_.errors.push_back(std::move(error));
  }

  void FailNothing(const std::string& source, std::string message) {
    Fail(source,
         {.kind = ErrorKind::kInput, .message = std::move(message), .place = {}, .hint = {}});
  }

  AwsClient& client_;
  std::vector<std::string> sources_;
  KeySelection selection_;
  std::optional<S3Location> destination_;
  Slots slots_;
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<S3Bucket>> buckets_;
  InputListing listing_;
  std::set<std::pair<std::string, std::string>> seen_;
};

}  // namespace

std::string VersionOf(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.starts_with('"') && etag.ends_with('"')) {
    etag = etag.substr(1, etag.size() - 2);
  }
  return PercentEncode(etag);
}

std::unique_ptr<InputStore> MakeS3Inputs(AwsClient& client, std::span<const std::string> sources,
                                         const std::string& destination, unsigned long_reads,
                                         KeySelection selection) {
  return std::make_unique<S3Inputs>(client, sources, destination, long_reads, std::move(selection));
}

}  // namespace sgflow
