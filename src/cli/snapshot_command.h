// sgflow snapshot: what AWS has configured, of accounts and Regions, into one file.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sgflow {

struct SnapshotCommandOptions {
  std::optional<std::string> output;   // this or
  std::optional<std::string> append;   // a folder that it is added to
  std::vector<std::string> regions;    // none: the environment's
  std::vector<std::string> role_arns;  // an account each; none: the caller's
  std::vector<std::string> vpc_ids;    // none: all
};

// Gives the exit code.
[[nodiscard]] int RunSnapshot(const SnapshotCommandOptions& options);

// As AddEnrichCommand.
void AddSnapshotCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run);

}  // namespace sgflow
