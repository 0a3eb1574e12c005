#include "cli/enriching_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "cli/exit_code.h"
#include "cli/named_inventory.h"
#include "lambda/configuration.h"
#include "live/open_inventory.h"
#include "output/field_selection.h"
#include "output/output_format.h"

namespace sgflow {
namespace {

EnrichingMaker MakerOf(InventoryHistory history, const EnricherOptions& options) {
  return [history = std::move(history), options] {
    return history.timeline ? MakeEnriching(history.timeline, options)
                            : MakeEnriching(history.inventory, options);
  };
}

}  // namespace

bool EnrichingOptions::is_live() const {
  return inventories.size() == 1 && inventories.front() == kLiveInventory;
}

CLI::Validator OutputFormatCheck() {
  std::vector<std::string_view> names;
  for (const OutputFormatName& known : OutputFormats()) names.push_back(known.name);
  std::string shown = fmt::format("{{{}}}", fmt::join(names, ","));
  return {[names](const std::string& name) {
            if (FindOutputFormat(name)) return std::string();
            const auto near = NearestNames(name, names);
            return near.empty()
                       ? fmt::format("there is no '{}'; one of: {}", name, fmt::join(names, ", "))
                       : fmt::format("there is no '{}'; did you mean {}?", name,
                                     fmt::join(near, " or "));
          },
          std::move(shown)};
}

CLI::Validator NotEmptyCheck() {
  return {[](const std::string& value) {
            return std::string(value.empty() ? "is empty; give it a value, or leave it out" : "");
          },
          ""};
}

void AddEnrichingOptions(CLI::App& command, EnrichingOptions& options) {
  command
      .add_option("-i,--inventory", options.inventories,
                  "What AWS had configured, as the AWS CLI prints it\n"
                  "(docs/inventory.md), or a folder or s3://BUCKET/PREFIX/\n"
                  "of snapshots over time; may be given several times.\n"
                  "Or one snapshot at s3://, redis:// or rediss://\n"
                  "(docs/snapshot.md); live asks AWS for what the records need")
      ->required()
      ->allow_extra_args(false)
      ->check(NotEmptyCheck())
      ->type_name("FILE");
  command.add_option("-f,--format", options.format, "Output format")
      ->check(OutputFormatCheck())
      ->capture_default_str();
  command
      .add_option("-r,--record-format", options.record_format,
                  "Order of the fields where no header tells it: v2 to v11,\n"
                  "classic, or AWS's '${version} ${account-id} ...'")
      ->check(NotEmptyCheck())
      ->type_name("FORMAT");
  command
      .add_option("--fields", options.fields,
                  "Write these fields and columns only; +NAME adds one to\n"
                  "those written by default (docs/schema.md)")
      ->check(NotEmptyCheck())
      ->type_name("NAMES");
  command.add_option("--drop", options.drop, "Leave these fields and columns out")
      ->check(NotEmptyCheck())
      ->type_name("NAMES");
}

Result<ParsedOptions> ParseEnrichingOptions(const EnrichingOptions& options) {
  ParsedOptions parsed;
  if (options.record_format) {
    auto layout = RecordLayout::Parse(*options.record_format);
    if (!layout) {
      layout.error().place.field = "--record-format";
      return std::unexpected(std::move(layout.error()));
    }
    for (const std::string& message : UnknownColumns(**layout)) {
      fmt::print(stderr, "sgflow: --record-format: {}\n", message);
    }
    parsed.read.layout = std::move(*layout);
  }
  parsed.enricher.format = *FindOutputFormat(options.format);
  auto selection = FieldSelection::Parse(parsed.enricher.format, {"--fields", options.fields},
                                         {"--drop", options.drop});
  if (!selection) return std::unexpected(std::move(selection.error()));
  parsed.enricher.fields = *selection;
  return parsed;
}

std::expected<EnrichingMaker, int> OpenEnriching(const std::vector<std::string>& inventories,
                                                 const EnricherOptions& options) {
  if (inventories.size() != 1 || inventories.front() != kLiveInventory) {
    auto loaded = LoadNamedInventory(inventories, "--inventory");
    if (!loaded) return std::unexpected(loaded.error());
    return MakerOf(std::move(*loaded), options);
  }
  auto setup = ReadInventorySetup(ReadEnvironment(environ));
  if (!setup) return std::unexpected(Fail(setup.error()));
  setup->name = kLiveInventory;
  setup->with_branches = TellsBranches(options.format);
  auto source = OpenInventory(*setup);
  if (!source) return std::unexpected(Fail(source.error().front()));
  return [shared = std::shared_ptr<InventorySource>(std::move(*source)), options] {
    return MakeEnriching(shared, options);
  };
}

int Fail(const Error& error) {
  fmt::print(stderr, "sgflow: {}\n", Describe(error));
  return ExitCodeOf(error.kind);
}

}  // namespace sgflow
