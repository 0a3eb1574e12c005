#include "batch/local_outputs.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "batch/checkpoint.h"
#include "store/output_file.h"

namespace sgflow {
namespace {

namespace fs = std::filesystem;

Error OutputError(const std::string& path, std::string message, std::string hint = {}) {
  return {.kind = ErrorKind::kEnvironment,
          .message = std::move(message),
          .place = {.file = path, .line = 0, .column = 0, .field = {}},
          .hint = std::move(hint)};
}

// What stands in the way of one output alone.
Error InTheWay(const std::string& path, std::string message) {
  Error error =
      OutputError(path, std::move(message), "take away what is there, or name another --output");
  error.kind = ErrorKind::kInput;
  return error;
}

std::error_code MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  return error;
}

std::string NotMade(const std::error_code& error) {
  return "the folder cannot be made: " + error.message();
}

// Held as long as it is open; the kernel lets go of it when the process ends.
class FolderLock {
 public:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
  FolderLock(FolderLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  [[nodiscard]] static Result<FolderLock> Take(const std::string& folder) {
    const std::string path = folder + "/.sgflow-batch.lock";
    FolderLock lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (lock.descriptor_ >= 0 && flock(lock.descriptor_, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK) {
      return std::unexpected(OutputError(folder, "another sgflow batch is writing there",
                                         "run this one again when it has ended"));
    }
    return std::unexpected(
        OutputError(path, std::string("cannot be locked: ") + std::strerror(errno)));
  }

 private:
  int descriptor_;
};

// Where a killed run was about to give an output its name.
void RemoveLeftovers(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    const std::string name = at->path().filename();
    std::error_code gone;
    if (name.starts_with('.') && name.find(".sgflow-", 1) != std::string::npos) {
      fs::remove(at->path(), gone);
    }
  }
}

class LocalOutputs : public OutputStore {
 public:
  LocalOutputs(std::string folder, FolderLock lock, Checkpoint checkpoint)
      : folder_(std::move(folder)), lock_(std::move(lock)), checkpoint_(std::move(checkpoint)) {
    RemoveLeftovers(folder_);
  }

  Result<void> Check(const std::string& key) const override;
  bool keys_may_nest() const override { return false; }

  Result<Notes> Find(std::span<const std::string> keys) override {
    Notes notes;
    for (const std::string& key : keys) notes.push_back(NoteOf(key));
    return notes;
  }

  std::vector<Double> FindDoubles(std::span<const std::string> keys,
                                  std::span<const std::string> sources) const override;

  Result<std::unique_ptr<OutputWriter>> Create(const std::string& key,
                                               const OutputNote& expected) override;

  std::string Identity(const std::string& key) const override {
    std::error_code error;
    const fs::path path = fs::weakly_canonical(fs::absolute(PathOf(key), error), error);
    return error ? PathOf(key) : path.native();
  }

  Result<void> Close() override { return checkpoint_.Compact(); }

  Result<void> Note(const std::string& key, Checkpoint::Entry entry) {
    const std::lock_guard lock(mutex_);
    return checkpoint_.Add(key, std::move(entry));
  }

 private:
  std::optional<OutputNote> NoteOf(const std::string& key) const {
    const Checkpoint::Entry* const entry = checkpoint_.Find(key);
    struct stat status{};
    if (entry == nullptr || stat(PathOf(key).c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
        std::cmp_not_equal(status.st_size, entry->output_size)) {
      return std::nullopt;
    }
    return entry->note;
  }

  std::string PathOf(const std::string& key) const { return folder_ + '/' + key; }

  static std::size_t LongestName(const std::string& folder) {
    const long longest = pathconf(folder.c_str(), _PC_NAME_MAX);
    return longest > 0 ? static_cast<std::size_t>(longest) : NAME_MAX;
  }

  std::string folder_;
  std::size_t longest_name_ = LongestName(folder_);
  FolderLock lock_;
  std::mutex mutex_;
  Checkpoint checkpoint_;
  std::set<std::string> visited_;  // folders without leftovers
};

class LocalWriter : public OutputWriter {
 public:
  LocalWriter(LocalOutputs& outputs, std::string key, OutputFile file)
      : outputs_(outputs), key_(std::move(key)), file_(std::move(file)) {}

