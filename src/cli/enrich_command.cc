#include "cli/enrich_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include "cli/enriching_options.h"
#include "cli/exit_code.h"
#include "cli/named_files.h"
#include "cli/summary.h"
#include "live/enriching.h"
#include "store/output_file.h"

namespace sgflow {
namespace {

constexpr std::size_t kWriteAt = std::size_t{256} * 1024;

// Takes what the files hold through the enricher to the output.
class EnrichingSink : public NamedFiles::Sink {
 public:
  EnrichingSink(Enriching& enriching, OutputFile& output, NamedFiles& files)
      : enriching_(enriching), output_(output), files_(files) {}

  void StartFile(bool interactive) override {
    enriching_.StartStretch();
    interactive_ = interactive;
  }

  void OnRecord(const FlowRecord& record) override {
    Note(enriching_.Add(record, buffer_));
    if (buffer_.size() >= kWriteAt) WriteOut();
  }
  void OnPayloadStart() override { enriching_.StartPayload(); }
  void OnPayloadEnd() override { enriching_.EndPayload(); }

  // A person may be waiting for what a pipe has brought so far.
  void OnPause() override {
    if (interactive_) Finish();
  }

  bool done() const override { return failure_.has_value() || output_.reader_gone(); }

  void Finish() {
    Note(enriching_.Finish(buffer_));
    WriteOut();
    for (const std::string& message : enriching_.TakeMessages()) files_.Tell(message);
  }

  const std::optional<Error>& failure() const { return failure_; }

 private:
  void Note(const Result<void>& result) {
    if (!result && !failure_) failure_ = result.error();
  }
  void WriteOut() {
    if (failure_) return;
    if (auto written = output_.Write(buffer_.view()); !written) failure_ = written.error();
    buffer_.Clear();
  }

  Enriching& enriching_;
  OutputFile& output_;
  NamedFiles& files_;
  OutputBuffer buffer_;
  bool interactive_ = false;
  std::optional<Error> failure_;
};

}  // namespace

int RunEnrich(const EnrichOptions& options) {
  const auto start = std::chrono::steady_clock::now();

  auto parsed = ParseEnrichingOptions(options.enriching);
  if (!parsed) return Fail(parsed.error());
  std::vector<std::string> names = options.files;
  if (names.empty()) {
    if (isatty(STDIN_FILENO) == 1) {
      return Fail({.kind = ErrorKind::kUsage,
                   .message = "no file named, and standard input is a terminal",
                   .place = {},
                   .hint = "name files, or pipe records in; sgflow enrich --help has examples"});
    }
    names.emplace_back("-");
  }

  auto output = OutputFile::Open(options.output);
  if (!output) return Fail(output.error());

  const bool summary = options.stats || isatty(STDERR_FILENO) == 1;
  parsed->enricher.count_verdicts = summary;
  auto maker = OpenEnriching(options.enriching.inventories, parsed->enricher);
  if (!maker) return maker.error();
  const std::unique_ptr<Enriching> enriching = (*maker)();
  NamedFiles files(std::move(names));
  EnrichingSink sink(*enriching, *output, files);
  const int code = files.Read(parsed->read, sink);
  sink.Finish();
  files.EndTelling();
  if (sink.failure()) return Fail(*sink.failure());
  if (auto committed = output->Commit(); !committed) return Fail(committed.error());

  if (summary) {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    PrintSummary(enriching->counters(), enriching->inventory(), options.enriching.is_live(),
                 files.rejected(), taken.count());
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
  command->add_option("FILE", options->files, "Flow logs; - or none is standard input")
      ->check(NotEmptyCheck());
  AddEnrichingOptions(*command, options->enriching);
  command->add_option("-o,--output", options->output, "Where to write; appears when it is whole")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--stats", options->stats,
                    "Print a summary to standard error, as on a terminal");
  command->callback([options, run] { run([options] { return RunEnrich(*options); }); });
}

}  // namespace sgflow
