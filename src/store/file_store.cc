#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <tuple>
#include <utility>

#include "input/byte_source.h"
#include "store/snapshot_store.h"

namespace sgflow {
namespace {

// Who writes it anew writes another file and renames it, or the time changes.
struct FileState {
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;

  friend bool operator==(const FileState&, const FileState&) = default;
};

class FileStore : public SnapshotStore {
 public:
  explicit FileStore(std::string path) : path_(std::move(path)) {}

  Result<std::optional<std::string>> ReadNew() override {
    struct stat status{};
    if (stat(path_.c_str(), &status) != 0) {
      return std::unexpected(Error{.kind = ErrorKind::kEnvironment,
                                   .message = "cannot be read: " + std::string(strerror(errno)),
                                   .place = {},
                                   .hint = {}});
    }
    const FileState state{.inode = status.st_ino,
                          .size = status.st_size,
                          .seconds = status.st_mtim.tv_sec,
                          .nanoseconds = status.st_mtim.tv_nsec};
    if (known_ == state) return std::nullopt;
    auto file = FileSource::Open(path_);
    if (!file) return std::unexpected(std::move(file.error()));
    auto bytes = ReadToEnd(*file, file->size());
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    known_ = state;
    return std::move(*bytes);
  }

 private:
  std::string path_;
  std::optional<FileState> known_;
};

}  // namespace

std::unique_ptr<SnapshotStore> MakeFileStore(std::string path) {
  return std::make_unique<FileStore>(std::move(path));
}

}  // namespace sgflow
