#include "input/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sgflow {
namespace {

// What is wrong with the system, and not with what was named.
bool IsOfEnvironment(int code) {
  return code == EIO || code == EMFILE || code == ENFILE || code == ENOMEM || code == ESTALE ||
         code == ETIMEDOUT;
}

Error FileError(const std::string& path, int code) {
  return {.kind = IsOfEnvironment(code) ? ErrorKind::kEnvironment : ErrorKind::kInput,
          .message = code == EISDIR ? "is a folder" : std::strerror(code),
          .place = {.file = path, .line = 0, .column = 0, .field = {}},
          .hint = code == EISDIR ? "name the files in it" : ""};
}

}  // namespace

Result<std::string> ReadToEnd(ByteSource& source, std::size_t expected) {
  constexpr std::size_t kBlock = std::size_t{256} * 1024;
  std::string bytes;
  bytes.reserve(expected + kBlock);  // a block to find the end with
  while (true) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kBlock);
    const auto count = source.Read(std::span(bytes).subspan(before));
    if (!count) return std::unexpected(count.error());
    bytes.resize(before + *count);
    if (*count == 0) return bytes;
  }
}

Result<std::size_t> MemorySource::Read(std::span<char> into) {
  const std::size_t count = std::min(into.size(), rest_.size());
  if (count != 0) std::memcpy(into.data(), rest_.data(), count);
  rest_.remove_prefix(count);
  return count;
}

Result<FileSource> FileSource::Open(const std::string& path) {
  if (path == "-") return FileSource(STDIN_FILENO, "standard input", 0);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::unexpected(FileError(path, errno));
  FileSource source(descriptor, path, 0);
  struct stat status{};
  if (fstat(descriptor, &status) != 0) return std::unexpected(FileError(path, errno));
  if (S_ISDIR(status.st_mode)) return std::unexpected(FileError(path, EISDIR));
  if (S_ISREG(status.st_mode)) {
    source.size_ = static_cast<std::size_t>(status.st_size);
    // Read once, front to back.
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return source;
}

FileSource::FileSource(FileSource&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      path_(std::move(other.path_)),
      size_(other.size_) {}

FileSource::~FileSource() {
  if (descriptor_ > STDIN_FILENO) close(descriptor_);
}

Result<std::size_t> FileSource::Read(std::span<char> into) {
  ssize_t count = 0;
  do {
    count = read(descriptor_, into.data(), into.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) return std::unexpected(FileError(path_, errno));
  return static_cast<std::size_t>(count);
}

}  // namespace sgflow
