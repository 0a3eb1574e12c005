#include "live/silence.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace sgflow {
namespace {

using std::chrono::seconds;

constexpr seconds kFirstPause{60};
constexpr seconds kLongestPause{300};

}  // namespace

void Silence::Note(bool answered, Time begin, Time end) {
  if (answered) {
    pause_ = seconds(0);
    return;
  }
  if (end - begin < kLongWait) return;
  pause_ = std::clamp(2 * pause_, kFirstPause, kLongestPause);
  since_ = end;
  waited_ = std::chrono::floor<seconds>(end - begin);
}

std::string Silence::ToString() const {
  const std::time_t until = std::chrono::system_clock::to_time_t(since_ + pause_);
  return fmt::format("no answer for {} s, left alone until {:%T}Z", waited_.count(),
                     fmt::gmtime(until));
}

}  // namespace sgflow
