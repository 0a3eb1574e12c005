#include "store/appended_name.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "documents/timestamp.h"

namespace sgflow {

std::string AppendedName(std::chrono::sys_seconds captured_at) {
  return fmt::format("{:%Y%m%dT%H%M%SZ}.json.gz",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(captured_at)));
}

std::optional<std::chrono::sys_seconds> TimeOfAppended(std::string_view name) {
  constexpr std::size_t kLength = std::string_view("20260102T030405Z.json.gz").size();
  name = name.substr(name.rfind('/') + 1);  // 0 where there is none
  if (name.size() != kLength) return std::nullopt;
  const auto time = ParseTimestamp(
      fmt::format("{}-{}-{}T{}:{}:{}Z", name.substr(0, 4), name.substr(4, 2), name.substr(6, 2),
                  name.substr(9, 2), name.substr(11, 2), name.substr(13, 2)));
  // Of all that could be read so, only what would be written so.
  if (!time || AppendedName(*time) != name) return std::nullopt;
  return time;
}

}  // namespace sgflow
