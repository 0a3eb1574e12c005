#include "batch/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "batch/checkpoint.h"
#include "batch/one_input.h"
#include "batch/provenance.h"

namespace sgflow {
namespace {

constexpr auto kBetweenStates = std::chrono::milliseconds(200);

// What an input failed on may lie elsewhere, as in a snapshot that it needed: both are named.
Error AboutInput(const std::string& name, Error error) {
  if (error.place.file == name) return error;
  std::string hint = std::exchange(error.hint, {});
  return {.kind = error.kind,
          .message = Describe(error),
          .place = {.file = name, .line = 0, .column = 0, .field = {}},
          .hint = std::move(hint)};
}

class Batch {
 public:
  Batch(InputStore& inputs, OutputStore& outputs, const BatchOptions& options,
        const std::function<std::unique_ptr<Enriching>()>& make, BatchObserver& observer)
      : inputs_(inputs),
        outputs_(outputs),
        options_(options),
        make_(make),
        observer_(observer),
        fingerprint_(FingerprintOf(options)) {}

  BatchOutcome Run(const BatchPlan& plan) {
    if (auto found = FindWhatIsLeft(plan); !found) {
      Fail(found.error());
      outcome_.not_started = plan.inputs.size() - outcome_.finished - outcome_.refused;
      return outcome_;
    }
    state_.inputs = to_do_.size();
    const std::size_t workers = std::min<std::size_t>(options_.workers, to_do_.size());
    std::vector<std::jthread> threads;
    threads.reserve(workers);
    at_work_ = workers;
    for (std::size_t i = 0; i < workers; ++i) threads.emplace_back([this] { Work(); });
    std::unique_lock lock(mutex_);
    while (!idle_.wait_for(lock, kBetweenStates, [this] { return at_work_ == 0; })) {
      observer_.OnState(state_);
    }
    lock.unlock();
    threads.clear();
    outcome_.not_started = to_do_.size() - std::min(next_.load(), to_do_.size());
    outcome_.finished_meanwhile = outputs_.made_by_others();
    outcome_.written -= outcome_.finished_meanwhile;
    if (auto closed = outputs_.Close(); !closed) Fail(closed.error());
    return outcome_;
  }

 private:
  Result<void> FindWhatIsLeft(const BatchPlan& plan) {
    std::vector<std::string> keys;
    std::vector<std::string> sources;
    keys.reserve(plan.inputs.size());
    sources.reserve(plan.inputs.size());
    for (const PlannedInput& planned : plan.inputs) {
      keys.push_back(planned.output_key);
      sources.push_back(SourceOf(inputs_.Identity(planned.input)));
    }
    const auto notes = outputs_.Find(keys);
    if (!notes) return std::unexpected(notes.error());
    outcome_.doubles = outputs_.FindDoubles(keys, sources);
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
      const PlannedInput& planned = plan.inputs[i];
      const auto& note = (*notes)[i];
      if (IsRefused(planned, sources[i], note) || IsFinished(planned, note)) continue;
      to_do_.push_back(&planned);
      state_.bytes += planned.input.state.size;
    }
    return {};
  }

  // Each of two inputs of one name would be done in turn, and one be lost each time.
  bool IsRefused(const PlannedInput& planned, const std::string& source,
                 const std::optional<OutputNote>& note) {
    if (options_.redo || !note || note->source == source) return false;
    ++outcome_.refused;
    outcome_.input_failed = true;
    stopping_ = stopping_ || options_.stop_on_error;
    observer_.OnError(OfAnotherInput(
        planned, note->source,
        "name another --output for it; where that is the same file in another place, --redo "
        "does it again"));
    observer_.OnInputDone(planned.input.name);
    return true;
  }

  bool IsFinished(const PlannedInput& planned, const std::optional<OutputNote>& note) {
    if (options_.redo || !note || note->incomplete || note->input != planned.input.state ||
        note->fingerprint != fingerprint_) {
      return false;
    }
    ++outcome_.finished;
    if (note->faults != 0) ++outcome_.finished_with_faults;
    return true;
  }

  void Work() {
    try {
      InputProcessor processor(inputs_, outputs_, options_, fingerprint_, make_, state_);
      while (const PlannedInput* const planned = Next()) Process(processor, *planned);
      const std::lock_guard lock(mutex_);
      outcome_.counters += processor.enriching().counters();
    } catch (const std::exception& error) {
      stopping_ = true;
      const std::lock_guard lock(mutex_);
      Fail({.kind = ErrorKind::kEnvironment, .message = error.what(), .place = {}, .hint = {}});
    }
    const std::lock_guard lock(mutex_);
    --at_work_;
    idle_.notify_one();
  }

  const PlannedInput* Next() {
    if (stopping_) return nullptr;
    const std::size_t next = next_++;
    return next < to_do_.size() ? to_do_[next] : nullptr;
  }

  void Process(InputProcessor& processor, const PlannedInput& planned) {
    const InputOutcome done = processor.Process(planned, [&](const Error& error) {
      const std::lock_guard lock(mutex_);
      observer_.OnError(AboutInput(planned.input.name, error));
    });
    const bool failed = done.input_failed || done.environment_failed;
    // An output that cannot be there, which is told as its input's fault, says nothing of others.
    const bool no_use = done.output_failed && done.environment_failed;
    if (no_use || (failed && options_.stop_on_error)) stopping_ = true;
    ++state_.inputs_done;
    const std::lock_guard lock(mutex_);
    outcome_.rejected += done.rejected;
    outcome_.input_failed |= done.input_failed;
    outcome_.environment_failed |= done.environment_failed;
    ++(done.written ? outcome_.written : outcome_.without_output);
    if (done.written && !done.unlearned.empty()) ++outcome_.incomplete;
    for (const std::string& message : processor.enriching().TakeMessages()) {
      observer_.OnMessage(message);
    }
    observer_.OnInputDone(planned.input.name);
  }

  void Fail(const Error& error) {
    outcome_.environment_failed = true;
    observer_.OnError(error);
  }

  InputStore& inputs_;
  OutputStore& outputs_;
  const BatchOptions& options_;
  const std::function<std::unique_ptr<Enriching>()>& make_;
  BatchObserver& observer_;
  std::uint64_t fingerprint_;

  std::vector<const PlannedInput*> to_do_;
  BatchState state_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stopping_ = false;

  std::mutex mutex_;  // of what follows, and of telling the observer
  std::condition_variable idle_;
  std::size_t at_work_ = 0;
  BatchOutcome outcome_;
};

}  // namespace

std::string_view OutputSuffix(bool compress) { return compress ? ".jsonl.gz" : ".jsonl"; }

std::string FormatOptions(std::string_view format, std::string_view record_format,
                          std::string_view fields, std::string_view drop) {
  return fmt::format("{}\n{}\n{}\n{}", format, record_format, fields, drop);
}

std::uint64_t FingerprintOf(const BatchOptions& options) {
  return HashOf(
      fmt::format("{}\n{}\n{}", kOutputVersion, options.compress, options.format_options));
}

BatchOutcome RunBatch(const BatchPlan& plan, InputStore& inputs, OutputStore& outputs,
                      const BatchOptions& options,
                      const std::function<std::unique_ptr<Enriching>()>& make,
                      BatchObserver& observer) {
  return Batch(inputs, outputs, options, make, observer).Run(plan);
}

}  // namespace sgflow
