#include "cli/unknown_name.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "flowlog/field.h"

namespace sgflow {
namespace {

std::string Joined(std::span<const std::string_view> names, std::string_view between) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += between;
    text += name;
  }
  return text;
}

std::string UnknownMessage(std::string_view kind, std::string_view name,
                           std::span<const std::string_view> known) {
  const auto near = NearestNames(name, known);
  std::string text = "'" + std::string(name) + "' is no " + std::string(kind);
  return near.empty() ? text + "; there are: " + Joined(known, ", ")
                      : text + "; did you mean " + Joined(near, " or ") + "?";
}

}  // namespace

std::optional<std::string> FindUnknownName(CLI::App& program,
                                           std::span<const std::string_view> arguments) {
  std::vector<std::string> command_names;
  for (const CLI::App* command : program.get_subcommands(nullptr)) {
    command_names.push_back(command->get_name());
  }
  const std::vector<std::string_view> commands(command_names.begin(), command_names.end());
  if (arguments.empty()) return "name a command: " + Joined(commands, ", ");

  CLI::App* chosen = &program;
  if (!arguments.front().starts_with('-')) {
    if (std::ranges::find(commands, arguments.front()) == commands.end()) {
      return UnknownMessage("command", arguments.front(), commands);
    }
    chosen = program.get_subcommand(std::string(arguments.front()));
  }
  std::vector<std::string> option_names;
  for (const CLI::Option* option : chosen->get_options()) {
    for (const std::string& name : option->get_lnames()) option_names.push_back("--" + name);
  }
  const std::vector<std::string_view> options(option_names.begin(), option_names.end());
  for (const std::string_view argument : arguments) {
    if (argument == "--") break;
    if (!argument.starts_with("--")) continue;
    const std::string_view name = argument.substr(0, argument.find('='));
    if (std::ranges::find(options, name) == options.end()) {
      return UnknownMessage("option", name, options);
    }
    if (argument.size() == name.size() + 1) return std::string(name) + " lacks its value";
  }
  return std::nullopt;
}

}  // namespace sgflow
