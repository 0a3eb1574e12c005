#include "store/inventory_history.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
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

  const HistoryDocuments& documents() const { return documents_; }
  bool is_timeline() const { return documents_.is_timeline(); }

  std::expected<Timeline::StatePtr, std::vector<Error>> Load(std::size_t point,
                                                             Timeline::Which which) {
    auto at = which == Timeline::Which::kNext ? documents_.After(point) : documents_.At(point);
    if (!at) return std::unexpected(std::vector{std::move(at.error())});
    std::vector<Document> documents;
    for (HistoryText& text : documents_.timeless()) documents.push_back(AsDocument(text));
    for (HistoryText& text : at->texts) documents.push_back(AsDocument(text));
    std::weak_ptr<const Timeline::State> none;
    auto& like = is_timeline() ? by_content_[HashOf(documents)] : none;
    if (auto state = at->misnamed ? nullptr : like.lock()) return state;
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
    auto state = std::make_shared<Timeline::State>();
    state->inventory = std::move(loaded->inventory);
    if (HasSeveralSeries()) state->series = SeriesOf(*state->inventory, at->texts);
    for (const HistoryText& text : at->texts) {
      if (text.before)
        state->before[text.series] = {text.before->captured_at, text.before->seen_at};
    }
    like = state;
    return state;
  }

 private:
  bool HasSeveralSeries() const {
    return std::ranges::count_if(documents_.series(),
                                 [](const auto& one) { return !one.empty(); }) > 1;
  }

  // Of one that two tell of it is the one that came first.
  static std::vector<Timeline::Series> SeriesOf(const Inventory& inventory,
                                                std::vector<HistoryText>& texts) {
    std::unordered_map<std::string, Timeline::Series> by_id;
    for (HistoryText& text : texts) {
      for (const std::string& id : FindDescribedIds(AsDocument(text))) {
        by_id.try_emplace(id, text.series);
      }
    }
    std::vector<Timeline::Series> series;
    series.reserve(inventory.interfaces().size());
    for (const NetworkInterface& interface : inventory.interfaces()) {
      const auto found = by_id.find(std::string(interface.id));
      series.push_back(found == by_id.end() ? Timeline::kAnySeries : found->second);
    }
    return series;
  }

  void Tell(const InventoryWarning& warning) {
    // At one time or another there may have been none.
    if (warning.kind == InventoryWarningKind::kNoInterfaces && is_timeline()) return;
    if (told_.insert(warning.kind).second) tell_(warning);
  }

  TellWarning tell_;
  std::set<InventoryWarningKind> told_;
  HistoryDocuments documents_;
  // Captures that are alike are one state.
  std::map<std::uint64_t, std::weak_ptr<const Timeline::State>> by_content_;
};

}  // namespace

std::expected<InventoryHistory, std::vector<Error>> LoadInventoryHistory(
    std::vector<NamedDocuments> named, TellWarning tell) {
  auto history = std::make_shared<History>(std::move(tell));
  if (auto errors = history->Read(std::move(named)); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  const std::vector<Timeline::Moment>& points = history->documents().points();
  auto latest = history->Load(points.empty() ? Timeline::kBeforeFirst : points.size() - 1,
                              Timeline::Which::kHolding);
  if (!latest) return std::unexpected(std::move(latest.error()));
  InventoryHistory loaded{(*latest)->inventory, nullptr};
  if (!history->is_timeline()) return loaded;
  const auto load = [history](std::size_t point,
                              Timeline::Which which) -> Result<Timeline::StatePtr> {
    auto state = history->Load(point, which);
    if (!state) return std::unexpected(Joined(std::move(state.error())));
    return std::move(*state);
  };
  loaded.timeline =
      std::make_shared<Timeline>(history->documents().series(), std::move(*latest), load);
  return loaded;
}

}  // namespace sgflow
