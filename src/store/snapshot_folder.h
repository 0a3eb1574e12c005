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
// Until when the last one was true the next one says: nothing is written in between.
[[nodiscard]] Result<AppendedSnapshot> AppendSnapshot(DocumentFolder& folder,
                                                      std::chrono::sys_seconds captured_at,
                                                      std::string_view json);

}  // namespace sgflow
