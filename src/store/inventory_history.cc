#include "store/inventory_history.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "documents/document_moment.h"
#include "documents/documents.h"
#include "store/history_documents.h"

namespace sgflow {
namespace {

// Several errors as one, for who has room for one.
Error Joined(std::vector<Error> errors) {
  Error error = std::move(errors.front());
  if (errors.size() > 1) {
    error.message += " (and " + std::to_string(errors.size() - 1) + " more like it)";
  }
  return error;
}

// Of Config's document nobody has a file: its items' have one.
void PlaceInItem(const std::optional<ConfigHistory::Document>& config, Place& place,
                 std::string& message) {
  if (!config || place.file != HistoryDocuments::kConfigName) return;
  const ConfigItem* item = config->ItemAt(place.field);
  if (item == nullptr) {
    if (!config->items.empty()) place = InFile(*config->items.front()->file);
    return;
  }
  const std::size_t inner = place.field.find("].");
  if (inner != std::string::npos) message.insert(0, place.field.substr(inner + 2) + ": ");
  place = item->place();
}

std::uint64_t HashOf(const std::vector<Document>& documents) {
  std::uint64_t hash = 0;
  for (const Document& document : documents) {
    hash = (hash * 0x9E3779B97F4A7C15U) ^ HashWithoutMoment(document.text);
  }
  return hash;
}

// How the inventory of one time is made of its documents.
class History {
 public:
  explicit History(TellWarning tell) : tell_(std::move(tell)) {}

  std::vector<Error> Read(std::vector<NamedDocuments> named) {
    auto errors = documents_.Read(std::move(named));
    for (const InventoryWarning& warning : documents_.TakeWarnings()) Tell(warning);
    return errors;
  }

  const std::vector<Timeline::Moment>& points() const { return documents_.points(); }
  bool is_timeline() const { return documents_.is_timeline(); }

  std::expected<std::shared_ptr<const Inventory>, std::vector<Error>> Load(std::size_t point) {
    auto at = documents_.At(point);
    if (!at) return std::unexpected(std::vector{std::move(at.error())});
    std::vector<Document> documents;
    for (HistoryText& text : documents_.timeless()) documents.push_back(AsDocument(text));
    for (HistoryText& text : at->texts) documents.push_back(AsDocument(text));
    std::weak_ptr<const Inventory> none;
    std::weak_ptr<const Inventory>& like = is_timeline() ? by_content_[HashOf(documents)] : none;
    if (auto inventory = at->misnamed ? nullptr : like.lock()) return inventory;
    auto loaded = LoadInventory(documents);
    if (!loaded) {
      for (Error& error : loaded.error()) PlaceInItem(at->config, error.place, error.message);
      return std::unexpected(std::move(loaded.error()));
    }
    if (at->misnamed) return std::unexpected(std::vector{std::move(*at->misnamed)});
    for (InventoryWarning& warning : loaded->warnings) {
      PlaceInItem(at->config, warning.place, warning.message);
      Tell(warning);
    }
    like = loaded->inventory;
    return std::move(loaded->inventory);
  }

 private:
  void Tell(const InventoryWarning& warning) {
    // At one time or another there may have been none.
    if (warning.kind == InventoryWarningKind::kNoInterfaces && is_timeline()) return;
    if (told_.insert(warning.kind).second) tell_(warning);
  }

  TellWarning tell_;
  std::set<InventoryWarningKind> told_;
  HistoryDocuments documents_;
  // Captures that are alike are one inventory.
  std::map<std::uint64_t, std::weak_ptr<const Inventory>> by_content_;
};

}  // namespace

std::expected<InventoryHistory, std::vector<Error>> LoadInventoryHistory(
    std::vector<NamedDocuments> named, TellWarning tell) {
  auto history = std::make_shared<History>(std::move(tell));
  if (auto errors = history->Read(std::move(named)); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  const std::vector<Timeline::Moment>& points = history->points();
  auto latest = history->Load(points.empty() ? Timeline::kBeforeFirst : points.size() - 1);
  if (!latest) return std::unexpected(std::move(latest.error()));
  InventoryHistory loaded{std::move(*latest), nullptr};
  if (!history->is_timeline()) return loaded;
  const auto load = [history](std::size_t point) -> Result<std::shared_ptr<const Inventory>> {
    auto inventory = history->Load(point);
    if (!inventory) return std::unexpected(Joined(std::move(inventory.error())));
    return std::move(*inventory);
  };
  loaded.timeline = std::make_shared<Timeline>(points, loaded.inventory, load);
  return loaded;
}

}  // namespace sgflow
