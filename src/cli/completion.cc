#include "cli/completion.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace sgflow {
namespace {

constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

// -i and --inventory.
std::vector<std::string> Spellings(const OptionText& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.short_names) names.push_back("-" + name);
  for (const std::string& name : option.long_names) names.push_back("--" + name);
  return names;
}

std::string Words(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string AllSpellings(const CommandText& command) {
  std::vector<std::string> names;
  for (const OptionText& option : command.options) {
    for (std::string& name : Spellings(option)) names.push_back(std::move(name));
  }
  return Words(names);
}

// In single quotes, as all three shells read them.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + '\'';
}

// Bash: where nothing is told it completes file names by itself.

std::string BashScript(const ProgramText& program) {
  std::string options = fmt::format("    '') options={} ;;\n", Quoted(AllSpellings(program.whole)));
  std::string values;
  std::string words;
  std::string commands;
  for (const CommandText& command : program.commands) {
    commands += (commands.empty() ? "" : " ") + command.name;
    options += fmt::format("    {}) options={} ;;\n", command.name, Quoted(AllSpellings(command)));
    for (const OptionText& option : command.options) {
      if (option.value.empty()) continue;
      std::string pattern;
      for (const std::string& name : Spellings(option)) {
        pattern += fmt::format("{}{}:{}", pattern.empty() ? "" : " | ", command.name, name);
      }
      values += fmt::format("    {}) values={} takes_value={} ;;\n", pattern,
                            Quoted(Words(option.choices)), option.takes_list ? "list" : "one");
    }
    for (const PositionalText& positional : command.positionals) {
      if (positional.choices.empty()) continue;
      words +=
          fmt::format("    {}) words={} ;;\n", command.name, Quoted(Words(positional.choices)));
    }
  }
  return fmt::format(
      R"(# Completes sgflow in bash; made by `sgflow completion bash`.
_sgflow() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} command=
  local options= values= takes_value= words= first=
  COMPREPLY=()
  ((COMP_CWORD < 2)) || command=${{COMP_WORDS[1]}}
  # --format=json comes as three words.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  case $command:$before in
{})"
      R"(  esac
  if [[ -n $takes_value ]]; then
    [[ $takes_value != list ]] || first=${{word%"${{word##*,}}"}}
    mapfile -t COMPREPLY < <(compgen -P "$first" -W "$values" -- "${{word#"$first"}}")
    return
  fi
  case $command in
{})"
      R"(  esac
  case $command in
    '') words={} ;;
{})"
      R"(  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  fi
}}
complete -o bashdefault -o default -F _sgflow sgflow
)",
      values, options, Quoted(commands), words);
}

// In _arguments and _describe some letters have a meaning.
std::string ZshText(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '[' || letter == ']' || letter == ':' || letter == '\\') escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

std::string ZshArguments(const CommandText& command) {
  std::string arguments;
  for (const OptionText& option : command.options) {
    for (const std::string& name : Spellings(option)) {
      std::string argument = (option.repeats ? "*" : "") + name;
      if (!option.value.empty() && name.starts_with("--")) argument += '=';
      argument += '[' + ZshText(option.description) + ']';
      if (option.takes_list) {
        argument +=
            fmt::format(":{0}:_values -s , {0} {1}", ZshText(option.value), Words(option.choices));
      } else if (!option.choices.empty()) {
        argument += fmt::format(":{}:({})", ZshText(option.value), Words(option.choices));
      } else if (!option.value.empty()) {
        argument += ':' + ZshText(option.value) + ':' + (option.takes_file() ? "_files" : " ");
      }
      arguments += " \\\n        " + Quoted(argument);
    }
  }
  for (const PositionalText& positional : command.positionals) {
    const std::string action =
        positional.choices.empty() ? "_files" : '(' + Words(positional.choices) + ')';
    arguments += " \\\n        " + Quoted((positional.repeats ? "*:" : "1:") +
                                          ZshText(positional.name) + ':' + action);
  }
  return arguments;
}

std::string ZshScript(const ProgramText& program) {
  std::string commands;
  std::string cases;
  for (const CommandText& command : program.commands) {
    commands +=
        fmt::format("        {}\n", Quoted(command.name + ':' + ZshText(command.description)));
    cases += fmt::format("      {}) _arguments -s{} ;;\n", command.name, ZshArguments(command));
  }
  return fmt::format(
      R"(#compdef sgflow
# Completes sgflow in zsh; made by `sgflow completion zsh`. Its name is _sgflow, in a folder of $fpath.
_sgflow() {{
  local context state state_descr line
  typeset -A opt_args
  _arguments -C{} \
        '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
{}      )
      _describe command commands
      ;;
    argument)
      case $words[1] in
{}      esac
      ;;
  esac
}}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _sgflow "$@"; else compdef _sgflow sgflow; fi
)",
      ZshArguments(program.whole), commands, cases);
}

std::string FishOptions(const CommandText& command, std::string_view condition) {
  std::string lines;
  for (const OptionText& option : command.options) {
    lines += fmt::format("complete -c sgflow -n {}", Quoted(condition));
    for (const std::string& name : option.short_names) lines += " -s " + name;
    for (const std::string& name : option.long_names) lines += " -l " + name;
    if (option.takes_list) {
      lines += " -x -a " +
               Quoted("(__fish_complete_list , \"string join \\n " + Words(option.choices) + "\")");
    } else if (!option.choices.empty()) {
      lines += " -x -a " + Quoted(Words(option.choices));
    } else if (!option.value.empty()) {
      lines += option.takes_file() ? " -r -F" : " -x";
    }
    lines += " -d " + Quoted(option.description) + '\n';
  }
  return lines;
}

std::string FishScript(const ProgramText& program) {
  constexpr std::string_view kNoCommand = "__fish_use_subcommand";
  std::string script = "# Completes sgflow in fish; made by `sgflow completion fish`.\n" +
                       FishOptions(program.whole, kNoCommand);
  for (const CommandText& command : program.commands) {
    script += fmt::format("complete -c sgflow -n {} -f -a {} -d {}\n", kNoCommand, command.name,
                          Quoted(command.description));
    const std::string condition = "__fish_seen_subcommand_from " + command.name;
    std::string words;
    for (const PositionalText& positional : command.positionals) {
      words += Words(positional.choices);
    }
    if (command.positionals.empty() || !words.empty()) {
      script += fmt::format("complete -c sgflow -n {} -f{}\n", Quoted(condition),
                            words.empty() ? "" : " -a " + Quoted(words));
    }
    script += FishOptions(command, condition);
  }
  return script;
}

}  // namespace

std::span<const std::string_view> CompletedShells() { return kShells; }

std::string CompletionScript(const ProgramText& program, std::string_view shell) {
  if (shell == "bash") return BashScript(program);
  if (shell == "zsh") return ZshScript(program);
  return FishScript(program);
}

}  // namespace sgflow
