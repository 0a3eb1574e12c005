// The function's log: one JSON object a line, with the keys that Lambda itself understands.
// docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "error/error.h"

namespace sgflow {

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kFatal };

// Lambda's names, in capitals: TRACE to FATAL.
[[nodiscard]] std::optional<LogLevel> FindLogLevel(std::string_view name);

// AppendJson of text that may be no UTF-8, as what a key's %XX say: then as PrintableText, \xnn.
void AppendForeignJson(std::string_view text, std::string& to);

// A line in the making. Keys need no escapes. Never give it anything of a payload.
class LogLine {
 public:
  explicit LogLine(LogLevel level);

  LogLine& Add(std::string_view key, std::string_view value);
  LogLine& Add(std::string_view key, std::uint64_t value);
  LogLine& Add(std::string_view key, std::chrono::nanoseconds value);  // in milliseconds

  LogLevel level() const { return level_; }
  const std::string& text() const { return text_; }

 private:
  void AddKey(std::string_view key);

  LogLevel level_;
  std::string text_;  // without the closing brace
};

// The error for a log line: readers quote what they could not read, and a payload has no place
// there.
std::string WithoutQuotations(Error error);

class JsonLog {
 public:
  // Takes whole lines, each with its newline.
  using Sink = std::function<void(std::string_view line)>;

  // Lines below `lowest` are left out.
  JsonLog(LogLevel lowest, Sink sink) : lowest_(lowest), sink_(std::move(sink)) {}

  void Write(const LogLine& line);

 private:
  LogLevel lowest_;
  Sink sink_;
};

}  // namespace sgflow
