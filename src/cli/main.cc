// The program: as `sgflow COMMAND`, and as a Lambda's `bootstrap`.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/batch_command.h"
#include "cli/command_table.h"
#include "cli/completion.h"
#include "cli/enrich_command.h"
#include "cli/exit_code.h"
#include "cli/explain_command.h"
#include "cli/manual.h"
#include "cli/size_command.h"
#include "cli/snapshot_command.h"
#include "cli/standard_output.h"
#include "cli/unknown_name.h"
#include "cli/usage_message.h"
#include "cli/whatif_command.h"
#include "lambda/configuration.h"
#include "lambda/function.h"

namespace {

// Lambda's custom runtime starts a file of this name, without arguments.
bool IsBootstrap(std::string_view program) {
  return program.substr(program.find_last_of('/') + 1) == "bootstrap";
}

std::string LambdaFooter() {
  std::string footer =
      "It is set up by environment variables, which docs/configuration.md explains:\n";
  for (const sgflow::ConfigurationVariable& variable : sgflow::ConfigurationVariables()) {
    std::string value(variable.default_value);
    std::erase(value, '`');
    footer += fmt::format("  {:<24} default: {}\n", variable.name, value);
  }
  return footer +
         "\n"
         "Example, as the Lambda service starts it:\n"
         "  SGFLOW_INVENTORY=inventory.json AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001 sgflow lambda";
}

using Choose = std::function<void(std::function<int()>)>;

void AddCompletionCommand(CLI::App& program, const Choose& choose) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command =
      program.add_subcommand("completion", "Prints what a shell needs to complete sgflow");
  command->footer(
      "Examples:\n"
      "  source <(sgflow completion bash)\n"
      "  sgflow completion zsh > ~/.zfunc/_sgflow\n"
      "  sgflow completion fish > ~/.config/fish/completions/sgflow.fish");
  const auto shells = sgflow::CompletedShells();
  command->add_option("SHELL", *shell, fmt::format("One of: {}", fmt::join(shells, ", ")))
      ->required()
      ->check(CLI::IsMember(std::vector<std::string>(shells.begin(), shells.end())));
  command->callback([&program, shell, choose] {
    choose([&program, shell] {
      return sgflow::Print(sgflow::CompletionScript(sgflow::ReadCommandTable(program), *shell));
    });
  });
}

void AddManualCommand(CLI::App& program, const Choose& choose) {
  CLI::App* command = program.add_subcommand("manual", "Prints the manual page");
  command->footer(
      "Example:\n"
      "  sgflow manual | man -l -");
  command->callback([&program, choose] {
    choose([&program] {
      return sgflow::Print(
          sgflow::ManualPage(sgflow::ReadCommandTable(program), sgflow::ConfigurationVariables()));
    });
  });
}

// Null where the arguments name none.
const CLI::App* ChosenCommand(const CLI::App& program) {
  const auto chosen = program.get_subcommands();
  return chosen.empty() ? nullptr : chosen.front();
}

int Run(int argc, char** argv) {
  if (argc == 1 && IsBootstrap(argv[0])) return sgflow::RunLambda();

  std::function<int()> chosen;
  const Choose choose = [&chosen](std::function<int()> run) { chosen = std::move(run); };

  CLI::App program(
      "Tells for every VPC flow-log record which security-group rules stand behind it.", "sgflow");
  program.set_version_flag("--version", "sgflow " SGFLOW_VERSION);
  program.require_subcommand(1);
  program.footer(
      "Examples:\n"
      "  sgflow enrich --inventory inventory.json flow.log.gz\n"
      "  sgflow COMMAND --help");
  sgflow::AddEnrichCommand(program, choose);
  sgflow::AddBatchCommand(program, choose);
  sgflow::AddExplainCommand(program, choose);
  sgflow::AddWhatIfCommand(program, choose);
  sgflow::AddSnapshotCommand(program, choose);
  sgflow::AddSizeCommand(program, choose);
  program.add_subcommand("lambda", "Runs as an AWS Lambda function behind a Firehose stream")
      ->footer(LambdaFooter())
      ->callback([&choose] { choose([] { return sgflow::RunLambda(); }); });
  AddCompletionCommand(program, choose);
  AddManualCommand(program, choose);

  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (const auto message = sgflow::FindUnknownName(program, arguments)) {
    fmt::print(stderr, "sgflow: {} (sgflow --help tells more)\n", *message);
    return sgflow::kBadUsage;
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return program.exit(error);  // help and version
    const CLI::App* const command = ChosenCommand(program);
    fmt::print(stderr, "sgflow: {} (sgflow {}--help tells more)\n", sgflow::UsageMessage(error),
               command == nullptr ? "" : command->get_name() + " ");
    return sgflow::kBadUsage;
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that goes away is seen where it is written to.
  std::signal(SIGPIPE, SIG_IGN);
  // So is a file that must not grow any more (ulimit -f).
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "sgflow: {}\n", error.what());
    return sgflow::kBadEnvironment;
  }
}
