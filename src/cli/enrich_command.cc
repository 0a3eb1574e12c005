#include "cli/enrich_command.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/diagnostics.h"
#include "cli/enriching_options.h"
#include "cli/exit_code.h"
#include "cli/progress.h"
#include "cli/summary.h"
#include "input/record_reader.h"
#include "live/enriching.h"
#include "store/output_file.h"

namespace sgflow {
namespace {

constexpr std::size_t kWriteAt = std::size_t{256} * 1024;

// Takes what the reader finds through the enricher to the output.
class EnrichingSink : public RecordSink {
 public:
  EnrichingSink(Enriching& enriching, OutputFile& output, Diagnostics& diagnostics,
                Progress& progress)
      : enriching_(enriching), output_(output), diagnostics_(diagnostics), progress_(progress) {}

  void StartFile(std::string name, bool interactive) {
    enriching_.StartStretch();
    file_ = std::move(name);
    interactive_ = interactive;
  }

  void OnRecord(const FlowRecord& record) override {
    Note(enriching_.Add(record, buffer_));
    if (buffer_.size() >= kWriteAt) WriteOut();
  }

  void OnRejected(const Error& error, std::string_view /*text*/) override {
    if (done()) return;  // reading was stopped in the middle of a line
    ++rejected_;
    Error placed = error;
    placed.place.file = file_;
    Tell(placed);
  }

  // A person may be waiting for what a pipe has brought so far.
  void OnPause() override {
    if (interactive_) Finish();
  }

  void Finish() {
    Note(enriching_.Finish(buffer_));
    WriteOut();
    for (const std::string& message : enriching_.TakeMessages()) {
      progress_.Clear();
      fmt::print(stderr, "sgflow: {}\n", message);
    }
  }

  void Tell(const Error& error) {
    progress_.Clear();
    diagnostics_.Report(error);
  }

  void WriteOut() {
    if (failure_) return;
    if (auto written = output_.Write(buffer_.view()); !written) failure_ = written.error();
    buffer_.Clear();
  }

  std::uint64_t rejected() const { return rejected_; }
  const std::optional<Error>& failure() const { return failure_; }
  // Nobody takes what is still to come.
  bool done() const { return failure_.has_value() || output_.reader_gone(); }

 private:
  void Note(const Result<void>& result) {
    if (!result && !failure_) failure_ = result.error();
  }

  Enriching& enriching_;
  OutputFile& output_;
  Diagnostics& diagnostics_;
  Progress& progress_;
  OutputBuffer buffer_;
  std::string file_;
  bool interactive_ = false;
  std::uint64_t rejected_ = 0;
  std::optional<Error> failure_;
};

// Ends the input early once nobody takes the output.
class StoppingSource : public ByteSource {
 public:
  StoppingSource(ByteSource& source, const EnrichingSink& sink) : source_(source), sink_(sink) {}

  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override {
    if (sink_.done()) return 0;
    return source_.Read(into);
  }

 private:
  ByteSource& source_;
  const EnrichingSink& sink_;
};

std::uint64_t TotalSize(const std::vector<std::string>& files) {
  std::uint64_t total = 0;
  for (const std::string& file : files) {
    struct stat status{};
    if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    total += static_cast<std::uint64_t>(status.st_size);
  }
  return total;
}

}  // namespace

int RunEnrich(const EnrichOptions& options) {
  const auto start = std::chrono::steady_clock::now();

  auto parsed = ParseEnrichingOptions(options.enriching);
  if (!parsed) return Fail(parsed.error());
  std::vector<std::string> files = options.files;
  if (files.empty()) {
    if (isatty(STDIN_FILENO) == 1) {
      return Fail({.kind = ErrorKind::kUsage,
                   .message = "no file named, and standard input is a terminal",
                   .place = {},
                   .hint = "name files, or pipe records in; sgflow enrich --help has examples"});
    }
    files.emplace_back("-");
  }

  auto output = OutputFile::Open(options.output);
  if (!output) return Fail(output.error());

  const bool summary = options.stats || isatty(STDERR_FILENO) == 1;
  parsed->enricher.count_verdicts = summary;
  auto maker = OpenEnriching(options.enriching.inventories, parsed->enricher);
  if (!maker) return maker.error();
  const std::unique_ptr<Enriching> enriching = (*maker)();
  Diagnostics diagnostics(stderr);
  Progress progress(TotalSize(files));
  EnrichingSink sink(*enriching, *output, diagnostics, progress);
  RecordReader reader(parsed->read);
  int code = kSuccess;
  for (const std::string& file : files) {
    if (sink.done()) break;
    const std::string name = file == "-" ? "standard input" : file;
    auto source = FileSource::Open(file);
    Result<void> result;
    if (source) {
      sink.StartFile(name, /*interactive=*/source->size() == 0);
      StoppingSource stopping(*source, sink);
      ProgressSource counted(stopping, progress);
      result = reader.Read(counted, sink);
    } else {
      result = std::unexpected(std::move(source.error()));
    }
    if (!result) {
      result.error().place.file = name;
      sink.Tell(result.error());
      code = std::max<int>(code, ExitCodeOf(result.error().kind));
    }
  }
  sink.Finish();
  progress.Clear();
  diagnostics.Flush();
  if (sink.failure()) return Fail(*sink.failure());
  if (auto committed = output->Commit(); !committed) return Fail(committed.error());
  if (sink.rejected() != 0) code = std::max<int>(code, kSomeInputBad);

  if (summary) {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    PrintSummary(enriching->counters(), enriching->inventory(), sink.rejected(), taken.count());
  }
  return code;
}

void AddEnrichCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run) {
  auto options = std::make_shared<EnrichOptions>();
  CLI::App* command = program.add_subcommand(
      "enrich", "Adds the security groups and their rules to flow-log records");
  command->footer(
      "Examples:\n"
      "  sgflow enrich --inventory inventory.json flow.log.gz > enriched.jsonl\n"
      "  sgflow enrich -i inventory.json --fields srcaddr,dstaddr,dstport,action,sg_ids flow.log\n"
      "  aws logs tail flow-logs --since 1h | sgflow enrich --inventory inventory.json\n"
      "  sgflow enrich --inventory interfaces.json --inventory rules.json --format classic \\\n"
      "      --record-format '${version} ${interface-id} ${srcaddr} ...' --output out.jsonl *.log\n"
      "\n"
      "What the inputs are (text, CSV, JSON, gzip, CloudWatch and Firehose envelopes) is found "
      "out\n"
      "from their content. Exit codes: 0 all records enriched, 1 some input could not be read "
      "(told\n"
      "as FILE:LINE), 2 usage or an unusable inventory, 3 disk or network.");
  command->add_option("FILE", options->files, "Flow logs; - or none is standard input");
  AddEnrichingOptions(*command, options->enriching);
  command->add_option("-o,--output", options->output, "Where to write; appears when it is whole")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--stats", options->stats,
                    "Print a summary to standard error, as on a terminal");
  command->callback([options, run] { run([options] { return RunEnrich(*options); }); });
}

}  // namespace sgflow
