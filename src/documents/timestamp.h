// Moments as AWS and its tools write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

// 2026-01-02T03:04:05Z: with 'T' or a space, a fraction of a second or none (dropped), and an
// offset as Z, +00:00 or +0000. None where it is no such time, or says no offset.
std::optional<std::chrono::sys_seconds> ParseTimestamp(std::string_view text);

// As 2026-01-02T03:04:05Z.
std::string TimestampOf(std::chrono::sys_seconds moment);

}  // namespace sgflow
