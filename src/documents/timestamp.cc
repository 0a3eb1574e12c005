#include "documents/timestamp.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstddef>

namespace sgflow {
namespace {

// Takes from the front of a text.
class Taker {
 public:
  explicit Taker(std::string_view text) : text_(text) {}

  bool empty() const { return text_.empty(); }

  bool Take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  // Exactly that many digits; -1 where there are not.
  int Digits(std::size_t count) {
    if (text_.size() < count) return -1;
    int number = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = text_[i];
      if (c < '0' || c > '9') return -1;
      number = number * 10 + (c - '0');
    }
    text_.remove_prefix(count);
    return number;
  }

  // A fraction's digits; false where there is a point and none.
  bool SkipFraction() {
    if (!Take('.')) return true;
    const std::size_t end = text_.find_first_not_of("0123456789");
    const std::size_t count = end == std::string_view::npos ? text_.size() : end;
    text_.remove_prefix(count);
    return count > 0;
  }

 private:
  std::string_view text_;
};

std::optional<std::chrono::sys_days> TakeDate(Taker& from) {
  const int year = from.Digits(4);
  if (!from.Take('-')) return std::nullopt;
  const int month = from.Digits(2);
  if (!from.Take('-')) return std::nullopt;
  const int day = from.Digits(2);
  if (year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

std::optional<std::chrono::seconds> TakeTimeOfDay(Taker& from) {
  const int hour = from.Digits(2);
  if (!from.Take(':')) return std::nullopt;
  const int minute = from.Digits(2);
  if (!from.Take(':')) return std::nullopt;
  const int second = from.Digits(2);
  const bool is_good = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 &&
                       second <= 60 && from.SkipFraction();
  if (!is_good) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::optional<std::chrono::seconds> TakeOffset(Taker& from) {
  if (from.Take('Z') || from.Take('z')) return std::chrono::seconds(0);
  const bool is_west = from.Take('-');
  if (!is_west && !from.Take('+')) return std::nullopt;
  const int hour = from.Digits(2);
  from.Take(':');
  const int minute = from.Digits(2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  const std::chrono::seconds offset = std::chrono::hours(hour) + std::chrono::minutes(minute);
  return is_west ? -offset : offset;
}

}  // namespace

std::optional<std::chrono::sys_seconds> ParseTimestamp(std::string_view text) {
  Taker from(text);
  const auto date = TakeDate(from);
  if (!date || !(from.Take('T') || from.Take('t') || from.Take(' '))) return std::nullopt;
  const auto time = TakeTimeOfDay(from);
  if (!time) return std::nullopt;
  const auto offset = TakeOffset(from);
  if (!offset || !from.empty()) return std::nullopt;
  return *date + *time - *offset;
}

std::string TimestampOf(std::chrono::sys_seconds moment) {
  return fmt::format("{:%FT%TZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(moment)));
}

}  // namespace sgflow
