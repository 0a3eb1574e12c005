#include "cli/batch_display.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace sgflow {
namespace {

constexpr auto kFirst = std::chrono::seconds(1);
constexpr auto kBetweenLines = std::chrono::seconds(10);

std::string TextOf(const BatchState& state, double seconds) {
  const auto megabytes = static_cast<double>(state.bytes_done) / 1e6;
  const double total = static_cast<double>(state.bytes) / 1e6;
  std::string text =
      fmt::format("{} of {} files, {:.0f} of {:.0f} MB, {:.0f} records/s", state.inputs_done.load(),
                  state.inputs, megabytes, total, static_cast<double>(state.records) / seconds);
  if (megabytes > 0 && total > 0) {
    const double share = std::min(1.0, megabytes / total);
    text += fmt::format(", {:.0f} s left", seconds / share * (1 - share));
  }
  return text;
}

}  // namespace

BatchDisplay::BatchDisplay(bool quiet)
    : quiet_(quiet),
      line_(stderr),
      start_(Clock::now()),
      next_(start_ +
            (line_.is_terminal() ? Clock::duration(kFirst) : Clock::duration(kBetweenLines))),
      diagnostics_(stderr) {}

void BatchDisplay::OnError(const Error& error) {
  line_.Clear();
  diagnostics_.Report(error);
}

void BatchDisplay::OnMessage(const std::string& message) {
  line_.Clear();
  fmt::print(stderr, "sgflow: {}\n", message);
}

void BatchDisplay::OnInputDone(const std::string& name) {
  line_.Clear();
  diagnostics_.Flush(name);
}

void BatchDisplay::OnState(const BatchState& state) {
  const auto now = Clock::now();
  if (quiet_ || now < next_) return;
  const std::string text = TextOf(state, std::chrono::duration<double>(now - start_).count());
  if (line_.is_terminal()) {
    line_.Show(text);
  } else {
    fmt::print(stderr, "sgflow: {}\n", text);
    next_ = now + kBetweenLines;
  }
}

void BatchDisplay::Finish() {
  line_.Clear();
  diagnostics_.Flush();
}

}  // namespace sgflow
