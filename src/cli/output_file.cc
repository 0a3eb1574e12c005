#include "cli/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace sgflow {

Result<OutputFile> OutputFile::Open(const std::string& path) {
  if (path == "-") return OutputFile(STDOUT_FILENO, "standard output", "");
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    // A device or a named pipe is written to, not replaced.
    const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    OutputFile device(descriptor, path, "");
    if (descriptor < 0) return std::unexpected(device.ErrorOf(errno));
    return device;
  }
  std::string temporary = path + ".sgflow-XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
  OutputFile file(descriptor, path, descriptor < 0 ? "" : temporary);
  if (descriptor < 0) return std::unexpected(file.ErrorOf(errno));
  // What the person's umask says, as for any other file; mkostemp keeps all others out.
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(descriptor, 0666 & ~mask);
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
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

Result<void> OutputFile::Commit() {
  if (temporary_.empty()) return {};
  // Some file systems tell of a full disk only here.
  if (close(std::exchange(descriptor_, -1)) != 0) return std::unexpected(ErrorOf(errno));
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return std::unexpected(ErrorOf(errno));
  temporary_.clear();
  return {};
}

}  // namespace sgflow
