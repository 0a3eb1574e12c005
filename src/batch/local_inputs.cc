#include "batch/local_inputs.h"

#include <fmt/format.h>
#include <glob.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

namespace sgflow {
namespace {

namespace fs = std::filesystem;

Error InputError(ErrorKind kind, const std::string& name, std::string message,
                 std::string hint = {}) {
  return {.kind = kind,
          .message = std::move(message),
          .place = {.file = name, .line = 0, .column = 0, .field = {}},
          .hint = std::move(hint)};
}

InputState StateOf(const struct stat& status) {
  return {.size = static_cast<std::uint64_t>(status.st_size),
          .version = fmt::format("{}.{:09}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec)};
}

bool IsHidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

std::string Canonical(const fs::path& path) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? path.native() : canonical.native();
}

bool IsWithin(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/');
}

constexpr std::string_view kWildcards = "*?[";

// The folder before the first part with a wildcard; empty: the current one.
std::string FixedPart(const std::string& pattern) {
  const std::size_t wildcard = pattern.find_first_of(kWildcards);
  const std::size_t slash = pattern.rfind('/', wildcard);
  return slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
}

class LocalInputs : public InputStore {
 public:
  LocalInputs(std::span<const std::string> sources, const std::string& destination)
      : sources_(sources.begin(), sources.end()), destination_(Canonical(destination)) {}

  InputListing List() override {
    for (const std::string& source : sources_) {
      const auto before = static_cast<std::ptrdiff_t>(listing_.inputs.size());
      ListSource(source);
      std::ranges::sort(listing_.inputs.begin() + before, listing_.inputs.end(), {},
                        &BatchInput::name);
      std::ranges::sort(behind_links_, {}, &BatchInput::name);
      std::ranges::move(behind_links_, std::back_inserter(listing_.inputs));
      behind_links_.clear();
    }
    return std::move(listing_);
  }

  Result<Opened> Open(const BatchInput& input) override {
    auto file = FileSource::Open(input.name);
    if (!file) return std::unexpected(std::move(file.error()));
    struct stat status{};
    if (fstat(file->descriptor(), &status) != 0) {
      return std::unexpected(InputError(ErrorKind::kEnvironment, input.name, std::strerror(errno)));
    }
    return Opened{.bytes = std::make_unique<FileSource>(std::move(*file)),
                  .state = StateOf(status)};
  }

  std::string Identity(const BatchInput& input) const override { return Canonical(input.name); }

 private:
  void ListSource(const std::string& source) {
    struct stat status{};
    if (stat(source.c_str(), &status) == 0) {
      ListNamed(source, S_ISDIR(status.st_mode) ? source : fs::path(source).parent_path().native());
    } else if (errno == ENOENT && source.find_first_of(kWildcards) != std::string::npos) {
      ListGlob(source);
    } else {
      Fail(source, errno);
    }
  }

  void ListGlob(const std::string& pattern) {
    glob_t found{};
    const int failure = glob(pattern.c_str(), 0, nullptr, &found);
    const std::string base = FixedPart(pattern);
    // The destination may be one of the folders that match.
    const bool around = !IsWithin(Canonical(base.empty() ? "." : base), destination_);
    for (std::size_t i = 0; failure == 0 && i < found.gl_pathc; ++i) {
      const std::string name = found.gl_pathv[i];
      std::error_code gone;
      const bool written_to =
          around && fs::is_directory(name, gone) && IsWithin(Canonical(name), destination_);
      if (!written_to) ListNamed(name, base, IsBehindLink(name, base));
    }
    globfree(&found);
    if (failure == GLOB_NOMATCH) {
      listing_.errors.push_back(InputError(ErrorKind::kInput, pattern, "matches no file"));
    } else if (failure != 0) {
      listing_.errors.push_back(
          InputError(ErrorKind::kEnvironment, pattern, "the folders cannot be read"));
    }
  }

  // Whether a part of the name below the folder is a link.
  static bool IsBehindLink(const std::string& name, const std::string& base) {
    const fs::path folder = base.empty() ? "." : base;
    const fs::path by_name =
        fs::path(Canonical(folder)) / fs::path(name).lexically_relative(folder) / "";
    return by_name.lexically_normal() != (fs::path(Canonical(name)) / "").lexically_normal();
  }

  void ListNamed(const std::string& name, const std::string& base, bool behind_link = false) {
    std::error_code error;
    if (!fs::is_directory(name, error)) {
      AddFile(name, base, behind_link);
      return;
    }
    if (IsWithin(Canonical(name), destination_)) {
      listing_.errors.push_back(
          InputError(ErrorKind::kUsage, name, "lies in the folder that is written to",
                     "name another --output: what is written would be read the next time"));
      return;
    }
    ListFolder(name, base, behind_link);
  }

  void ListFolder(const fs::path& folder, const std::string& base, bool behind_link) {
    std::error_code error;
    for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
         at.increment(error)) {
      const fs::path& path = at->path();
      if (IsHidden(path)) continue;
      std::error_code gone;  // between two looks
      if (at->is_directory(gone)) {
        if (!at->is_symlink(gone) && !IsWithin(Canonical(path), destination_)) {
          ListFolder(path, base, behind_link);
        }
      } else if (at->is_regular_file(gone)) {
        AddFile(path.native(), base, behind_link || at->is_symlink(gone));
      } else if (at->is_symlink(gone)) {
        Fail(path.native(), ENOENT);
      }
    }
    if (error) Fail(folder.native(), error.value());
  }

  void AddFile(const std::string& name, const std::string& base, bool behind_link) {
    struct stat status{};
    if (stat(name.c_str(), &status) != 0) return Fail(name, errno);
    // A pipe is never the same twice.
    if (!S_ISREG(status.st_mode)) {
      listing_.errors.push_back(InputError(ErrorKind::kInput, name, "is no file",
                                           "sgflow enrich reads pipes and devices"));
      return;
    }
    const fs::path folder = base.empty() ? "." : base;
    std::string key = fs::path(name).lexically_relative(folder).generic_string();
    if (!seen_.emplace(status.st_dev, status.st_ino, key).second) return;
    (behind_link ? behind_links_ : listing_.inputs)
        .push_back({.name = name, .key = std::move(key), .state = StateOf(status)});
  }

  void Fail(const std::string& name, int code) {
    const bool environment = code == EIO || code == EMFILE || code == ENFILE || code == ENOMEM;
    listing_.errors.push_back(InputError(environment ? ErrorKind::kEnvironment : ErrorKind::kInput,
                                         name, std::strerror(code)));
  }

  std::vector<std::string> sources_;
  std::string destination_;
  InputListing listing_;
  std::vector<BatchInput> behind_links_;                  // of the source that is listed
  std::set<std::tuple<dev_t, ino_t, std::string>> seen_;  // by key
};

}  // namespace

std::unique_ptr<InputStore> MakeLocalInputs(std::span<const std::string> sources,
                                            const std::string& destination) {
  return std::make_unique<LocalInputs>(sources, destination);
}

}  // namespace sgflow
