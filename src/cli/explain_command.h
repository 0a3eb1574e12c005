// sgflow explain: one record, or one question, and everything that its verdict stands on.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace sgflow {

// A record by `line`, or by `file` and `line_number`; or a question by the rest.
struct ExplainOptions {
  std::vector<std::string> inventories;
  std::optional<std::string> line;
  std::optional<std::string> file;
  std::optional<std::uint64_t> line_number;
  std::optional<std::string> record_format;

  std::optional<std::string> interface;
  std::optional<std::string> address;  // instead of `interface`
  std::optional<std::string> vpc;      // with `address`
  std::optional<std::string> direction;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> port;
  std::optional<std::string> icmp_type;
  std::optional<std::string> icmp_code;
  std::optional<std::string> protocol;

  bool json = false;
  bool all_rules = false;
};

// Gives the exit code.
[[nodiscard]] int RunExplain(const ExplainOptions& options);

// Adds the command to the program's; see AddEnrichCommand.
void AddExplainCommand(CLI::App& program, const std::function<void(std::function<int()>)>& run);

}  // namespace sgflow
