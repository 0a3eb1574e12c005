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
#include "cli/enriching.h"
#include "cli/exit_code.h"
#include "cli/named_inventory.h"
#include "cli/progress.h"
#include "enrich/enricher.h"
#include "enrich/self_check.h"
#include "input/record_reader.h"
#include "lambda/configuration.h"
#include "live/open_inventory.h"
#include "store/inventory_files.h"
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

void PrintVerdicts(const EnrichCounters& counters, const Inventory& inventory) {
  for (std::size_t i = 0; i < kVerdictKindCount; ++i) {
    if (counters.verdicts[i] == 0) continue;
    fmt::print(stderr, "  {:<26} {}\n", NameOf(static_cast<VerdictKind>(i)), counters.verdicts[i]);
  }
  const SelfCheck check = CheckOf(counters);
  if (check.judged != 0) {
    fmt::print(stderr, "unexplained        {} of {} judged ({:.2f} %)\n", check.unexplained,
               check.judged,
               100.0 * static_cast<double>(check.unexplained) / static_cast<double>(check.judged));
  }
  if (const auto hint = HintOf(counters, inventory)) {
    fmt::print(stderr, "                   {}\n", *hint);
  }
  const auto lacking = LackingReferences(inventory);
  if (!lacking.empty()) {
    constexpr std::size_t kShown = 10;
    fmt::print(
        stderr, "not in inventory   {}{}\n",
        fmt::join(lacking.begin(),
                  lacking.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, lacking.size())),
                  ", "),
        lacking.size() > kShown ? fmt::format(" and {} more", lacking.size() - kShown) : "");
  }
}

void PrintSummary(const Enriching& enriching, std::uint64_t rejected, double seconds) {
  const EnrichCounters counters = enriching.counters();
  const double rate = seconds > 0 ? static_cast<double>(counters.records) / seconds : 0;
  fmt::print(stderr,
             "records            {}\n"
             "enriched           {}\n"
             "unknown interface  {}\n"
             "nothing to enrich  {}\n"
             "malformed          {}\n",
             counters.records + rejected, counters.enriched, counters.unknown_interface,
             counters.nothing_to_enrich, rejected);
  PrintVerdicts(counters, enriching.inventory());
  fmt::print(stderr, "seconds            {:.3f}\nrecords/s          {:.0f}\n", seconds, rate);
}

CLI::Validator OutputFormatCheck() {
  std::vector<std::string_view> names;
  for (const OutputFormatName& known : OutputFormats()) names.push_back(known.name);
  std::string shown = fmt::format("{{{}}}", fmt::join(names, ","));
  return {[names](const std::string& name) {
            if (FindOutputFormat(name)) return std::string();
            const auto near = NearestNames(name, names);
            return near.empty()
                       ? fmt::format("there is no '{}'; one of: {}", name, fmt::join(names, ", "))
                       : fmt::format("there is no '{}'; did you mean {}?", name,
                                     fmt::join(near, " or "));
          },
          std::move(shown)};
}

int Fail(const Error& error) {
  fmt::print(stderr, "sgflow: {}\n", Describe(error));
  return ExitCodeOf(error.kind);
}

// The exit code where the inventory is unusable; all is told then.
std::expected<std::unique_ptr<Enriching>, int> OpenEnriching(
    const std::vector<std::string>& inventories, const EnricherOptions& options) {
  if (inventories.size() != 1 || inventories.front() != kLiveInventory) {
    auto loaded = LoadNamedInventory(inventories, "--inventory");
    if (!loaded) return std::unexpected(loaded.error());
    return MakeEnriching(std::move(*loaded), options);
  }
  auto setup = ReadInventorySetup(ReadEnvironment(environ));
  if (!setup) return std::unexpected(Fail(setup.error()));
  setup->name = kLiveInventory;
  auto source = OpenInventory(*setup);
  if (!source) return std::unexpected(Fail(source.error().front()));
  return MakeEnriching(std::move(*source), options);
}

}  // namespace

int RunEnrich(const EnrichOptions& options) {
  const auto start = std::chrono::steady_clock::now();

  ReadOptions read_options;
  if (options.record_format) {
    auto layout = RecordLayout::Parse(*options.record_format);
    if (!layout) {
      layout.error().place.field = "--record-format";
      return Fail(layout.error());
    }
    for (const std::string& message : UnknownColumns(**layout)) {
      fmt::print(stderr, "sgflow: --record-format: {}\n", message);
    }
    read_options.layout = std::move(*layout);
  }
  const OutputFormat format = *FindOutputFormat(options.format);
  auto selection =
      FieldSelection::Parse(format, {"--fields", options.fields}, {"--drop", options.drop});
  if (!selection) return Fail(selection.error());
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
  auto enriching = OpenEnriching(
      options.inventories, {.format = format, .fields = *selection, .count_verdicts = summary});
  if (!enriching) return enriching.error();
  Diagnostics diagnostics(stderr);
  Progress progress(TotalSize(files));
  EnrichingSink sink(**enriching, *output, diagnostics, progress);
  RecordReader reader(read_options);
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
    PrintSummary(**enriching, sink.rejected(), taken.count());
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
  command
      ->add_option("-i,--inventory", options->inventories,
                   "What AWS had configured, as the AWS CLI prints it\n"
                   "(docs/inventory.md); may be given several times.\n"
                   "live asks AWS for what the records need")
      ->required()
      ->allow_extra_args(false)
      ->type_name("FILE");
  command->add_option("-f,--format", options->format, "Output format")
      ->check(OutputFormatCheck())
      ->capture_default_str();
  command
      ->add_option("-r,--record-format", options->record_format,
                   "Order of the fields where no header tells it: v2 to v11,\n"
                   "classic, or AWS's '${version} ${account-id} ...'")
      ->type_name("FORMAT");
  command
      ->add_option("--fields", options->fields,
                   "Write these fields and columns only; +NAME adds one to\n"
                   "those written by default (docs/schema.md)")
      ->type_name("NAMES");
  command->add_option("--drop", options->drop, "Leave these fields and columns out")
      ->type_name("NAMES");
  command->add_option("-o,--output", options->output, "Where to write; appears when it is whole")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--stats", options->stats,
                    "Print a summary to standard error, as on a terminal");
  command->callback([options, run] { run([options] { return RunEnrich(*options); }); });
}

}  // namespace sgflow
