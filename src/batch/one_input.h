// One input to its output.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "batch/batch.h"
#include "output/gzip_writer.h"
#include "output/output_buffer.h"

namespace sgflow {

struct InputOutcome {
  std::uint64_t rejected = 0;
  // Records of the output that is there now that AWS could not be asked about.
  RecordsByReason unlearned{};
  bool written = false;
  bool cut_off = false;  // it is written as far as the input could be read
  bool input_failed = false;
  bool environment_failed = false;
  bool output_failed = false;  // there is no use in going on
};

// For one thread; what is costly to make is kept from input to input.
class InputProcessor {
 public:
  // All of it must outlive this.
  InputProcessor(InputStore& inputs, OutputStore& outputs, const BatchOptions& options,
                 std::uint64_t fingerprint, std::function<std::unique_ptr<Enriching>()> make,
                 BatchState& state);

  using Tell = std::function<void(const Error&)>;
  InputOutcome Process(const PlannedInput& planned, const Tell& tell);

  Enriching& enriching() { return *enriching_; }

 private:
  struct Attempt {
    InputOutcome outcome;
    // It is to be done anew, with this note expected.
    std::optional<OutputNote> again;
  };
  Attempt Try(const PlannedInput& planned, const OutputNote& expected, Enriching& enriching,
              const Tell& tell, BatchState& state);

  InputStore& inputs_;
  OutputStore& outputs_;
  const BatchOptions& options_;
  std::uint64_t fingerprint_;
  std::function<std::unique_ptr<Enriching>()> make_;
  std::unique_ptr<Enriching> enriching_;
  BatchState& state_;
  RecordReader reader_;
  GzipWriter gzip_;
  OutputBuffer lines_;
};

}  // namespace sgflow
