#include "store/inventory_history.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "documents/document_moment.h"
#include "documents/documents.h"
#include "store/appended_name.h"
#include "store/capture_series.h"
#include "store/config_history.h"
#include "store/inventory_files.h"

namespace sgflow {
namespace {

using Moment = Timeline::Moment;

// Where a document can be read again.
struct Stored {
  std::shared_ptr<DocumentFolder> folder;
  std::string name;
  std::shared_ptr<const std::string> kept;  // null where it is read when needed
  std::optional<Moment> named;              // its time, where nothing but its name has told it

  std::string shown() const { return folder->Shown(name); }
};

Result<std::string> ReadStored(const Stored& stored) {
  if (stored.kept) return *stored.kept;
  auto bytes = stored.folder->Read(stored.name);
  if (!bytes) {
    if (bytes.error().kind == ErrorKind::kInput) bytes.error().kind = ErrorKind::kInventory;
    bytes.error().place.file = stored.shown();
    return bytes;
  }
  return InflatedDocument(stored.shown(), std::move(*bytes));
}

struct Text {
  std::string name;
  std::string text;
};

Document AsDocument(Text& text) {
  text.text.reserve(text.text.size() + kDocumentPadding);
  return {.name = text.name, .text = text.text, .is_padded = true};
}

// What Config's document is called where no item is at fault.
constexpr std::string_view kConfigName = "AWS Config";
// Before a place's name: no folder's is like it.
constexpr char kPlace = '\0';

// Several errors as one, for who has room for one.
Error Joined(std::vector<Error> errors) {
  Error error = std::move(errors.front());
  if (errors.size() > 1) {
    error.message += " (and " + std::to_string(errors.size() - 1) + " more like it)";
  }
  return error;
}

// An account's Region, or a VPC of it: how the series' places are named.
std::vector<std::string> NamesOf(const std::vector<CapturedPlace>& places) {
  std::vector<std::string> names;
  for (const CapturedPlace& place : places) {
    const std::string whole = std::string(1, kPlace) + place.account_id + '/' + place.region;
    if (place.vpc_ids.empty()) names.push_back(whole);
    for (const std::string& vpc_id : place.vpc_ids)
      names.push_back(std::string(whole).append("/").append(vpc_id));
  }
  return names;
}

// All documents of all times, and how the inventory of one time is made.
class History {
 public:
  explicit History(TellWarning tell) : tell_(std::move(tell)) {}

  std::vector<Error> Read(std::vector<NamedDocuments> named) {
    const bool is_lone = named.size() == 1 && named[0].entries.size() == 1 && !named[0].is_folder;
    for (const NamedDocuments& documents : named) {
      has_folder_ = has_folder_ || documents.is_folder;
      if (documents.entries.empty()) {
        errors_.push_back({.kind = ErrorKind::kInventory,
                           .message = "holds no document",
                           .place = InFile(documents.folder->Shown({})),
                           .hint = "their names end in .json or .json.gz, and begin with no dot"});
      }
      for (const DocumentFolder::Entry& entry : documents.entries) {
        Stored stored{documents.folder, entry.name, nullptr, std::nullopt};
        if (!documents.is_folder || !NoteByName(stored)) {
          Read(std::move(stored), is_lone, !documents.is_folder);
        }
      }
    }
    std::ranges::sort(timeless_, {},
                      [](const Text& text) { return std::tie(text.name, text.text); });
    ReadSamples();
    JoinWholePlaces();
    config_.Finish();
    EndConfig();
    auto errors = report_.TakeErrors();
    std::ranges::move(errors, std::back_inserter(errors_));
    for (const InventoryWarning& warning : report_.TakeWarnings()) Tell(warning);
    FindPoints();
    return std::move(errors_);
  }

  // Ascending; none where nothing says when it was.
  const std::vector<Moment>& points() const { return points_; }
  bool is_timeline() const {
    return points_.size() > 1 || (!points_.empty() && (has_folder_ || uses_config_));
  }

