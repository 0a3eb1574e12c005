#include "cli/batch_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "aws/client.h"
#include "aws/large_blocks.h"
#include "aws/s3_url.h"
#include "batch/batch.h"
#include "batch/inputs.h"
#include "batch/local_outputs.h"
#include "batch/s3_outputs.h"
#include "cli/batch_display.h"
#include "cli/enriching_options.h"
#include "cli/exit_code.h"
#include "cli/summary.h"
#include "documents/timestamp.h"
#include "flowlog/aws_names.h"
#include "output/printable_text.h"

namespace sgflow {
namespace {

struct BatchCommandOptions {
  std::vector<std::string> sources;
  EnrichingOptions enriching;
  std::string output;
  std::string compress = "gzip";
  std::string on_error = "continue";
  bool redo = false;
  bool quiet = false;
  bool stats = false;
  std::string from;
  std::string to;
  KeySelection selection;
};

// A value that no name can have would select nothing, and that silently.
CLI::Validator NameCheck(bool (*is_one)(std::string_view), std::string message) {
  return {[is_one, message = std::move(message)](const std::string& value) {
            if (is_one(value)) return std::string();
            return fmt::format("'{}' is {}; for several give the option several times", value,
                               message);
          },
          ""};
}

// A day, or a moment to the minute or second; UTC where no offset stands there.
std::optional<std::chrono::sys_seconds> ParseMoment(const std::string& text) {
  constexpr std::string_view kDay = "2026-01-02";
  constexpr std::string_view kMinute = "2026-01-02T03:04";
  constexpr std::string_view kMidnight = "T00:00:00Z";
  std::string whole = text;
  if (whole.size() == kDay.size()) return ParseTimestamp(whole + std::string(kMidnight));
  const bool to_the_minute = whole.size() == kMinute.size() ||
                             (whole.size() > kMinute.size() && whole[kMinute.size()] != ':');
  if (to_the_minute && whole.size() >= kMinute.size()) whole.insert(kMinute.size(), ":00");
  if (const auto time = ParseTimestamp(whole)) return time;
  return ParseTimestamp(whole + 'Z');
}

Result<void> ReadMoment(const std::string& text, std::string_view option,
                        std::optional<std::chrono::sys_seconds>& moment) {
  if (text.empty()) return {};
  moment = ParseMoment(text);
  if (moment) return {};
  return std::unexpected(
      Error{.kind = ErrorKind::kUsage,
            .message = fmt::format("'{}' is no time", text),
            .place = {.file = {}, .line = 0, .column = 0, .field = std::string(option)},
            .hint = "write 2026-01-02 or 2026-01-02T03:04:05Z"});
}

Result<void> CheckNames(const BatchCommandOptions& options) {
  const auto is_other = [](const std::string& name) {
    return name.find("://") != std::string::npos && !IsS3Url(name);
  };
  std::vector<std::string> names = options.sources;
  names.push_back(options.output);
  if (const auto empty = std::ranges::find(names, ""); empty != names.end()) {
    const bool is_output = empty + 1 == names.end();
    return std::unexpected(Error{
        .kind = ErrorKind::kUsage,
        .message = "no name is given",
        .place = {.file = {}, .line = 0, .column = 0, .field = is_output ? "--output" : "SOURCE"},
        .hint = "write a path, or s3://BUCKET/PREFIX/; the current folder is ."});
  }
  const auto url = std::ranges::find_if(names, is_other);
  if (url == names.end()) return {};
  return std::unexpected(Error{.kind = ErrorKind::kUsage,
                               .message = "batch reads and writes local folders and S3",
                               .place = {.file = *url, .line = 0, .column = 0, .field = {}},
                               .hint = "write a path, or s3://BUCKET/PREFIX/"});
}

bool IsAnyInS3(const BatchCommandOptions& options) {
  return IsS3Url(options.output) || std::ranges::any_of(options.sources, IsS3Url);
}

// One worker a core; those who wait for S3 meanwhile come on top.
unsigned WorkersFor(const BatchCommandOptions& options, unsigned cores) {
  constexpr unsigned kWaiting = 6;
  return IsAnyInS3(options) ? cores + kWaiting : cores;
}

AwsClientOptions ClientOptions() {
  AwsClientOptions options;
  options.max_connections = 32;
  options.max_attempts = 5;
  return options;
}

std::string Files(std::uint64_t count) {
  return fmt::format("{} file{}", count, count == 1 ? "" : "s");
}

void PrintOutcome(const BatchPlan& plan, const BatchOutcome& outcome, std::uint64_t left_out) {
  std::string text = Files(outcome.written) + " written";
  const auto add = [&text](std::uint64_t count, std::string_view what) {
    if (count != 0) text += fmt::format(", {} {}", count, what);
  };
  add(outcome.finished, "finished before");
  add(outcome.finished_meanwhile, "finished by another batch meanwhile");
  add(outcome.without_output + outcome.refused + left_out, "could not be processed");
  add(outcome.not_started, "not started");
  add(plan.excluded, "not selected");
  add(plan.other_names, "the same by another name");
  fmt::print(stderr, "sgflow: {}\n", text);
}

// Said even where nothing else is: what a run without faults would not have left behind.
void PrintNotes(const BatchPlan& plan, const BatchOutcome& outcome) {
  if (plan.unknown != 0) {
    fmt::print(stderr, "sgflow: {} left out: the name does not tell what was selected by\n",
               Files(plan.unknown));
  }
  if (outcome.finished_with_faults != 0) {
    fmt::print(stderr,
               "sgflow: {} finished before with something that could not be read; "
               "--redo tells it again\n",
               Files(outcome.finished_with_faults));
  }
  if (!outcome.doubles.empty()) {
    fmt::print(stderr,
               "sgflow: {} also there by another name, of an earlier run, as {} beside {}: "
               "remove one, or the records are there twice\n",
               Files(outcome.doubles.size()), PrintableText(outcome.doubles.front().other_key),
               PrintableText(outcome.doubles.front().key));
  }
  if (outcome.incomplete != 0) {
    fmt::print(stderr,
               "sgflow: {} written without all that AWS knows; the same command again does {}\n",
               Files(outcome.incomplete), outcome.incomplete == 1 ? "it" : "them");
    for (const auto& [reason, count] : outcome.counters.unlearned) {
      fmt::print(stderr, "sgflow: {} record{}: {}\n", count, count == 1 ? "" : "s",
                 PrintableText(reason));
    }
  }
}

int ExitCodeOf(const BatchOutcome& outcome, bool input_failed, bool environment_failed) {
  if (environment_failed || outcome.environment_failed) return kBadEnvironment;
  const bool bad = input_failed || outcome.input_failed || outcome.finished_with_faults != 0 ||
                   outcome.incomplete != 0;
  return bad ? kSomeInputBad : kSuccess;
}

int RunBatchCommand(BatchCommandOptions options) {
  const auto start = std::chrono::steady_clock::now();
  auto parsed = ParseEnrichingOptions(options.enriching);
  if (!parsed) return Fail(parsed.error());
  for (const auto& read :
       {ReadMoment(options.from, "--from", options.selection.from),
        ReadMoment(options.to, "--to", options.selection.to), CheckNames(options)}) {
    if (!read) return Fail(read.error());
  }
  if (options.selection.from && options.selection.to &&
      *options.selection.from >= *options.selection.to) {
    return Fail({.kind = ErrorKind::kUsage,
                 .message = "no time is from " + options.from + " on and before " + options.to,
                 .place = {.file = {}, .line = 0, .column = 0, .field = "--from, --to"},
                 .hint = "--to is the first moment that is not taken any more"});
  }
  const bool summary = !options.quiet && (options.stats || isatty(STDERR_FILENO) == 1);
  parsed->enricher.count_verdicts = summary;
  auto maker = OpenEnriching(options.enriching.inventories, parsed->enricher);
  if (!maker) return maker.error();

  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  if (IsAnyInS3(options)) ReturnLargeBlocks();
  const auto client = MakeAwsClient(ClientOptions());
  const auto inputs =
      MakeInputs(*client, options.sources, options.output, cores, options.selection);
  InputListing listing = inputs->List();
  const auto usage = std::ranges::find(listing.errors, ErrorKind::kUsage, &Error::kind);
  if (usage != listing.errors.end()) return Fail(*usage);
  auto outputs = IsS3Url(options.output) ? OpenS3Outputs(*client, options.output)
                                         : OpenLocalOutputs(options.output);
  if (!outputs) return Fail(outputs.error());

  BatchOptions batch{.read = parsed->read,
                     .compress = options.compress == "gzip",
                     .stop_on_error = options.on_error == "stop",
                     .redo = options.redo,
                     .format_options = FormatOptions(
                         options.enriching.format, options.enriching.record_format.value_or(""),
                         options.enriching.fields, options.enriching.drop),
                     .workers = WorkersFor(options, cores)};
  BatchPlan plan = MakePlan(std::move(listing.inputs), options.selection,
                            OutputSuffix(batch.compress), *inputs, **outputs);
  BatchDisplay display(options.quiet);
  for (const Error& error : listing.errors) display.OnError(error);
  for (const Error& error : plan.errors) display.OnError(error);
  const bool input_failed = !listing.errors.empty() || !plan.errors.empty();
  const bool environment_failed = std::ranges::find(listing.errors, ErrorKind::kEnvironment,
                                                    &Error::kind) != listing.errors.end();
  if (input_failed && batch.stop_on_error) {
    display.Finish();
    return environment_failed ? kBadEnvironment : kSomeInputBad;
  }

  const BatchOutcome outcome = RunBatch(plan, *inputs, **outputs, batch, *maker, display);
  display.Finish();
  if (!options.quiet) PrintOutcome(plan, outcome, listing.errors.size() + plan.errors.size());
  PrintNotes(plan, outcome);
  if (summary) {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    PrintSummary(outcome.counters, (*maker)()->inventory(), options.enriching.is_live(),
                 outcome.rejected, taken.count());
  }
  return ExitCodeOf(outcome, input_failed, environment_failed);
}

}  // namespace

void AddBatchCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run) {
  auto options = std::make_shared<BatchCommandOptions>();
  CLI::App* command = program.add_subcommand(
      "batch", "Enriches many files, each to one of its own; run again, it goes on");
  command->footer(
      "Examples:\n"
      "  sgflow batch logs --output enriched --inventory inventory.json\n"
      "  sgflow batch AWSLogs --from 2026-01-01 --to 2026-02-01 --region eu-west-1 \\\n"
      "      --inventory inventory.json --output january\n"
      "  sgflow batch s3://logs/AWSLogs/ --output s3://enriched/ --inventory inventory.json\n"
      "\n"
      "logs/a/b.log.gz becomes enriched/a/b.jsonl.gz, whole or not at all. The same command again\n"
      "does what is not done yet, and what was changed since; a changed inventory alone does not\n"
      "redo anything, --redo does (docs/batch.md). Exit codes: 0 all done, 1 some input could not\n"
      "be read (told as FILE:LINE), 2 usage or an unusable inventory, 3 disk or network.");
  command
      ->add_option("SOURCE", options->sources,
                   "Folders, files, s3:// prefixes and objects, and globs")
      ->required();
  AddEnrichingOptions(*command, options->enriching);
  command
      ->add_option("-o,--output", options->output, "The folder or s3://BUCKET/PREFIX/ to write to")
      ->required()
      ->type_name("DEST");
  command->add_option("--compress", options->compress, "How outputs are compressed")
      ->check(CLI::IsMember({"gzip", "none"}))
      ->capture_default_str();
  command
      ->add_option("--on-error", options->on_error,
                   "Whether other files are started after one that could\n"
                   "not be read; its good records are written either way")
      ->check(CLI::IsMember({"stop", "continue"}))
      ->capture_default_str();
  command->add_flag("--redo", options->redo, "Do what is finished again, too");
  command
      ->add_option("--from", options->from, "Only files whose name tells this time or a later one")
      ->check(NotEmptyCheck())
      ->type_name("TIME");
  command->add_option("--to", options->to, "Only files whose name tells a time before this one")
      ->check(NotEmptyCheck())
      ->type_name("TIME");
  const auto add_names = [command](const char* name, std::vector<std::string>& names,
                                   const char* type, const char* description) {
    return command->add_option(name, names, description)->allow_extra_args(false)->type_name(type);
  };
  KeySelection& selection = options->selection;
  add_names("--account", selection.accounts, "ID", "Only this account's")
      ->check(NameCheck(IsAccountId, "no account, which has 12 digits"));
  add_names("--region", selection.regions, "REGION", "Only this Region's")
      ->check(NameCheck(IsRegion, "no Region, which is written as eu-west-1"));
  add_names("--flow-log-id", selection.flow_logs, "ID", "Only this flow log's")
      ->check(NameCheck(IsFlowLogId, "no flow log, which is written as fl-0123456789abcdef0"));
  command->add_flag("-q,--quiet", options->quiet, "Tell errors alone");
  command->add_flag("--stats", options->stats,
                    "Print a summary to standard error, as on a terminal");
  command->callback([options, run] { run([options] { return RunBatchCommand(*options); }); });
}

}  // namespace sgflow
