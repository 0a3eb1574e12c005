#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace sgflow {
namespace {

constexpr auto kQuiet = std::chrono::seconds(1);
constexpr auto kBetween = std::chrono::milliseconds(200);
constexpr std::size_t kWidth = 30;

}  // namespace

Progress::Progress(std::uint64_t total)
    : total_(total), line_(stderr), start_(Clock::now()), next_(start_ + kQuiet) {}

void Progress::Add(std::uint64_t bytes) {
  done_ += bytes;
  if (!line_.is_terminal()) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + kBetween;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double megabytes = static_cast<double>(done_) / 1e6;
  if (total_ == 0) {
    line_.Show(fmt::format("{:.0f} MB, {:.0f} MB/s", megabytes, megabytes / seconds));
  } else {
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    const auto filled = static_cast<std::size_t>(share * kWidth);
    const double left = seconds / std::max(share, 1e-9) * (1 - share);
    line_.Show(fmt::format("[{}{}] {:3.0f} %, {:.0f} MB/s, {:.0f} s left", std::string(filled, '#'),
                           std::string(kWidth - filled, ' '), share * 100, megabytes / seconds,
                           left));
  }
}

}  // namespace sgflow
