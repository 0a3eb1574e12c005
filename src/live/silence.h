// Who did not answer, and for how long it is left alone: no batch waits for it again meanwhile.
#pragma once

#include <chrono>
#include <string>

namespace sgflow {

// A circuit breaker of one place. Broken by an answer that was waited for in vain; then nothing is
// asked for a while, and then a question may wait for a short time only, until one is answered.
// Each time that the same happens again the pause is twice as long, from one minute up to five.
class Silence {
 public:
  using Time = std::chrono::system_clock::time_point;

  // What is answered sooner, with an error or not, costs a batch little.
  static constexpr std::chrono::seconds kLongWait{1};
  // For how long who was silent before may be waited for.
  static constexpr std::chrono::seconds kLongestTrial{3};

  bool is_broken() const { return pause_.count() != 0; }
  // Nothing is to be asked.
  bool Lasts(Time now) const { return is_broken() && now < since_ + pause_; }

  // A question was waited for from `begin` to `end`.
  void Note(bool answered, Time begin, Time end);

  // As "no answer for 10 s, left alone until 12:00:10Z".
  std::string ToString() const;

 private:
  Time since_;
  std::chrono::seconds pause_{};
  std::chrono::seconds waited_{};
};

}  // namespace sgflow
