// The program's commands and options as plain values, read off the definitions that parse them and
// that --help shows: from it come the completions and the manual page.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sgflow {

struct OptionText {
  std::vector<std::string> short_names;  // without hyphens
  std::vector<std::string> long_names;
  std::string description;           // one line
  std::string value;                 // what it takes, as FILE; empty: nothing
  std::vector<std::string> choices;  // all values that it takes, where they are few
  bool takes_list = false;           // of the choices, with commas between them
  std::string default_value;
  bool repeats = false;

  bool takes_file() const;
};

struct PositionalText {
  std::string name;  // FILE
  std::string description;
  std::vector<std::string> choices;  // as an option's
  bool required = false;
  bool repeats = false;
};

struct CommandText {
  std::string name;
  std::string description;
  std::string footer;  // examples, laid out
  std::vector<PositionalText> positionals;
  std::vector<OptionText> options;
};

struct ProgramText {
  std::string version;
  CommandText whole;  // the program without a command
  std::vector<CommandText> commands;
};

ProgramText ReadCommandTable(const CLI::App& program);

}  // namespace sgflow
