#include "store/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sgflow {

namespace {

constexpr mode_t kReadWrite = 0666;  // less what the person's umask takes away

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
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
  if (path == "-") return OutputFile(STDOUT_FILENO, "standard output", false);
  struct stat status{};
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    // A device or a named pipe is written to, not replaced.
    OutputFile device(open(path.c_str(), O_WRONLY | O_CLOEXEC), path, false);
    if (device.descriptor_ < 0) return std::unexpected(device.ErrorOf(errno));
    return device;
  }
  OutputFile file(-1, LinkTarget(path), true);
  // A file without a name is gone with the process, however that ends.
  file.descriptor_ =
      open(FolderOf(file.path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kReadWrite);
  if (file.descriptor_ >= 0) return file;
  std::string temporary = file.path_ + ".sgflow-XXXXXX";
  file.descriptor_ = mkostemp(temporary.data(), O_CLOEXEC);
  if (file.descriptor_ < 0) return std::unexpected(file.ErrorOf(errno));
  file.temporary_ = std::move(temporary);
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(file.descriptor_, kReadWrite & ~mask);
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
    temporary_ = path_ + ".sgflow-" + std::to_string(getpid()) + '-' + std::to_string(i);
    if (linkat(AT_FDCWD, opened.c_str(), AT_FDCWD, temporary_.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      return {};
    }
    if (errno != EEXIST) break;
  }
  temporary_.clear();
  return std::unexpected(ErrorOf(errno));
}

Result<void> OutputFile::Commit() {
  if (!replaces_) return {};
  if (auto named = NameTemporary(); !named) return named;
  // Some file systems tell of a full disk only here.
  if (close(std::exchange(descriptor_, -1)) != 0) return std::unexpected(ErrorOf(errno));
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return std::unexpected(ErrorOf(errno));
  temporary_.clear();
  return {};
}

}  // namespace sgflow
