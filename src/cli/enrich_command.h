// sgflow enrich: records from files or standard input, enriched.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "output/encoder.h"

namespace CLI {
class App;
}

namespace sgflow {

struct EnrichOptions {
  std::vector<std::string> files;  // none: standard input
  std::vector<std::string> inventories;
  std::string format = "json";
  std::optional<std::string> record_format;  // none: found out
  std::string fields;                        // FieldSelection::Parse
  std::string drop;
  std::string output = "-";
  bool stats = false;
};

// Gives the exit code.
[[nodiscard]] int RunEnrich(const EnrichOptions& options);

// Adds the command to the program's; `run` is called with what is to be done once the arguments
// are understood.
void AddEnrichCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run);

}  // namespace sgflow