  std::expected<std::shared_ptr<const Inventory>, std::vector<Error>> Load(std::size_t point) {
    std::optional<Error> misnamed;
    std::optional<ConfigHistory::Document> config;
    auto texts = TextsAt(point, misnamed, config);
    if (!texts) return std::unexpected(std::vector{std::move(texts.error())});
    std::vector<Document> documents;
    for (Text& text : timeless_) documents.push_back(AsDocument(text));
    for (Text& text : *texts) documents.push_back(AsDocument(text));
    std::weak_ptr<const Inventory> none;
    std::weak_ptr<const Inventory>& like = is_timeline() ? by_content_[HashOf(documents)] : none;
    if (auto inventory = misnamed ? nullptr : like.lock()) return inventory;
    auto loaded = LoadInventory(documents);
    if (!loaded) {
      for (Error& error : loaded.error()) PlaceInItem(config, error.place, error.message);
      return std::unexpected(std::move(loaded.error()));
    }
    if (misnamed) return std::unexpected(std::vector{std::move(*misnamed)});
    for (InventoryWarning& warning : loaded->warnings) {
      PlaceInItem(config, warning.place, warning.message);
      Tell(warning);
    }
    like = loaded->inventory;
    return std::move(loaded->inventory);
  }

 private:
  // False where its name does not say when it was.
  bool NoteByName(Stored& stored) {
    stored.named = TimeOfAppended(stored.name);
    if (!stored.named) return false;
    const std::string shown = stored.shown();
    const std::string folder = shown.substr(0, shown.rfind('/') + 1);
    captures_.Add(*stored.named, {folder}, stored);
    // Of which account and Region they are the latest of a folder tells.
    const auto [at, is_new] = samples_.try_emplace(folder, Sample{stored, *stored.named});
    if (is_new) return true;
    if (stored.named > at->second.latest.named) at->second.latest = stored;
    at->second.first = std::min(at->second.first, *stored.named);
    return true;
  }

  // One document alone needs no moment.
  void Read(Stored stored, bool is_lone, bool keeps) {
    auto bytes = ReadStored(stored);
    if (!bytes) {
      errors_.push_back(std::move(bytes.error()));
      return;
    }
    Text text{stored.shown(), std::move(*bytes)};
    const Document document = AsDocument(text);
    std::vector<ConfigItem> items;
    if (ReadConfig(document, items, report_)) {
      has_config_ = has_config_ || !items.empty();
      config_.Add(std::move(items));
      return;
    }
    auto moment = is_lone ? std::nullopt : FindMoment(document);
    if (!moment) {
      timeless_.push_back(std::move(text));
      return;
    }
    if (keeps) stored.kept = std::make_shared<const std::string>(std::move(text.text));
    has_read_captures_ = true;
    captures_.Add(moment->captured_at, NamesOf(moment->places), std::move(stored));
    AddCovered(moment->captured_at, std::move(moment->places));
  }

  void ReadSamples() {
    // Who is alone has nothing to belong together with.
    if (samples_.size() + (has_read_captures_ ? 1 : 0) + (has_config_ ? 1 : 0) < 2) return;
    for (const auto& [folder, sample] : samples_) {
      auto bytes = ReadStored(sample.latest);
      if (!bytes) {
        errors_.push_back(std::move(bytes.error()));
        continue;
      }
      Text text{sample.latest.shown(), std::move(*bytes)};
      auto moment = FindMoment(AsDocument(text));
      if (!moment) continue;
      captures_.Join(folder, NamesOf(moment->places));
      AddCovered(sample.first, std::move(moment->places));
    }
  }

  void AddCovered(Moment from, std::vector<CapturedPlace> places) {
    for (CapturedPlace& place : places) {
      const auto same = [&](const Covered& covered) { return covered.place == place; };
      const auto at = std::ranges::find_if(covered_, same);
      if (at == covered_.end()) {
        covered_.push_back({std::move(place), from});
      } else {
        at->from = std::min(at->from, from);
      }
    }
  }

  // A capture of all VPCs tells of each one.
  void JoinWholePlaces() {
    for (const Covered& covered : covered_) {
      if (covered.place.vpc_ids.empty()) captures_.JoinInner(NamesOf({covered.place}).front());
    }
  }

  void EndConfig() {
    for (const Covered& covered : covered_) config_.EndWhere(covered.place, covered.from);
  }

  void FindPoints() {
    points_ = captures_.Moments();
    const std::vector<Moment> changes = config_.Moments();
    uses_config_ = !changes.empty() || config_.HasTimeless();
    begins_with_config_ =
        config_.HasTimeless() ||
        (!changes.empty() && (points_.empty() || changes.front() < points_.front()));
    points_.insert(points_.end(), changes.begin(), changes.end());
    std::ranges::sort(points_);
    const auto repeated = std::ranges::unique(points_);
    points_.erase(repeated.begin(), repeated.end());
  }

