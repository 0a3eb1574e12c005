#include "store/snapshot_folder.h"

#include <sys/stat.h>

#include <optional>
#include <utility>

#include "aws/s3_url.h"
#include "documents/document_moment.h"
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

bool AddsNothing(std::string_view json, std::string_view last) {
  if (WithoutMoment(json) == WithoutMoment(last)) return true;
  const auto content = SnapshotContent::Read(json);
  if (!content) return false;
  const auto before = SnapshotContent::Read(last);
  return before && content->AddsNothingTo(*before);
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
    if (AddsNothing(json, *text)) return AppendedSnapshot{shown, false};
  }
  const std::string name = AppendedName(captured_at);
  if (auto written = folder.Write(name, GzipOf(json)); !written) {
    return std::unexpected(std::move(written.error()));
  }
  return AppendedSnapshot{folder.Shown(name), true};
}

}  // namespace sgflow
