#include "cli/named_inventory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "cli/exit_code.h"
#include "error/error.h"
#include "lambda/configuration.h"
#include "live/open_inventory.h"
#include "output/printable_text.h"
#include "store/inventory_files.h"

namespace sgflow {
namespace {

void Tell(const std::string& message) { fmt::print(stderr, "{}\n", PrintableText(message)); }

std::unexpected<int> Fail(const std::vector<Error>& errors) {
  for (const Error& error : errors) Tell(Describe(error));
  return std::unexpected(static_cast<int>(ExitCodeOf(errors.front().kind)));
}

std::unexpected<int> Misused(std::string_view option, std::string message, std::string hint) {
  return Fail({Error{.kind = ErrorKind::kUsage,
                     .message = std::move(message),
                     .place = {.file = {}, .line = 0, .column = 0, .field = std::string(option)},
                     .hint = std::move(hint)}});
}

std::expected<std::shared_ptr<const Inventory>, int> LoadFromStore(const std::string& name) {
  auto setup = ReadInventorySetup(ReadEnvironment(environ));
  if (!setup) return Fail({std::move(setup.error())});
  setup->name = name;
  const auto source = OpenInventory(*setup);
  if (!source) return Fail(source.error());
  for (const std::string& message : (*source)->Refresh()) Tell(message);
  return (*source)->Current();
}

}  // namespace

bool IsSourceName(std::string_view name) {
  return name == kLiveInventory || name.find("://") != std::string_view::npos;
}

std::expected<std::shared_ptr<const Inventory>, int> LoadNamedInventory(
    const std::vector<std::string>& names, std::string_view option) {
  if (std::ranges::any_of(names, IsSourceName)) {
    if (names.size() != 1) {
      return Misused(option, "live and stores cannot be put together with others",
                     fmt::format("give one {}", option));
    }
    if (names.front() == kLiveInventory) {
      return Misused(option, "a whole inventory is needed, and live knows only what it is asked",
                     "take one down: sgflow snapshot --output inventory.json");
    }
    return LoadFromStore(names.front());
  }
  auto loaded = LoadInventoryFiles(names);
  if (!loaded) return Fail(loaded.error());
  for (const InventoryWarning& warning : loaded->warnings) Tell(Describe(warning));
  return std::move(loaded->inventory);
}

}  // namespace sgflow
