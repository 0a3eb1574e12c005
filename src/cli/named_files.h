// Reading the files that a command line names: what cannot be read is told, and all else goes on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/diagnostics.h"
#include "cli/progress.h"
#include "error/error.h"
#include "input/record_reader.h"

namespace sgflow {

// "-" is standard input.
class NamedFiles {
 public:
  explicit NamedFiles(std::vector<std::string> names);

  // What a command does with the records; what cannot be read is not its business.
  class Sink {
   public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    // `interactive`: of unknown size, as a pipe, behind which a person may wait.
    virtual void StartFile(bool interactive) = 0;
    virtual void OnRecord(const FlowRecord& record) = 0;
    // As RecordSink has it.
    virtual void OnPayloadStart() {}
    virtual void OnPayloadEnd() {}
    // Nothing more has come so far.
    virtual void OnPause() {}
    // Nobody takes what is still to come.
    virtual bool done() const { return false; }
  };

  // The exit code: kSuccess, kSomeInputBad, or what the worst of the files that could not be read
  // says. Errors go to standard error as they come.
  [[nodiscard]] int Read(const ReadOptions& options, Sink& sink);

  // A message in between.
  void Tell(std::string_view message);
  // All that was told so far is complete.
  void EndTelling();

  std::uint64_t rejected() const { return rejected_; }

 private:
  class Reading;

  void Tell(const Error& error);

  std::vector<std::string> names_;
  Diagnostics diagnostics_;
  Progress progress_;
  std::uint64_t rejected_ = 0;
};

}  // namespace sgflow
