#include "cli/snapshot_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "aws/client.h"
#include "aws/s3_url.h"
#include "cli/exit_code.h"
#include "snapshot/snapshot.h"
#include "snapshot/snapshot_places.h"
#include "store/document_folder.h"
#include "store/redis_url.h"
#include "store/snapshot_file.h"
#include "store/snapshot_folder.h"

namespace sgflow {
namespace {

constexpr std::chrono::hours kLongest{1};

int Fail(const Error& error) {
  fmt::print(stderr, "sgflow: {}\n", Describe(error));
  return ExitCodeOf(error.kind);
}

Error BadOption(std::string option, std::string message, std::string hint) {
  return {.kind = ErrorKind::kUsage,
          .message = std::move(message),
          .place = {.file = {}, .line = 0, .column = 0, .field = std::move(option)},
          .hint = std::move(hint)};
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

const std::string& WhereTo(const SnapshotCommandOptions& options) {
  return options.append ? *options.append : *options.output;
}

// Told before anything is listed.
Result<void> CheckWhereTo(const SnapshotCommandOptions& options) {
  if (options.output.has_value() == options.append.has_value()) {
    return std::unexpected(
        BadOption({}, "where to write is not said, or twice", "give one of --output and --append"));
  }
  auto checked =
      options.append ? CheckAppendTarget(*options.append) : CheckSnapshotUrl(*options.output);
  if (!checked) return checked;
  // S3 is asked in the default Region, whatever is listed.
  if (IsS3Url(WhereTo(options))) {
    if (auto region = DefaultAwsRegion(); !region) return std::unexpected(region.error().error);
  }
  return {};
}

std::optional<Error> CheckOptions(const SnapshotCommandOptions& options) {
  for (const std::string& region : options.regions) {
    if (!IsWord(region)) {
      return BadOption("--region", fmt::format("'{}' is no Region", region),
                       "Regions are named as eu-west-1");
    }
  }
  for (const std::string& vpc_id : options.vpc_ids) {
    if (!IsWord(vpc_id) || !vpc_id.starts_with("vpc-")) {
      return BadOption("--vpc", fmt::format("'{}' is no VPC", vpc_id),
                       "VPCs are named as vpc-0123456789abcdef0");
    }
  }
  if (auto checked = CheckRoles(options.role_arns); !checked) {
    checked.error().place.field = "--role-arn";
    return std::move(checked.error());
  }
  return std::nullopt;
}

// The answer of `work`, with a line on the terminal while it is waited for.
template <typename Work>
auto WithProgress(const SnapshotPlaces& places, const std::atomic<std::size_t>& done, Work work) {
  auto answer = std::async(std::launch::async, std::move(work));
  if (isatty(STDERR_FILENO) != 1) return answer.get();
  constexpr auto kBetween = std::chrono::milliseconds(200);
  while (answer.wait_for(kBetween) != std::future_status::ready) {
    const AwsCounters sum = places.counters();
    fmt::print(stderr, "\r\x1b[K{} of {} done, {} calls{}", done.load(), places.places().size(),
               sum.requests,
               sum.throttles == 0 ? "" : fmt::format(", {} throttled", sum.throttles));
    std::fflush(stderr);
  }
  fmt::print(stderr, "\r\x1b[K");
  return answer.get();
}

void PrintSummary(const SnapshotCommandOptions& options, const CapturedSnapshot& snapshot,
                  std::size_t places) {
  fmt::print(stderr, "{}: {} {}", WithoutPassword(WhereTo(options)), places,
             places == 1 ? "Region" : "Regions");
  for (std::size_t kind = 0; kind < kSnapshotKinds.size(); ++kind) {
    fmt::print(stderr, ", {} {}", snapshot.counts[kind], kSnapshotKinds[kind]);
  }
  fmt::print(stderr, "\n");
}

Result<void> Store(const SnapshotCommandOptions& options, std::chrono::sys_seconds captured_at,
                   const CapturedSnapshot& snapshot) {
  if (options.output) {
    const char* secret = std::getenv("SGFLOW_REDIS_PASSWORD_SECRET");
    const SnapshotAccess access{.redis_password_secret = secret == nullptr ? "" : secret};
    return WriteSnapshot(*options.output, snapshot.json, access);
  }
  auto folder = OpenDocumentFolder(*options.append, {});
  if (!folder) return std::unexpected(std::move(folder.error()));
  const auto appended = AppendSnapshot(**folder, captured_at, snapshot.json);
  if (!appended) return std::unexpected(appended.error());
  fmt::print("{} {}\n", appended->stored ? "stored" : "nothing has changed since", appended->name);
  return {};
}

std::vector<std::string> WithoutRepeated(std::vector<std::string> names) {
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

}  // namespace

int RunSnapshot(const SnapshotCommandOptions& options) {
  if (const auto error = CheckOptions(options)) return Fail(*error);
  if (const auto checked = CheckWhereTo(options); !checked) return Fail(checked.error());
  const auto now = std::chrono::system_clock::now();
  const auto opened = SnapshotPlaces::Open(options.role_arns, WithoutRepeated(options.regions));
  if (!opened) return Fail(opened.error().error);
  const std::span<const SnapshotPlace> places = opened->places();
  const std::vector<std::string> vpc_ids = WithoutRepeated(options.vpc_ids);
  std::atomic<std::size_t> done = 0;
  const auto snapshot = WithProgress(*opened, done, [&] {
    return CaptureSnapshot(places,
                           {.captured_at = std::chrono::floor<std::chrono::seconds>(now),
                            .vpc_ids = vpc_ids,
                            .until = AwsDeadline::clock::now() + kLongest},
                           done);
  });
  if (!snapshot) {
    for (const Error& error : snapshot.error()) Fail(error);
    fmt::print(stderr, "sgflow: nothing is written, as {} of {} could not be listed\n",
               snapshot.error().size(), places.size());
    return ExitCodeOf(snapshot.error().front().kind);
  }
  for (const std::string& warning : snapshot->warnings) {
    fmt::print(stderr, "sgflow: {}\n", warning);
  }
  const auto& missing = snapshot->missing_vpcs;
  if (!missing.empty()) {
    const bool has_any = missing.size() < vpc_ids.size();
    const int code =
        Fail(BadOption("--vpc",
                       fmt::format("there is no {} in what was listed{}", fmt::join(missing, ", "),
                                   has_any ? "" : "; nothing is written"),
                       fmt::format("{} in another Region or account?",
                                   missing.size() == 1 ? "is it" : "are they")));
    if (!has_any) return code;
  }
  if (auto stored = Store(options, std::chrono::floor<std::chrono::seconds>(now), *snapshot);
      !stored) {
    return Fail(stored.error());
  }
  if (isatty(STDERR_FILENO) == 1) PrintSummary(options, *snapshot, places.size());
  return snapshot->warnings.empty() && missing.empty() ? kSuccess : kSomeInputBad;
}

void AddSnapshotCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run) {
  auto options = std::make_shared<SnapshotCommandOptions>();
  CLI::App* command = program.add_subcommand(
      "snapshot", "Writes down what AWS has configured, for --inventory to read");
  command->footer(
      "Examples:\n"
      "  sgflow snapshot --output inventory.json.gz\n"
      "  sgflow snapshot --region eu-west-1 --region us-east-1 --output inventory.json \\\n"
      "      --role-arn arn:aws:iam::111122223333:role/reader\n"
      "  sgflow snapshot --append s3://BUCKET/inventory/\n"
      "\n"
      "Lists interfaces, security groups, rules, prefix lists, network ACLs and subnets. Nothing\n"
      "in AWS is changed; docs/permissions.md has the permissions. The file appears when it is\n"
      "whole, and not at all where an account or a Region fails. Exit codes: 0 written, 1 written\n"
      "without what AWS refused to tell or a VPC that is not there, 2 usage, 3 AWS, disk or\n"
      "network.");
  command
      ->add_option("-o,--output", options->output,
                   "Where to write; compressed where the name ends in .gz")
      ->type_name("PATH|URL");
  command
      ->add_option("--append", options->append,
                   "Instead: a folder, or s3://BUCKET/PREFIX/, to add it to where\n"
                   "it is another one than the last there; for --inventory to\n"
                   "judge each record by what was true when it happened")
      ->type_name("DIR|URL");
  const auto add_list = [&](const char* names, std::vector<std::string>& list, const char* type,
                            const char* help) {
    command->add_option(names, list, help)->allow_extra_args(false)->type_name(type);
  };
  add_list("--region", options->regions, "REGION",
           "May be given several times; without, AWS_REGION or the profile's");
  add_list("--role-arn", options->role_arns, "ARN",
           "A role to assume, one for each account; without, the caller's\naccount is listed");
  add_list("--vpc", options->vpc_ids, "ID",
           "List these VPCs alone, with the groups that their interfaces\ncarry");
  command->callback([options, run] { run([options] { return RunSnapshot(*options); }); });
}

}  // namespace sgflow
