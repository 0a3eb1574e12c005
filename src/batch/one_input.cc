#include "batch/one_input.h"

#include <optional>
#include <utility>

#include "batch/line_writer.h"
#include "batch/provenance.h"
#include "batch/read_ahead.h"

namespace sgflow {
namespace {

class Sink : public RecordSink {
 public:
  Sink(Enriching& enriching, OutputBuffer& lines, LineWriter& writer, const std::string& name,
       const InputProcessor::Tell& tell, const std::function<bool()>& time_is_over,
       BatchState& state)
      : enriching_(enriching),
        lines_(lines),
        writer_(writer),
        name_(name),
        tell_(tell),
        time_is_over_(time_is_over),
        state_(state) {}

  void OnRecord(const FlowRecord& record) override {
    ++records_;
    if (auto added = enriching_.Add(record, lines_); !added) Fail(added.error());
    if (lines_.size() < GzipWriter::kBlock) return;
    writer_.Write(lines_);
    CountRecords();
  }
  void OnPayloadStart() override { enriching_.StartPayload(); }
  void OnPayloadEnd() override { enriching_.EndPayload(); }

  void OnRejected(const Error& error, std::string_view /*text*/) override {
    if (writer_.failed()) return;  // reading was ended in the middle of a line
    ++rejected_;
    Error placed = error;
    placed.place.file = name_;
    tell_(placed);
  }

  Result<void> Finish() {
    if (auto finished = enriching_.Finish(lines_); !finished) Fail(finished.error());
    CountRecords();
    return writer_.Finish(lines_);
  }

  bool WantsMore() override {
    if (time_is_over_ && time_is_over_()) {
      Fail({.kind = ErrorKind::kEnvironment,
            .message = "there was no time to read all of it",
            .place = {},
            .hint = "give the function a longer timeout, or more memory"});
    }
    return !writer_.failed();
  }

  // That nothing more is written is not the output's fault.
  bool enriching_failed() const { return enriching_failed_; }
  std::uint64_t records() const { return records_; }
  std::uint64_t rejected() const { return rejected_; }

 private:
  void Fail(const Error& error) {
    enriching_failed_ = enriching_failed_ || !writer_.failed();
    writer_.Fail(error);
  }

  void CountRecords() {
    state_.records += records_ - counted_;
    counted_ = records_;
  }

  Enriching& enriching_;
  OutputBuffer& lines_;
  LineWriter& writer_;
  const std::string& name_;
  const InputProcessor::Tell& tell_;
  const std::function<bool()>& time_is_over_;
  BatchState& state_;
  std::uint64_t records_ = 0;
  std::uint64_t counted_ = 0;
  std::uint64_t rejected_ = 0;
  bool enriching_failed_ = false;
};

// Counts what is read, and ends early where it cannot be written.
class CountingSource : public ByteSource {
 public:
  CountingSource(ByteSource& source, const LineWriter& writer, BatchState& state)
      : source_(source), writer_(writer), state_(state) {}

  Result<std::size_t> Read(std::span<char> into) override {
    if (writer_.failed()) return 0;
    auto count = source_.Read(into);
    if (count) state_.bytes_done += *count;
    return count;
  }

 private:
  ByteSource& source_;
  const LineWriter& writer_;
  BatchState& state_;
};

}  // namespace

InputProcessor::InputProcessor(InputStore& inputs, OutputStore& outputs,
                               const BatchOptions& options, std::uint64_t fingerprint,
                               std::function<std::unique_ptr<Enriching>()> make, BatchState& state)
    : inputs_(inputs),
      outputs_(outputs),
      options_(options),
      fingerprint_(fingerprint),
      make_(std::move(make)),
      enriching_(make_()),
      state_(state),
      reader_(options.read) {}

InputOutcome InputProcessor::Process(const PlannedInput& planned, const Tell& tell) {
  Attempt attempt = Try(planned, {}, *enriching_, tell, state_);
  // What was told and counted once is not again.
  BatchState uncounted;
  const Tell tell_failures = [&](const Error& error) {
    if (error.kind == ErrorKind::kEnvironment) tell(error);
  };
  for (int more = 2; attempt.again && more > 0; --more) {
    const std::uint64_t rejected = attempt.outcome.rejected;
    attempt = Try(planned, *attempt.again, *make_(), tell_failures, uncounted);
    attempt.outcome.rejected = rejected;
  }
  if (attempt.again) {
    attempt.outcome.environment_failed = true;
    tell({.kind = ErrorKind::kEnvironment,
          .message = "is another each time that it is read",
          .place = {.file = planned.input.name, .line = 0, .column = 0, .field = {}},
          .hint = {}});
  }
  return attempt.outcome;
}

InputProcessor::Attempt InputProcessor::Try(const PlannedInput& planned, const OutputNote& expected,
                                            Enriching& enriching, const Tell& tell,
                                            BatchState& state) {
  Attempt attempt;
  InputOutcome& outcome = attempt.outcome;
  const std::string& name = planned.input.name;
  const auto note_failure = [&](Error error) {
    if (error.place.file.empty()) error.place.file = name;
    (error.kind == ErrorKind::kEnvironment ? outcome.environment_failed : outcome.input_failed) =
        true;
    tell(error);
  };
  const auto fail_output = [&](Error error) {
    note_failure(std::move(error));
    outcome.output_failed = true;
    return attempt;
  };

  auto opened = inputs_.Open(planned.input);
  if (!opened) {
    note_failure(std::move(opened.error()));
    return attempt;
  }
  OutputNote note{.input = opened->state,
                  .source = SourceOf(inputs_.Identity(planned.input)),
                  .fingerprint = fingerprint_,
                  .faults = expected.faults,
                  .incomplete = expected.incomplete};
  auto output = outputs_.Create(planned.output_key, note);
  if (!output) return fail_output(std::move(output.error()));
  LineWriter writer(**output, options_.compress ? &gzip_ : nullptr);
  lines_.Clear();
  Sink sink(enriching, lines_, writer, name, tell, options_.time_is_over, state);
  CountingSource counted(*opened->bytes, writer, state);
  ReadAhead source(counted);
  const EnrichCounters before = enriching.counters();
  enriching.StartStretch();
  const auto read = reader_.Read(source, sink);
  const auto written = sink.Finish();
  outcome.rejected = sink.rejected();
  outcome.input_failed = sink.rejected() != 0;

  if (!written && sink.enriching_failed()) {
    note_failure(written.error());
    return attempt;
  }
  if (!written) return fail_output(written.error());
  if (!read) {
    note_failure(read.error());
    // What could be read of a broken input is kept. What the system failed on may be read next
    // time.
    if (read.error().kind == ErrorKind::kEnvironment || sink.records() == 0) return attempt;
  }
  // Of which no line could be read is no flow log, and its output no enriched one.
  if (sink.records() == 0 && sink.rejected() != 0) return attempt;
  outcome.unlearned = enriching.counters().Since(before).unlearned;
  note.faults = sink.rejected() + (read ? 0 : 1);
  // Where it was expected and AWS answers now, it is done once more for nothing; but no time is
  // lost with an upload that can be told nothing else any more.
  note.incomplete |= !outcome.unlearned.empty();
  auto committed = (*output)->Commit(note);
  if (!committed) return fail_output(std::move(committed.error()));
  outcome.written = *committed;
  outcome.cut_off = *committed && !read;
  if (!*committed) attempt.again = std::move(note);
  return attempt;
}

}  // namespace sgflow
