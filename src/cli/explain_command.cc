#include "cli/explain_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

#include "cli/exit_code.h"
#include "cli/explain_answer.h"
#include "cli/explain_question.h"
#include "cli/explain_record.h"
#include "cli/explain_text.h"
#include "cli/named_inventory.h"
#include "cli/standard_output.h"
#include "enrich/time_travel.h"
#include "output/printable_text.h"

namespace sgflow {
namespace {

int Fail(const Error& error) {
  fmt::print(stderr, "sgflow: {}\n", PrintableText(Describe(error)));
  return ExitCodeOf(error.kind);
}

// https://no-color.org: set and not empty.
bool WantsColour() {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* terminal = std::getenv("TERM");
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return isatty(STDOUT_FILENO) == 1;
}

Result<ReadOptions> ReadOptionsOf(const ExplainOptions& options) {
  ReadOptions read_options;
  if (!options.record_format) return read_options;
  auto layout = RecordLayout::Parse(*options.record_format);
  if (!layout) {
    layout.error().place.field = "--record-format";
    return std::unexpected(std::move(layout.error()));
  }
  read_options.layout = std::move(*layout);
  return read_options;
}

Result<void> ReadAsked(const ExplainOptions& options, const OnExplainedRecord& on_record) {
  const auto read_options = ReadOptionsOf(options);
  if (!read_options) return std::unexpected(read_options.error());
  return options.line
             ? ReadGivenRecord(*options.line, *read_options, on_record)
             : ReadRecordOfLine(*options.file, *options.line_number, *read_options, on_record);
}

Result<Explanation> ExplainAskedRecord(const ExplainOptions& options,
                                       std::shared_ptr<const Inventory> inventory) {
  Judge judge(std::move(inventory));
  Conversations conversations;
  Explanation explanation;
  const auto read = ReadAsked(options, [&](const FlowRecord& record, bool wanted) {
    const auto decide = [&] { return judge.Decide(record, conversations); };
    if (wanted) {
      explanation = ExplainRecord(record, judge, decide);
    } else {
      static_cast<void>(decide());
    }
  });
  if (!read) return std::unexpected(read.error());
  return explanation;
}

// By the inventory that was true when it happened, as those before it.
Result<Explanation> ExplainAskedRecord(const ExplainOptions& options,
                                       std::shared_ptr<Timeline> timeline) {
  TimeTravel travel(std::move(timeline), OutputFormat::kJson, {}, /*compares=*/true);
  Conversations conversations;
  Explanation explanation;
  std::optional<Error> failure;
  const auto read = ReadAsked(options, [&](const FlowRecord& record, bool wanted) {
    if (failure) return;
    auto view = travel.Enter(record);
    if (!view) {
      failure = std::move(view.error());
      return;
    }
    const auto decide = [&] { return travel.Decide(record, conversations); };
    if (!wanted) {
      static_cast<void>(decide());
      return;
    }
    explanation = ExplainRecord(record, (*view)->judge(), decide);
    explanation.reason = std::string(travel.Reason(explanation.reason));
    explanation.inventory_as_of = travel.as_of();
  });
  if (failure) return std::unexpected(std::move(*failure));
  if (!read) return std::unexpected(read.error());
  return explanation;
}

Result<Explanation> ExplainAsked(const ExplainOptions& options, const InventoryHistory& history) {
  if (AsksQuestion(options)) {
    // Of several times the latest: what may be opened is asked of today.
    Judge judge(history.inventory);
    auto packet = AskedPacket(options, judge.index());
    if (!packet) return std::unexpected(std::move(packet.error()));
    return ExplainQuestion(*packet, judge);
  }
  return history.timeline ? ExplainAskedRecord(options, history.timeline)
                          : ExplainAskedRecord(options, history.inventory);
}

}  // namespace

int RunExplain(const ExplainOptions& options) {
  if (auto usable = CheckExplainOptions(options); !usable) return Fail(usable.error());
  const auto history = LoadNamedInventory(options.inventories, "--inventory");
  if (!history) return history.error();
  const auto explanation = ExplainAsked(options, *history);
  if (!explanation) return Fail(explanation.error());
  if (options.json) return Print(ExplanationJson(*explanation));
  return Print(
      ExplanationText(*explanation, {.colour = WantsColour(), .all_rules = options.all_rules}));
}

void AddExplainCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command = program.add_subcommand(
      "explain", "Tells of one record, or one question, which rule decides it and why");
  command->footer(
      "Examples:\n"
      "  sgflow explain --inventory inventory.json --file flow.log.gz --line 8\n"
      "  sgflow explain -i inventory.json '2 111122223333 eni-... 10.0.1.22 10.0.2.10 42286 5432 "
      "...'\n"
      "  sgflow explain -i inventory.json --interface eni-... --direction ingress \\\n"
      "      --from 198.51.100.7 --port 443 --protocol tcp\n"
      "  sgflow explain -i inventory.json --address 10.0.1.5 --to 192.0.2.9 --port 123 --protocol "
      "udp\n"
      "\n"
      "Of a file the records before the line are read too: they tell who opened the connection.\n"
      "Exit codes: 0 answered, 1 the record could not be read, 2 usage or an unusable inventory,\n"
      "3 disk or network.");
  command
      ->add_option_function<std::vector<std::string>>(
          "LINE",
          [options](const std::vector<std::string>& words) {
            options->line = fmt::format("{}", fmt::join(words, " "));
          },
          "The record, as it stands in the flow log")
      ->type_name("")
      ->expected(1, static_cast<int>(kMaxColumns));
  command
      ->add_option("-i,--inventory", options->inventories,
                   "What AWS had configured, as the AWS CLI prints it\n"
                   "(docs/inventory.md), or a folder or s3://BUCKET/PREFIX/\n"
                   "of snapshots over time; may be given several times")
      ->required()
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      ->add_option("--file", options->file, "The flow log that has the record; - is standard input")
      ->type_name("FILE");
  command
      ->add_option("--line", options->line_number,
                   "Which line of it, from 1; of the text inside\nwhere it is compressed")
      ->type_name("NUMBER");
  command
      ->add_option("-r,--record-format", options->record_format,
                   "Order of the fields where no header tells it, as\nfor sgflow enrich")
      ->type_name("FORMAT");
  command->add_option("--interface", options->interface, "A question: of which interface")
      ->type_name("ENI");
  command->add_option("--address", options->address, "Which interface, by a private address of it")
      ->type_name("ADDRESS");
  command->add_option("--vpc", options->vpc, "The VPC of --address, where several have it")
      ->type_name("VPC");
  command
      ->add_option("--direction", options->direction, "ingress or egress; --from and --to tell it")
      ->check(CLI::IsMember(std::vector<std::string>{"ingress", "egress"}))
      ->type_name("DIRECTION");
  command->add_option("--from", options->from, "Who opens a connection to the interface")
      ->type_name("ADDRESS");
  command->add_option("--to", options->to, "Whom the interface opens a connection to")
      ->type_name("ADDRESS");
  command->add_option("--port", options->port, "The port that it goes to")->type_name("NUMBER");
  command
      ->add_option("--icmp-type", options->icmp_type,
                   "The ICMP message that it is, as 8 for an echo\nrequest")
      ->type_name("NUMBER");
  command->add_option("--icmp-code", options->icmp_code, "Its code")->type_name("NUMBER");
  command->add_option("--protocol", options->protocol, "tcp, udp, icmp, icmpv6 or a number")
      ->type_name("PROTOCOL");
  command->add_flag("--json", options->json, "One JSON object (docs/explain.md)");
  command->add_flag("--all-rules", options->all_rules, "Show every rule of a long list");
  command->callback([options, run] { run([options] { return RunExplain(*options); }); });
}

}  // namespace sgflow
