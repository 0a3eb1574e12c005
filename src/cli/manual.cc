#include "cli/manual.h"

#include <fmt/format.h>

#include <string_view>

namespace sgflow {
namespace {

// roff takes a backslash, a hyphen, and a dot or quote at a line's start for its own.
std::string Escaped(std::string_view text) {
  std::string escaped;
  bool line_starts = true;
  for (const char letter : text) {
    if (line_starts && (letter == '.' || letter == '\'')) escaped += "\\&";
    if (letter == '\\') {
      escaped += "\\e";
    } else if (letter == '-') {
      escaped += "\\-";
    } else {
      escaped += letter;
    }
    line_starts = letter == '\n';
  }
  return escaped;
}

std::string Bold(std::string_view text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Escaped(text) + "\\fR"; }

std::string WithoutMarks(std::string_view text) {
  std::string plain(text);
  std::erase(plain, '`');
  return plain;
}

std::string Option(const OptionText& option) {
  std::string names;
  const auto add = [&](const std::string& name) {
    names += (names.empty() ? "" : ", ") + Bold(name);
  };
  for (const std::string& name : option.short_names) add("-" + name);
  for (const std::string& name : option.long_names) add("--" + name);
  if (!option.value.empty()) names += ' ' + Italic(option.value);
  std::string text = ".TP\n" + names + '\n' + Escaped(option.description) + '\n';
  if (!option.choices.empty()) {
    text += Escaped(fmt::format("{}: {}.\n",
                                option.takes_list ? "Some of, with commas between them" : "One of",
                                fmt::join(option.choices, ", ")));
  }
  if (!option.default_value.empty()) {
    text += Escaped(fmt::format("Default: {}.\n", option.default_value));
  }
  return text;
}

std::string Command(const CommandText& command) {
  std::string text = fmt::format(".SS {}\n{}.\n.PP\n{}", Escaped(command.name),
                                 Escaped(command.description), Bold("sgflow " + command.name));
  if (!command.options.empty()) text += " [" + Italic("OPTION") + "]...";
  for (const PositionalText& positional : command.positionals) {
    const std::string name = Italic(positional.name) + (positional.repeats ? "..." : "");
    text += positional.required ? ' ' + name : " [" + name + ']';
  }
  text += '\n';
  for (const PositionalText& positional : command.positionals) {
    text += ".TP\n" + Italic(positional.name) + '\n' + Escaped(positional.description) + '\n';
  }
  for (const OptionText& option : command.options) text += Option(option);
  if (!command.footer.empty()) text += ".PP\n.EX\n" + Escaped(command.footer) + "\n.EE\n";
  return text;
}

}  // namespace

std::string ManualPage(const ProgramText& program,
                       std::span<const ConfigurationVariable> variables) {
  std::string page =
      fmt::format(".TH SGFLOW 1 \"\" \"{}\" \"User Commands\"\n", Escaped(program.version));
  page += ".SH NAME\nsgflow \\- " + Escaped(program.whole.description) + '\n';
  page += ".SH SYNOPSIS\n" + Bold("sgflow") + ' ' + Italic("COMMAND") + " [" + Italic("OPTION") +
          "]... [" + Italic("FILE") + "]...\n";
  page += ".SH OPTIONS\n";
  for (const OptionText& option : program.whole.options) page += Option(option);
  page += ".SH COMMANDS\n";
  for (const CommandText& command : program.commands) page += Command(command);
  page +=
      ".SH ENVIRONMENT\nThe Lambda function is set up by these; other commands read those of "
      "the inventory.\n";
  for (const ConfigurationVariable& variable : variables) {
    page += fmt::format(".TP\n{}\n{}.\nDefault: {}.\n", Bold(variable.name),
                        Escaped(WithoutMarks(variable.meaning)),
                        Escaped(WithoutMarks(variable.default_value)));
  }
  return page;
}

}  // namespace sgflow
