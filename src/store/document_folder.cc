#include "store/document_folder.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "aws/client.h"
#include "aws/s3_bucket.h"
#include "aws/s3_object.h"
#include "aws/s3_url.h"
#include "input/byte_source.h"
#include "store/output_file.h"

namespace sgflow {
namespace {

namespace fs = std::filesystem;

bool IsDocumentName(std::string_view name) {
  const bool is_hidden = name.starts_with('.') || name.find("/.") != std::string_view::npos;
  return !is_hidden && (name.ends_with(".json") || name.ends_with(".json.gz"));
}

Error EnvironmentError(const std::string& path, std::string message) {
  return {.kind = ErrorKind::kEnvironment,
          .message = std::move(message),
          .place = {.file = path, .line = 0, .column = 0, .field = {}},
          .hint = {}};
}

class LocalFolder : public DocumentFolder {
 public:
  explicit LocalFolder(std::string path) : path_(std::move(path)) {
    if (!path_.empty() && !path_.ends_with('/')) path_ += '/';
  }

  Result<std::vector<Entry>> List() override {
    std::error_code fault;
    std::vector<Entry> entries;
    for (fs::recursive_directory_iterator at(path_, fault), end; !fault && at != end;
         at.increment(fault)) {
      const std::string name = at->path().string().substr(path_.size());
      struct stat status{};
      if (!IsDocumentName(name) || stat(at->path().c_str(), &status) != 0 ||
          !S_ISREG(status.st_mode)) {
        continue;
      }
      entries.push_back({.name = name,
                         .version = std::to_string(status.st_size) + ' ' +
                                    std::to_string(status.st_ino) + ' ' +
                                    std::to_string(status.st_mtim.tv_sec) + '.' +
                                    std::to_string(status.st_mtim.tv_nsec)});
    }
    if (fault && fault != std::errc::no_such_file_or_directory) {
      return std::unexpected(EnvironmentError(path_, "cannot be read: " + fault.message()));
    }
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
  }

  Result<std::string> Read(const std::string& name) override {
    auto file = FileSource::Open(path_ + name);
    if (!file) return std::unexpected(std::move(file.error()));
    return ReadToEnd(*file, file->size());
  }

  Result<void> Write(const std::string& name, std::string bytes) override {
    std::error_code fault;
    fs::create_directories(path_, fault);
    if (fault) {
      return std::unexpected(EnvironmentError(path_, "cannot be made: " + fault.message()));
    }
    const std::string path = path_ + name;
    if (fs::exists(path, fault)) return std::unexpected(EnvironmentError(path, "is there already"));
    return Replace(path, bytes);
  }

  Result<std::optional<std::string>> ReadNote(const std::string& name) override {
    std::error_code fault;
    if (!fs::exists(path_ + name, fault) && !fault) return std::nullopt;
    return Read(name);
  }

  Result<void> WriteNote(const std::string& name, std::string bytes) override {
    return Replace(path_ + name, bytes);
  }

  std::string Shown(const std::string& name) const override { return path_ + name; }

 private:
  static Result<void> Replace(const std::string& path, std::string_view bytes) {
    auto file = OutputFile::Open(path);
    if (!file) return std::unexpected(std::move(file.error()));
    const auto written = file->Write(bytes);
    return written ? file->Commit(OutputFile::Durability::kLasting) : written;
  }

  std::string path_;  // with a slash at its end
};

class S3Folder : public DocumentFolder {
 public:
  S3Folder(S3Location under, const std::string& role_arn)
      : under_(std::move(under)),
        client_(MakeAwsClient(OptionsOf(role_arn))),
        bucket_(*client_, under_.bucket) {}

  Result<std::vector<Entry>> List() override {
    std::vector<Entry> entries;
    const auto listed = ListObjects(bucket_, under_.key, [&](const S3Listed& object) {
      std::string name = object.key.substr(under_.key.size());
      if (IsDocumentName(name)) entries.push_back({std::move(name), object.etag});
    });
    if (!listed) return std::unexpected(listed.error().error);
    std::ranges::sort(entries, {}, &Entry::name);
    return entries;
  }

  Result<std::string> Read(const std::string& name) override {
    auto content = ObjectOf(name).Get();
    if (!content) return std::unexpected(std::move(content.error().error));
    return std::move((*content)->bytes);
  }

  Result<void> Write(const std::string& name, std::string bytes) override {
    auto put = ObjectOf(name).Put(bytes, {.absent = true});
    if (put) return {};
    // Where an answer was lost the request is sent again, and meets what it has done itself.
    if (put.error().kind == AwsFault::Kind::kPrecondition) {
      const auto there = Read(name);
      if (there && *there == bytes) return {};
    }
    return std::unexpected(std::move(put.error().error));
  }

  Result<std::optional<std::string>> ReadNote(const std::string& name) override {
    auto content = ObjectOf(name).Get();
    if (content) return std::move((*content)->bytes);
    if (content.error().kind == AwsFault::Kind::kNotFound) return std::nullopt;
    return std::unexpected(std::move(content.error().error));
  }

  Result<void> WriteNote(const std::string& name, std::string bytes) override {
    if (auto put = ObjectOf(name).Put(bytes); !put) {
      return std::unexpected(std::move(put.error().error));
    }
    return {};
  }

  std::string Shown(const std::string& name) const override {
    return S3UrlOf(under_.bucket, under_.key + name);
  }

 private:
  static AwsClientOptions OptionsOf(const std::string& role_arn) {
    AwsClientOptions options;
    options.role_arn = role_arn;
    return options;
  }
  S3Object ObjectOf(const std::string& name) const {
    return {*client_, {.bucket = under_.bucket, .key = under_.key + name}};
  }

  S3Location under_;  // its key is the prefix
  std::unique_ptr<AwsClient> client_;
  S3Bucket bucket_;
};

}  // namespace

bool IsDocumentFolder(const std::string& name) {
  if (IsS3Url(name)) return name.ends_with('/');
  struct stat status{};
  return stat(name.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<std::shared_ptr<DocumentFolder>> OpenDocumentFolder(const std::string& name,
                                                           const std::string& role_arn) {
  if (!IsS3Url(name)) return std::make_shared<LocalFolder>(name);
  auto under = ParseS3Prefix(name);
  if (!under) return std::unexpected(std::move(under.error()));
  return std::make_shared<S3Folder>(std::move(*under), role_arn);
}

}  // namespace sgflow
