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
#include "store/document_folder.h"

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

// `live`, or the URL of a store. Such a one cannot be put together with others.
bool IsSourceName(const std::string& name) {
  return name == kLiveInventory ||
         (name.find("://") != std::string::npos && !IsDocumentFolder(name));
}

std::expected<InventoryHistory, int> LoadFromStore(InventorySetup setup, const std::string& name) {
  setup.name = name;
  const auto source = OpenInventory(setup);
  if (!source) return Fail(source.error());
  for (const std::string& message : (*source)->Refresh()) Tell(message);
  return InventoryHistory{(*source)->Current(), nullptr};
}

// The files by their paths, and each folder with what is in it.
Result<std::vector<NamedDocuments>> FindDocuments(const std::vector<std::string>& names,
                                                  const std::string& role_arn) {
  auto files = OpenDocumentFolder({}, {});
  if (!files) return std::unexpected(std::move(files.error()));
  std::vector<NamedDocuments> found{{std::move(*files), {}, false}};
  for (const std::string& name : names) {
    if (!IsDocumentFolder(name)) {
      found.front().entries.push_back({name, {}});
      continue;
    }
    auto folder = OpenDocumentFolder(name, role_arn);
    if (!folder) return std::unexpected(std::move(folder.error()));
    auto entries = (*folder)->List();
    if (!entries) return std::unexpected(std::move(entries.error()));
    found.push_back({std::move(*folder), std::move(*entries), true});
  }
  if (found.front().entries.empty()) found.erase(found.begin());
  return found;
}

}  // namespace

std::expected<InventoryHistory, int> LoadNamedInventory(const std::vector<std::string>& names,
                                                        std::string_view option) {
  auto setup = ReadInventorySetup(ReadEnvironment(environ));
  const bool needs_setup = std::ranges::any_of(
      names, [](const std::string& name) { return name.find("://") != std::string::npos; });
  if (!setup && needs_setup) return Fail({std::move(setup.error())});
  if (std::ranges::any_of(names, IsSourceName)) {
    if (names.size() != 1) {
      return Misused(option, "live and stores cannot be put together with others",
                     fmt::format("give one {}", option));
    }
    if (names.front() == kLiveInventory) {
      return Misused(option, "a whole inventory is needed, and live knows only what it is asked",
                     "take one down: sgflow snapshot --output inventory.json");
    }
    return LoadFromStore(std::move(*setup), names.front());
  }
  auto documents = FindDocuments(names, setup ? setup->role_arn : std::string());
  if (!documents) return Fail({std::move(documents.error())});
  auto loaded = LoadInventoryHistory(
      std::move(*documents), [](const InventoryWarning& warning) { Tell(Describe(warning)); });
  if (!loaded) return Fail(loaded.error());
  return std::move(*loaded);
}

}  // namespace sgflow