  // `misnamed`: what is to be said of a document's name, once nothing else is. `config`: the
  // document of Config's items among the texts.
  Result<std::vector<Text>> TextsAt(std::size_t point, std::optional<Error>& misnamed,
                                    std::optional<ConfigHistory::Document>& config) const {
    std::optional<Moment> moment;
    if (point != Timeline::kBeforeFirst && point < points_.size()) moment = points_[point];
    auto texts =
        !moment && begins_with_config_ ? Result<std::vector<Text>>() : CapturesAt(moment, misnamed);
    if (!texts || !uses_config_) return texts;
    // Where both tell of a thing, as of one that VPCs share, the capture counts.
    std::unordered_set<std::string> told;
    for (Text& text : *texts) told.merge(FindDescribedIds(AsDocument(text)));
    config = moment || begins_with_config_ ? config_.DocumentAt(moment, told)
                                           : config_.FirstOfTheEndless(told);
    if (config) texts->push_back({std::string(kConfigName), std::move(config->text)});
    return texts;
  }

  Result<std::vector<Text>> CapturesAt(std::optional<Moment> moment,
                                       std::optional<Error>& misnamed) const {
    std::vector<Text> texts;
    for (const Stored& stored : captures_.At(moment)) {
      auto bytes = ReadStored(stored);
      if (!bytes) return std::unexpected(std::move(bytes.error()));
      texts.push_back({stored.shown(), std::move(*bytes)});
      if (!misnamed) misnamed = FaultOfName(stored, texts.back());
    }
    return texts;
  }

  // A name is trusted until the document is read.
  static std::optional<Error> FaultOfName(const Stored& stored, Text& text) {
    if (!stored.named) return std::nullopt;
    const auto moment = FindMoment(AsDocument(text));
    if (moment && moment->captured_at == *stored.named) return std::nullopt;
    return Error{.kind = ErrorKind::kInventory,
                 .message = "its name says another time than its CapturedAt",
                 .place = InFile(text.name),
                 .hint = "give it the name that it had, or one that is no time"};
  }

  // Of Config's document nobody has a file: its items' have one.
  static void PlaceInItem(const std::optional<ConfigHistory::Document>& config, Place& place,
                          std::string& message) {
    if (!config || place.file != kConfigName) return;
    const ConfigItem* item = config->ItemAt(place.field);
    if (item == nullptr) {
      if (!config->items.empty()) place = InFile(*config->items.front()->file);
      return;
    }
    const std::size_t inner = place.field.find("].");
    if (inner != std::string::npos) message.insert(0, place.field.substr(inner + 2) + ": ");
    place = item->place();
  }

  std::uint64_t HashOf(const std::vector<Document>& documents) const {
    std::uint64_t hash = 0;
    for (const Document& document : documents) {
      hash = (hash * 0x9E3779B97F4A7C15U) ^ HashWithoutMoment(document.text);
    }
    return hash;
  }

  void Tell(const InventoryWarning& warning) {
    // At one time or another there may have been none.
    if (warning.kind == InventoryWarningKind::kNoInterfaces && is_timeline()) return;
    if (told_.insert(warning.kind).second) tell_(warning);
  }

  TellWarning tell_;
  std::set<InventoryWarningKind> told_;
  InventoryReport report_;
  std::vector<Error> errors_;

  bool has_folder_ = false;
  std::vector<Text> timeless_;
  CaptureSeries<Stored> captures_;
  bool has_read_captures_ = false;
  struct Sample {
    Stored latest;
    Moment first;
  };
  std::map<std::string, Sample> samples_;  // by folder
  // What captures tell of, and from when on.
  struct Covered {
    CapturedPlace place;
    Moment from;
  };
  std::vector<Covered> covered_;
  ConfigHistory config_;
  bool has_config_ = false;
  bool uses_config_ = false;
  bool begins_with_config_ = false;
  std::vector<Moment> points_;
  std::map<std::uint64_t, std::weak_ptr<const Inventory>> by_content_;
};

}  // namespace

std::expected<InventoryHistory, std::vector<Error>> LoadInventoryHistory(
    std::vector<NamedDocuments> named, TellWarning tell) {
  auto history = std::make_shared<History>(std::move(tell));
  if (auto errors = history->Read(std::move(named)); !errors.empty()) {
    return std::unexpected(std::move(errors));
  }
  const std::vector<Moment>& points = history->points();
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