  Result<void> Write(std::string_view bytes) override {
    size_ += bytes.size();
    return file_.Write(bytes);
  }

  Result<bool> Commit(const OutputNote& note) override {
    // First the output, then its note: with a note that came first a power cut could lose one that
    // counts as finished.
    auto done = file_.Commit(OutputFile::Durability::kLasting);
    if (done) done = outputs_.Note(key_, {.note = note, .output_size = size_});
    if (!done) return std::unexpected(std::move(done.error()));
    return true;
  }

 private:
  LocalOutputs& outputs_;
  std::string key_;
  OutputFile file_;
  std::uint64_t size_ = 0;
};

// Keys of other places may be no paths, or lead out of the folder.
Result<void> LocalOutputs::Check(const std::string& key) const {
  // The output has a temporary name first, which may be the longer one.
  constexpr std::size_t kTemporary = 96;
  const std::string path = PathOf(key);
  const std::size_t folder = path.rfind('/') + 1;
  bool fits = folder + std::max(path.size() - folder, kTemporary) < PATH_MAX;
  for (std::string_view rest = key;;) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view name = rest.substr(0, end);
    fits = fits && name.size() <= longest_name_;
    if (!fits || name.empty() || name == "." || name == ".." ||
        name.find('\0') != std::string_view::npos) {
      Error error = OutputError("", "cannot be written as a file: " + key,
                                "write to S3, or this one by sgflow enrich");
      error.kind = ErrorKind::kInput;
      return std::unexpected(std::move(error));
    }
    if (end == rest.size()) return {};
    rest.remove_prefix(end + 1);
  }
}

std::vector<OutputStore::Double> LocalOutputs::FindDoubles(
    std::span<const std::string> keys, std::span<const std::string> sources) const {
  std::vector<Double> doubles;
  const Checkpoint::KeysBySource by_source = checkpoint_.BySource();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto [begin, end] = by_source.equal_range(sources[i]);
    const auto other = std::find_if(begin, end, [&](const auto& known) {
      return known.second != keys[i] && NoteOf(std::string(known.second));
    });
    if (other != end) doubles.push_back({keys[i], std::string(other->second)});
  }
  return doubles;
}

Result<std::unique_ptr<OutputWriter>> LocalOutputs::Create(const std::string& key,
                                                           const OutputNote& /*expected*/) {
  const std::string path = PathOf(key);
  const std::string folder = fs::path(path).parent_path();
  {
    const std::lock_guard lock(mutex_);
    if (visited_.insert(folder).second) {
      if (const std::error_code error = MakeFolder(folder)) {
        visited_.erase(folder);
        return std::unexpected(error == std::errc::not_a_directory
                                   ? InTheWay(folder, NotMade(error))
                                   : OutputError(folder, NotMade(error)));
      }
      RemoveLeftovers(folder);
    }
  }
  std::error_code error;
  if (fs::is_directory(path, error)) return std::unexpected(InTheWay(path, "is a folder"));
  auto file = OutputFile::Open(path);
  if (!file) return std::unexpected(std::move(file.error()));
  return std::make_unique<LocalWriter>(*this, key, std::move(*file));
}

}  // namespace

Result<std::unique_ptr<OutputStore>> OpenLocalOutputs(const std::string& folder) {
  if (const std::error_code error = MakeFolder(folder)) {
    return std::unexpected(OutputError(folder, NotMade(error)));
  }
  auto lock = FolderLock::Take(folder);
  if (!lock) return std::unexpected(std::move(lock.error()));
  auto checkpoint = Checkpoint::Open(folder + "/.sgflow-batch.checkpoint");
  if (!checkpoint) return std::unexpected(std::move(checkpoint.error()));
  return std::make_unique<LocalOutputs>(folder, std::move(*lock), std::move(*checkpoint));
}

}  // namespace sgflow
