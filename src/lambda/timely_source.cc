#include "lambda/timely_source.h"

namespace sgflow {

Result<bool> TimelySource::Learn(const Lacking& lacking) {
  if (!until_) return source_.Learn(lacking);
  if (!WaitUntil(until_)) return Late();
  learning_ = std::async(std::launch::async, [this, lacking] { return source_.Learn(lacking); });
  if (!WaitUntil(until_)) return Late();
  return learning_.get();
}

std::vector<std::string> TimelySource::Refresh() {
  if (!WaitUntil(clock_())) return {};
  return source_.Refresh();
}

void TimelySource::NoteUse(const Inventory& of, const std::vector<bool>& interfaces) {
  if (WaitUntil(clock_())) source_.NoteUse(of, interfaces);
}

bool TimelySource::WaitUntil(std::optional<Time> until) {
  if (!learning_.valid()) return true;
  return learning_.wait_for(*until - clock_()) == std::future_status::ready;
}

Result<bool> TimelySource::Late() const {
  if (!fail_on_error_) return false;
  return std::unexpected(Error{.kind = ErrorKind::kEnvironment,
                               .message = "AWS did not answer in the time that the invocation has",
                               .place = {},
                               .hint = "give the function a longer timeout: a minute or more"});
}

}  // namespace sgflow
