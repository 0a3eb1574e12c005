#include "lambda/json_log.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <cstddef>
#include <iterator>

#include "output/json_text.h"
#include "output/printable_text.h"

namespace sgflow {
namespace {

constexpr std::array<std::string_view, 6> kLevelNames = {"TRACE", "DEBUG", "INFO",
                                                         "WARN",  "ERROR", "FATAL"};

}  // namespace

std::optional<LogLevel> FindLogLevel(std::string_view name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == name) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

void AppendForeignJson(std::string_view text, std::string& to) {
  if (simdjson::validate_utf8(text.data(), text.size())) {
    AppendJson(text, to);
  } else {
    AppendJson(PrintableText(text), to);
  }
}

LogLine::LogLine(LogLevel level) : level_(level) {
  text_ = fmt::format(R"({{"level":"{}")", kLevelNames[static_cast<std::size_t>(level)]);
}

LogLine& LogLine::Add(std::string_view key, std::string_view value) {
  AddKey(key);
  text_ += '"';
  AppendForeignJson(value, text_);
  text_ += '"';
  return *this;
}

LogLine& LogLine::Add(std::string_view key, std::uint64_t value) {
  AddKey(key);
  text_ += std::to_string(value);
  return *this;
}

LogLine& LogLine::Add(std::string_view key, std::chrono::nanoseconds value) {
  AddKey(key);
  fmt::format_to(std::back_inserter(text_), "{:.3f}",
                 std::chrono::duration<double, std::milli>(value).count());
  return *this;
}

void LogLine::AddKey(std::string_view key) { text_.append(",\"").append(key).append("\":"); }

std::string WithoutQuotations(Error error) {
  const std::size_t first = error.message.find('\'');
  const std::size_t last = error.message.rfind('\'');
  if (first != last) error.message.replace(first, last - first + 1, "'...'");
  return Describe(error);
}

void JsonLog::Write(const LogLine& line) {
  if (line.level() < lowest_) return;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto midnight = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss time(now - midnight);
  // Lambda filters by level only those lines that carry a time of this form.
  sink_(fmt::format("{},\"timestamp\":\"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z\"}}\n",
                    line.text(), static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                    static_cast<unsigned>(day.day()), time.hours().count(), time.minutes().count(),
                    time.seconds().count(), time.subseconds().count()));
}

}  // namespace sgflow
