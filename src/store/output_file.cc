#include "store/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sgflow {

namespace {

constexpr mode_t kReadWrite = 0666;  // less what the person's umask takes away
constexpr mode_t kPermissions = 0777;

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Read once: it can only be asked for by changing it, for all threads.
mode_t Mask() {
  static const mode_t kMask = [] {
    const mode_t found = umask(0);
    umask(found);
    return found;
  }();
  return kMask;
}

// A new name in a folder lasts once the folder does.
bool SyncFolder(const std::string& path) {
  const int folder = open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool synced = fsync(folder) == 0;
  close(folder);
  return synced;
}

// Its beginning; hidden, and in the folder of what it will be. Of a long name only a part: where
// that has just room, more would have none.
std::string TemporaryName(const std::string& path) {
  constexpr std::size_t kLongest = 64;
  const std::size_t begin = path.rfind('/') + 1;  // 0 where there is none
  const std::string_view name = std::string_view(path).substr(begin);
  std::size_t end = std::min(name.size(), kLongest);
  // Some file systems take no half letter of UTF-8.
  const auto is_within_letter = [](char c) { return (static_cast<unsigned char>(c) >> 6) == 2; };
  while (end > 0 && end < name.size() && is_within_letter(name[end])) --end;
  return path.substr(0, begin) + '.' + std::string(name.substr(0, end)) + ".sgflow-";
}

// Where a chain of links ends; the path itself where it is none.
std::string LinkTarget(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string target = resolved;
  std::free(resolved);
  return target;
}

}  // namespace

Result<OutputFile> OutputFile::Open(const std::string& path) {
  if (path.empty()) {
    return std::unexpected(Error{.kind = ErrorKind::kUsage,
                                 .message = "no name is given",
                                 .place = {.file = {}, .line = 0, .column = 0, .field = "--output"},
                                 .hint = "name a file to write, or - for standard output"});
  }
  if (path == "-") return OutputFile(STDOUT_FILENO, "standard output", false);
  struct stat status{};
  const bool exists = stat(path.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) {
    // A device or a named pipe is written to, not replaced.
    OutputFile device(open(path.c_str(), O_WRONLY | O_CLOEXEC), path, false);
    if (device.descriptor_ < 0) return std::unexpected(device.ErrorOf(errno));
    return device;
  }
  OutputFile file(-1, LinkTarget(path), true);
  // A rename would replace what its owner has protected.
  if (exists && faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) {
    return std::unexpected(file.ErrorOf(errno));
  }
  // A file without a name is gone with the process, however that ends.
  file.descriptor_ =
      open(FolderOf(file.path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kReadWrite);
  if (file.descriptor_ < 0) {
    std::string temporary = TemporaryName(file.path_) + "XXXXXX";
    file.descriptor_ = mkostemp(temporary.data(), O_CLOEXEC);
    if (file.descriptor_ < 0) return std::unexpected(file.FolderErrorOf(errno));
    file.temporary_ = std::move(temporary);
  }
  fchmod(file.descriptor_, exists ? status.st_mode & kPermissions : kReadWrite & ~Mask());
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      replaces_(other.replaces_),
      temporary_(std::exchange(other.temporary_, {})),
      reader_gone_(other.reader_gone_) {}

OutputFile::~OutputFile() {
  if (descriptor_ > STDERR_FILENO) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Error OutputFile::ErrorOf(int code) const {
  return {.kind = ErrorKind::kEnvironment,
          .message = std::string("cannot be written: ") + std::strerror(code),
          .place = {.file = path_, .line = 0, .column = 0, .field = {}},
          .hint = {}};
}

Error OutputFile::FolderErrorOf(int code) const {
  Error error = ErrorOf(code);
  if (code == EACCES || code == EROFS) {
    error.hint = "its folder must be writable: the file gets its name there when it is whole";
  }
  return error;
}

Result<void> OutputFile::Write(std::string_view bytes) {
  while (!bytes.empty() && !reader_gone_) {
    const ssize_t count = write(descriptor_, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EPIPE) {
      reader_gone_ = true;
    } else if (errno != EINTR) {
      return std::unexpected(ErrorOf(errno));
    }
  }
  return {};
}

// A link cannot take another file's place, a rename can.
Result<void> OutputFile::NameTemporary() {
  if (!temporary_.empty()) return {};
  const std::string opened = "/proc/self/fd/" + std::to_string(descriptor_);
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    temporary_ = TemporaryName(path_) + std::to_string(getpid()) + '-' + std::to_string(i);
    if (linkat(AT_FDCWD, opened.c_str(), AT_FDCWD, temporary_.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      return {};
    }
    if (errno != EEXIST) break;
  }
  temporary_.clear();
  return std::unexpected(ErrorOf(errno));
}

Result<void> OutputFile::Commit(Durability durability) {
  if (!replaces_) return {};
  const bool lasting = durability == Durability::kLasting;
  if (lasting && fsync(descriptor_) != 0) return std::unexpected(ErrorOf(errno));
  if (auto named = NameTemporary(); !named) return named;
  // Some file systems tell of a full disk only here.
  if (close(std::exchange(descriptor_, -1)) != 0) return std::unexpected(ErrorOf(errno));
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return std::unexpected(ErrorOf(errno));
  temporary_.clear();
  if (lasting && !SyncFolder(path_)) return std::unexpected(ErrorOf(errno));
  return {};
}

}  // namespace sgflow
