#include "cli/command_table.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>

namespace sgflow {
namespace {

std::string OneLine(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// Of "TEXT:{a,b}"; and of "KEYS:{a,b},...", which takes a list of them.
constexpr std::string_view kMore = ",...";

std::vector<std::string> ChoicesIn(std::string_view type) {
  if (type.ends_with(kMore)) type.remove_suffix(kMore.size());
  const std::size_t open = type.find('{');
  if (open == std::string_view::npos || !type.ends_with('}')) return {};
  return CLI::detail::split(std::string(type.substr(open + 1, type.size() - open - 2)), ',');
}

OptionText ReadOption(const CLI::Option& option) {
  OptionText text{.short_names = option.get_snames(),
                  .long_names = option.get_lnames(),
                  .description = OneLine(option.get_description()),
                  .value = {},
                  .choices = {},
                  .takes_list = false,
                  .default_value = option.get_default_str(),
                  .repeats = option.get_expected_max() > 1};
  if (option.get_type_size() != 0) {
    const std::string type = option.get_type_name();
    text.choices = ChoicesIn(type);
    text.takes_list = !text.choices.empty() && type.ends_with(kMore);
    text.value = text.choices.empty() ? type : type.substr(0, type.find(':'));
  }
  return text;
}

CommandText ReadCommand(const CLI::App& command) {
  CommandText text{.name = command.get_name(),
                   .description = OneLine(command.get_description()),
                   .footer = command.get_footer(),
                   .positionals = {},
                   .options = {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) {
      text.positionals.push_back({.name = option->get_name(/*positional=*/true),
                                  .description = OneLine(option->get_description()),
                                  .choices = ChoicesIn(option->get_type_name()),
                                  .required = option->get_required(),
                                  .repeats = option->get_expected_max() > 1});
    } else {
      text.options.push_back(ReadOption(*option));
    }
  }
  return text;
}

}  // namespace

bool OptionText::takes_file() const {
  constexpr std::array<std::string_view, 3> kNames{"FILE", "PATH", "DEST"};
  return std::ranges::find(kNames, value) != kNames.end();
}

ProgramText ReadCommandTable(const CLI::App& program) {
  ProgramText text{.version = program.version(), .whole = ReadCommand(program), .commands = {}};
  for (const CLI::App* command : program.get_subcommands(nullptr)) {
    text.commands.push_back(ReadCommand(*command));
  }
  return text;
}

}  // namespace sgflow
