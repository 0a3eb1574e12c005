#include "store/snapshot_folder.h"

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "aws/s3_url.h"
#include "documents/document_moment.h"
#include "documents/timestamp.h"
#include "store/appended_name.h"
#include "store/inventory_files.h"
#include "store/snapshot_content.h"
#include "store/snapshot_file.h"

namespace sgflow {
namespace {

Error UsageError(std::string message, std::string hint) {
  return {.kind = ErrorKind::kUsage,
          .message = std::move(message),
          .place = {.file = {}, .line = 0, .column = 0, .field = "--append"},
          .hint = std::move(hint)};
}

// Of the folder itself, not of those in it.
Result<std::optional<std::string>> LastName(DocumentFolder& folder) {
  const auto entries = folder.List();
  if (!entries) return std::unexpected(entries.error());
  std::optional<std::string> last;
  for (const DocumentFolder::Entry& entry : *entries) {
    if (entry.name.find('/') == std::string::npos && TimeOfAppended(entry.name)) last = entry.name;
  }
  return last;
}

enum class Compared : std::uint8_t {
  kOther,
  kAddsNothing,  // and does not tell all that the last one does
  kSame,
};

Compared CompareWith(std::string_view last, std::string_view json) {
  if (WithoutMoment(json) == WithoutMoment(last)) return Compared::kSame;
  const auto content = SnapshotContent::Read(json);
  if (!content) return Compared::kOther;
  const auto before = SnapshotContent::Read(last);
  if (!before || !content->AddsNothingTo(*before)) return Compared::kOther;
  return before->AddsNothingTo(*content) ? Compared::kSame : Compared::kAddsNothing;
}

// "20260102T030405Z.json.gz was still so at 2026-01-02T03:19:05Z". Begins with a dot: no document.
constexpr std::string_view kNote = ".last-seen";
constexpr std::string_view kStillSo = " was still so at ";

Result<void> NoteSeen(DocumentFolder& folder, const std::string& last,
                      std::chrono::sys_seconds seen_at) {
  return folder.WriteNote(std::string(kNote),
                          last + std::string(kStillSo) + TimestampOf(seen_at) + '\n');
}

// None where it was never seen again. Of a note that nobody here has written nothing is believed:
// answers are less sure then, and none is wrong.
Result<std::optional<CaptureBefore>> WhenSeen(DocumentFolder& folder, const std::string& last) {
  auto note = folder.ReadNote(std::string(kNote));
  if (!note) return std::unexpected(std::move(note.error()));
  if (!*note || !(*note)->ends_with('\n')) return std::nullopt;
  std::string_view text = **note;
  text.remove_suffix(1);
  const std::string front = last + std::string(kStillSo);
  if (!text.starts_with(front)) return std::nullopt;
  const auto seen_at = ParseTimestamp(text.substr(front.size()));
  if (!seen_at) return std::nullopt;
  return CaptureBefore{.captured_at = *TimeOfAppended(last), .seen_at = *seen_at};
}

}  // namespace

Result<void> CheckAppendTarget(const std::string& where) {
  if (IsS3Url(where)) {
    if (auto prefix = ParseS3Prefix(where); !prefix) {
      return std::unexpected(UsageError(prefix.error().message, prefix.error().hint));
    }
    if (where.ends_with('/')) return {};
    return std::unexpected(UsageError("'" + where + "' names no prefix in S3",
                                      "write it as s3://BUCKET/PREFIX/, with a slash at its end"));
  }
  struct stat status{};
  const bool is_file = stat(where.c_str(), &status) == 0 && !S_ISDIR(status.st_mode);
  if (where.empty() || where == "-" || is_file || where.find("://") != std::string::npos) {
    return std::unexpected(UsageError("'" + where + "' is no folder",
                                      "give a folder, or s3://BUCKET/PREFIX/; one file is written "
                                      "with --output"));
  }
  return {};
}

Result<AppendedSnapshot> AppendSnapshot(DocumentFolder& folder,
                                        std::chrono::sys_seconds captured_at,
                                        std::string_view json) {
  std::optional<CaptureBefore> before;
  auto last = LastName(folder);
  if (!last) return std::unexpected(std::move(last.error()));
  if (*last) {
    const std::string shown = folder.Shown(**last);
    if (*TimeOfAppended(**last) > captured_at) {
      return std::unexpected(Error{.kind = ErrorKind::kEnvironment,
                                   .message = "is of a later time than this machine's clock says",
                                   .place = {.file = shown, .line = 0, .column = 0, .field = {}},
                                   .hint = "set the clock, or take that one away"});
    }
    auto bytes = folder.Read(**last);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    const auto text = InflatedDocument(shown, std::move(*bytes));
    if (!text) return std::unexpected(text.error());
    const Compared compared = CompareWith(*text, json);
    if (compared == Compared::kSame) {
      if (auto noted = NoteSeen(folder, **last, captured_at); !noted) {
        return std::unexpected(std::move(noted.error()));
      }
    }
    if (compared != Compared::kOther) return AppendedSnapshot{shown, false};
    auto seen = WhenSeen(folder, **last);
    if (!seen) return std::unexpected(std::move(seen.error()));
    before = *seen;
  }
  const std::string name = AppendedName(captured_at);
  const auto bytes = before ? GzipOf(WithBefore(json, *before)) : GzipOf(json);
  if (auto written = folder.Write(name, bytes); !written) {
    return std::unexpected(std::move(written.error()));
  }
  return AppendedSnapshot{folder.Shown(name), true};
}

}  // namespace sgflow
