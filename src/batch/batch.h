// Many inputs, each to an output of its own, by all cores at once and so that the same command
// again goes on where an earlier one ended, however that came.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "batch/plan.h"
#include "batch/storage.h"
#include "enrich/enricher.h"
#include "input/record_reader.h"
#include "live/enriching.h"

namespace sgflow {

// To be raised whenever the same input, inventory and options give other bytes: what earlier
// versions wrote is then made again. tests/batch/output_version_test.cc fails when it was
// forgotten.
inline constexpr int kOutputVersion = 2;

struct BatchOptions {
  ReadOptions read{};
  bool compress = true;
  bool stop_on_error = false;  // start no other input after one that had a fault
  bool redo = false;           // what is finished too
  std::string format_options;  // all that outputs hang on beside inputs and inventory
  unsigned workers = 1;
  // Asked while an input is read: it fails once it is so. Null: there is time.
  std::function<bool()> time_is_over{};
};

// ".jsonl.gz"
std::string_view OutputSuffix(bool compress);

// BatchOptions::format_options, of the options as they were written; empty: not at all.
std::string FormatOptions(std::string_view format, std::string_view record_format,
                          std::string_view fields, std::string_view drop);

// OutputNote::fingerprint.
std::uint64_t FingerprintOf(const BatchOptions& options);

struct BatchState {
  std::uint64_t inputs = 0;  // to be done; those that were finished before are not counted
  std::uint64_t bytes = 0;
  std::atomic<std::uint64_t> inputs_done = 0;
  std::atomic<std::uint64_t> bytes_done = 0;
  std::atomic<std::uint64_t> records = 0;
};

// Told by one thread at a time.
class BatchObserver {
 public:
  BatchObserver() = default;
  BatchObserver(const BatchObserver&) = delete;
  BatchObserver& operator=(const BatchObserver&) = delete;
  virtual ~BatchObserver() = default;

  virtual void OnError(const Error& error) = 0;
  virtual void OnMessage(const std::string& message) = 0;
  // No more errors of this input will come.
  virtual void OnInputDone(const std::string& name) = 0;
  // Some times a second.
  virtual void OnState(const BatchState& state) = 0;
};

struct BatchOutcome {
  EnrichCounters counters;
  std::uint64_t rejected = 0;            // records that could not be read
  std::uint64_t written = 0;             // outputs
  std::uint64_t finished = 0;            // inputs that were finished before
  std::uint64_t finished_meanwhile = 0;  // by another batch, while this one was at them too
  std::uint64_t finished_with_faults = 0;
  std::uint64_t without_output = 0;  // inputs of which nothing could be read
  std::uint64_t refused = 0;         // inputs whose output is there and another's
  std::uint64_t incomplete = 0;      // of those written: AWS could not be asked for all of it
  std::uint64_t not_started = 0;
  std::vector<OutputStore::Double> doubles;  // outputs by other names that are there, too
  bool input_failed = false;                 // an ErrorKind::kInput was told
  bool environment_failed = false;           // an ErrorKind::kEnvironment was told
};

// `make` gives each worker an Enriching of its own.
BatchOutcome RunBatch(const BatchPlan& plan, InputStore& inputs, OutputStore& outputs,
                      const BatchOptions& options,
                      const std::function<std::unique_ptr<Enriching>()>& make,
                      BatchObserver& observer);

}  // namespace sgflow
