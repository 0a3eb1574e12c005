// How far a batch is: one line that is kept up to date on a terminal, a line now and then
// elsewhere.
#pragma once

#include <chrono>
#include <string>

#include "batch/batch.h"
#include "cli/diagnostics.h"
#include "cli/terminal_line.h"

namespace sgflow {

// On standard error.
class BatchDisplay : public BatchObserver {
 public:
  // `quiet`: errors alone.
  explicit BatchDisplay(bool quiet);

  void OnError(const Error& error) override;
  void OnMessage(const std::string& message) override;
  void OnInputDone(const std::string& name) override;
  void OnState(const BatchState& state) override;

  // Takes the line away, and tells how much of what was alike was not told.
  void Finish();

 private:
  using Clock = std::chrono::steady_clock;

  bool quiet_;
  TerminalLine line_;
  Clock::time_point start_;
  Clock::time_point next_;
  Diagnostics diagnostics_;
};

}  // namespace sgflow
