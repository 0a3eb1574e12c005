// How `sgflow snapshot --append` names what it stores: by its time, so that a folder of thousands
// can be read without opening each.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

// 20260102T030405Z.json.gz
std::string AppendedName(std::chrono::sys_seconds captured_at);

// Of such a name, whatever folder stands before it; none where it is another one.
std::optional<std::chrono::sys_seconds> TimeOfAppended(std::string_view name);

}  // namespace sgflow
