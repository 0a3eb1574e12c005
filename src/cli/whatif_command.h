// sgflow whatif: recorded traffic against proposed rules.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sgflow {

struct WhatIfOptions {
  std::vector<std::string> files;  // none: standard input
  std::vector<std::string> inventories;
  std::vector<std::string> proposed;
  std::vector<std::string> removed_rules;  // in place of `proposed`
  std::optional<std::string> record_format;
  bool json = false;
  bool all = false;
  bool strict = false;
};

// Gives the exit code.
[[nodiscard]] int RunWhatIf(const WhatIfOptions& options);

// As AddEnrichCommand.
void AddWhatIfCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run);

}  // namespace sgflow
