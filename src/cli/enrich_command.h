// sgflow enrich: records from files or standard input, enriched.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/enriching_options.h"

namespace CLI {
class App;
}

namespace sgflow {

struct EnrichOptions {
  std::vector<std::string> files;  // none: standard input
  EnrichingOptions enriching;
  std::string output = "-";
  bool stats = false;
};

// Gives the exit code.
[[nodiscard]] int RunEnrich(const EnrichOptions& options);

// Adds the command to the program's; `run` is called with what is to be done once the arguments
// are understood.
void AddEnrichCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run);

}  // namespace sgflow
