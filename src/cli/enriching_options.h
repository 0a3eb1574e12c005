// The options that `sgflow enrich` and `sgflow batch` have in common, and what they come to.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enrich/enricher.h"
#include "error/error.h"
#include "input/record_reader.h"
#include "live/enriching.h"

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace sgflow {

struct EnrichingOptions {
  std::vector<std::string> inventories;
  std::string format = "json";
  std::optional<std::string> record_format;  // none: found out
  std::string fields;                        // FieldSelection::Parse
  std::string drop;

  // Whether the inventory is asked of AWS.
  bool is_live() const;
};

// That a format of that name is there.
CLI::Validator OutputFormatCheck();

// That something is given: an option with the value of a shell's variable that is not set would
// count as left out.
CLI::Validator NotEmptyCheck();

// `options` must live until the program's arguments are understood.
void AddEnrichingOptions(CLI::App& command, EnrichingOptions& options);

struct ParsedOptions {
  ReadOptions read;
  EnricherOptions enricher;
};
// Errors are kUsage. Names that are no field are told on standard error.
[[nodiscard]] Result<ParsedOptions> ParseEnrichingOptions(const EnrichingOptions& options);

// Gives each thread one of its own; they share the inventory.
using EnrichingMaker = std::function<std::unique_ptr<Enriching>()>;

// Opens the inventory: files, a store or AWS. Warnings and errors are told on standard error; the
// exit code where it is unusable.
[[nodiscard]] std::expected<EnrichingMaker, int> OpenEnriching(
    const std::vector<std::string>& inventories, const EnricherOptions& options);

// Tells the error on standard error and gives its exit code.
int Fail(const Error& error);

}  // namespace sgflow
