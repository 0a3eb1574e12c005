#include "cli/whatif_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/exit_code.h"
#include "cli/named_files.h"
#include "cli/named_inventory.h"
#include "flowlog/field.h"
#include "output/printable_text.h"
#include "store/output_file.h"
#include "whatif/whatif.h"
#include "whatif/whatif_json.h"
#include "whatif/whatif_text.h"

namespace sgflow {
namespace {

class ReplayingSink : public NamedFiles::Sink {
 public:
  explicit ReplayingSink(WhatIf& whatif) : whatif_(whatif) {}

  void StartFile(bool /*interactive*/) override { whatif_.StartStretch(); }
  void OnRecord(const FlowRecord& record) override { whatif_.Add(record); }

 private:
  WhatIf& whatif_;
};

int Fail(const Error& error) {
  fmt::print(stderr, "sgflow: {}\n", Describe(error));
  return ExitCodeOf(error.kind);
}

Error UsageError(std::string message, std::string hint) {
  return {.kind = ErrorKind::kUsage,
          .message = std::move(message),
          .place = {},
          .hint = std::move(hint)};
}

// The rules to be removed that there are none of.
std::optional<Error> FindUnknownRule(const Inventory& inventory,
                                     const std::vector<std::string>& removed) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : inventory.rules()) {
    if (ids.empty() || ids.back() != rule.id) ids.push_back(rule.id);
  }
  for (const std::string& id : removed) {
    if (std::ranges::find(ids, id) != ids.end()) continue;
    std::string hint = "sgflow enrich --fields sg_matched_rules lists those that traffic uses";
    const auto near = NearestNames(id, ids);
    if (!near.empty()) hint = fmt::format("did you mean {}?", fmt::join(near, " or "));
    return UsageError(fmt::format("--remove-rule: the inventory has no rule {}", PrintableText(id)),
                      hint);
  }
  return std::nullopt;
}

std::optional<Error> CheckUsage(const WhatIfOptions& options) {
  if (options.proposed.empty() && options.removed_rules.empty()) {
    return UsageError("nothing is proposed",
                      "name the proposed rules with --proposed, or rules to remove with "
                      "--remove-rule");
  }
  if (!options.proposed.empty() && !options.removed_rules.empty()) {
    return UsageError("--proposed and --remove-rule exclude each other",
                      "leave the rules out of the proposed files");
  }
  if (options.files.empty() && isatty(STDIN_FILENO) == 1) {
    return UsageError("no file named, and standard input is a terminal",
                      "name files, or pipe records in; sgflow whatif --help has examples");
  }
  return std::nullopt;
}

}  // namespace

int RunWhatIf(const WhatIfOptions& options) {
  if (const auto error = CheckUsage(options)) return Fail(*error);
  ReadOptions read_options;
  if (options.record_format) {
    auto layout = RecordLayout::Parse(*options.record_format);
    if (!layout) {
      layout.error().place.field = "--record-format";
      return Fail(layout.error());
    }
    read_options.layout = std::move(*layout);
  }

  const auto loaded = LoadNamedInventory(options.inventories, "--inventory");
  if (!loaded) return loaded.error();
  // Of several times the latest: what would break is asked of today.
  const std::shared_ptr<const Inventory>& today = loaded->inventory;
  Proposal proposal{.inventory = today, .removed_rules = options.removed_rules};
  if (!options.proposed.empty()) {
    auto proposed = LoadNamedInventory(options.proposed, "--proposed");
    if (!proposed) return proposed.error();
    proposal.inventory = std::move(proposed->inventory);
  }
  if (const auto error = FindUnknownRule(*today, options.removed_rules)) return Fail(*error);

  WhatIf whatif(today, proposal);
  const std::vector<std::string> standard_input{"-"};
  NamedFiles files(options.files.empty() ? standard_input : options.files);
  ReplayingSink sink(whatif);
  const int code = files.Read(read_options, sink);
  files.EndTelling();

  auto output = OutputFile::Open("-");
  if (!output) return Fail(output.error());
  const std::string text =
      options.json ? WhatIfJson(whatif) : WhatIfText(whatif, {.all = options.all});
  if (auto written = output->Write(text); !written) return Fail(written.error());
  if (auto committed = output->Commit(); !committed) return Fail(committed.error());
  if (!whatif.cant_tell().empty()) {
    const std::uint64_t records = whatif.cant_tell().total().records;
    fmt::print(stderr, "sgflow: {} can't be told, so not known to be safe\n",
               records == 1 ? "1 record" : fmt::format("{} records", records));
  }
  // What broke is an answer, whatever else could not be read.
  if (code == kBadEnvironment) return code;
  const bool breaks = !whatif.breaks().empty() || !whatif.interrupted().empty();
  if (breaks || (options.strict && !whatif.cant_tell().empty())) return kAnsweredNo;
  return code;
}

void AddWhatIfCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run) {
  auto options = std::make_shared<WhatIfOptions>();
  CLI::App* command = program.add_subcommand(
      "whatif", "Tells what recorded traffic proposed rules would break or open");
  command->footer(
      "Examples:\n"
      "  sgflow whatif --inventory today.json --proposed tomorrow.json flow.log.gz\n"
      "  sgflow whatif -i today.json --remove-rule sgr-0123456789abcdef0 --json *.log.gz\n"
      "\n"
      "Exit codes: 0 nothing accepted today would break, 4 something would, 1 some input could\n"
      "not be read, 2 usage or an unusable inventory, 3 disk or network. docs/whatif.md has more.");
  command->add_option("FILE", options->files, "Flow logs; - or none is standard input");
  command
      ->add_option("-i,--inventory", options->inventories,
                   "What AWS has configured today, as the AWS CLI prints it;\n"
                   "may be given several times. Of snapshots over time the\n"
                   "latest counts")
      ->required()
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      ->add_option("-p,--proposed", options->proposed,
                   "What it would have then: whole, interfaces included;\n"
                   "may be given several times")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      ->add_option("--remove-rule", options->removed_rules,
                   "In place of --proposed: today's inventory without this\n"
                   "rule; may be given several times")
      ->allow_extra_args(false)
      ->type_name("RULE");
  command
      ->add_option("-r,--record-format", options->record_format,
                   "Order of the fields where no header tells it, as for enrich")
      ->type_name("FORMAT");
  command->add_flag("--json", options->json, "Write JSON for scripts");
  command->add_flag("--all", options->all, "Do not cut long lists");
  command->add_flag("--strict", options->strict, "What can't be told gives exit code 4 as well");
  command->callback([options, run] { run([options] { return RunWhatIf(*options); }); });
}

}  // namespace sgflow
