// A folder that snapshots are added to over time, each where something has changed.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "error/error.h"
#include "store/document_folder.h"

namespace sgflow {

struct AppendedSnapshot {
  std::string name;     // as messages have it: the new one's, or that of the last one
  bool stored = false;  // false: it says nothing that the last one does not
};

// Whether snapshots could be added there, as far as can be told before there is one.
[[nodiscard]] Result<void> CheckAppendTarget(const std::string& where);

// Writes the snapshot, as gzip and whole or not at all, unless the last one of the folder itself
// tells sgflow the same (SnapshotContent). What lies there under other names is not looked at.
// That the last one was still true is noted then, where all of it was told again, in one note that
// is written anew each time, and the next one that is stored carries it (CaptureBefore). Two at
// once do no harm: whatever note is left says something true, and one of another snapshot than the
// last does not count.
[[nodiscard]] Result<AppendedSnapshot> AppendSnapshot(DocumentFolder& folder,
                                                      std::chrono::sys_seconds captured_at,
                                                      std::string_view json);

}  // namespace sgflow
