#include "store/history_documents.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "store/appended_name.h"
#include "store/inventory_files.h"

namespace sgflow {
namespace {

// Before a place's name: no folder's is like it.
constexpr char kPlace = '\0';

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

void SortOnce(std::vector<HistoryDocuments::Moment>& moments) {
  std::ranges::sort(moments);
  const auto repeated = std::ranges::unique(moments);
  moments.erase(repeated.begin(), repeated.end());
}

}  // namespace

Document AsDocument(HistoryText& text) {
  text.text.reserve(text.text.size() + kDocumentPadding);
  return {.name = text.name, .text = text.text, .is_padded = true};
}

std::vector<Error> HistoryDocuments::Read(std::vector<NamedDocuments> named) {
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
      Stored stored{documents.folder, entry.name, nullptr, std::nullopt, std::nullopt};
      if (!documents.is_folder || !NoteByName(stored)) {
        ReadOne(std::move(stored), is_lone, !documents.is_folder);
      }
    }
  }
  std::ranges::sort(timeless_, {},
                    [](const HistoryText& text) { return std::tie(text.name, text.text); });
  ReadSamples();
  JoinWholePlaces();
  config_.Finish();
  auto errors = report_.TakeErrors();
  std::ranges::move(errors, std::back_inserter(errors_));
  FindSeries();
  return std::move(errors_);
}

// False where its name does not say when it was.
bool HistoryDocuments::NoteByName(Stored& stored) {
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
void HistoryDocuments::ReadOne(Stored stored, bool is_lone, bool keeps) {
  auto bytes = ReadStored(stored);
  if (!bytes) {
    errors_.push_back(std::move(bytes.error()));
    return;
  }
  HistoryText text{.name = stored.shown(), .text = std::move(*bytes)};
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
  stored.before = moment->before;
  has_read_captures_ = true;
  captures_.Add(moment->captured_at, NamesOf(moment->places), std::move(stored));
  AddCovered(moment->captured_at, std::move(moment->places));
}

void HistoryDocuments::ReadSamples() {
  // Who is alone has nothing to belong together with.
  if (samples_.size() + (has_read_captures_ ? 1 : 0) + (has_config_ ? 1 : 0) < 2) return;
  for (const auto& [folder, sample] : samples_) {
    auto bytes = ReadStored(sample.latest);
    if (!bytes) {
      errors_.push_back(std::move(bytes.error()));
      continue;
    }
    HistoryText text{.name = sample.latest.shown(), .text = std::move(*bytes)};
    auto moment = FindMoment(AsDocument(text));
    if (!moment) continue;
    captures_.Join(folder, NamesOf(moment->places));
    AddCovered(sample.first, std::move(moment->places));
  }
}

void HistoryDocuments::AddCovered(Moment from, std::vector<CapturedPlace> places) {
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
void HistoryDocuments::JoinWholePlaces() {
  for (const Covered& covered : covered_) {
    if (covered.place.vpc_ids.empty()) captures_.JoinInner(NamesOf({covered.place}).front());
  }
}

// From when on captures follow it.
std::vector<HistoryDocuments::Moment> HistoryDocuments::EndConfig() {
  std::vector<Moment> ends;
  for (const Covered& covered : covered_) {
    if (!config_.EndWhere(covered.place, covered.from)) continue;
    captures_.Follow(NamesOf({covered.place}).front());
    ends.push_back(covered.from);
  }
  return ends;
}

void HistoryDocuments::FindSeries() {
  const std::vector<Moment> ends = EndConfig();
  std::vector<Moment> of_config = config_.Moments();
  uses_config_ = !of_config.empty() || config_.HasTimeless();
  of_config.insert(of_config.end(), ends.begin(), ends.end());
  SortOnce(of_config);
  series_ = captures_.Moments();
  series_.push_back(std::move(of_config));
  for (const std::vector<Moment>& one : series_) {
    points_.insert(points_.end(), one.begin(), one.end());
  }
  SortOnce(points_);
}

Result<HistoryDocuments::AtPoint> HistoryDocuments::At(std::size_t point) const {
  std::optional<Moment> moment;
  if (point != Timeline::kBeforeFirst && point < points_.size()) moment = points_[point];
  return Together(captures_.At(moment), moment);
}

Result<HistoryDocuments::AtPoint> HistoryDocuments::After(std::size_t point) const {
  const Moment moment = points_[point];
  const std::vector<Moment>& of_config = series_.back();
  const auto next = std::ranges::upper_bound(of_config, moment);
  const Moment change = next == of_config.end() ? moment : *next;
  return Together(captures_.After(moment, change), change);
}

Result<HistoryDocuments::AtPoint> HistoryDocuments::Together(
    const std::vector<CaptureSeries<Stored>::Held>& captures,
    std::optional<Moment> of_config) const {
  AtPoint at;
  for (const auto& [series, stored] : captures) {
    auto bytes = ReadStored(stored);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    HistoryText& text = at.texts.emplace_back(stored.shown(), std::move(*bytes),
                                              static_cast<Timeline::Series>(series), stored.before);
    if (!stored.named) continue;
    auto fault = FaultOfName(*stored.named, text);
    if (!at.misnamed) at.misnamed = std::move(fault);
  }
  if (!uses_config_) return at;
  // Where both tell of a thing, as of one that VPCs share, the capture counts.
  std::unordered_set<std::string> told;
  for (HistoryText& text : at.texts) told.merge(FindDescribedIds(AsDocument(text)));
  at.config = config_.DocumentAt(of_config, told);
  if (at.config) {
    at.texts.push_back({std::string(kConfigName), std::move(at.config->text),
                        static_cast<Timeline::Series>(series_.size() - 1)});
  }
  return at;
}

Result<std::string> HistoryDocuments::ReadStored(const Stored& stored) {
  if (stored.kept) return *stored.kept;
  auto bytes = stored.folder->Read(stored.name);
  if (!bytes) {
    if (bytes.error().kind == ErrorKind::kInput) bytes.error().kind = ErrorKind::kInventory;
    bytes.error().place.file = stored.shown();
    return bytes;
  }
  return InflatedDocument(stored.shown(), std::move(*bytes));
}

// A name is trusted until the document is read.
std::optional<Error> HistoryDocuments::FaultOfName(Moment named, HistoryText& text) {
  const auto moment = FindMoment(AsDocument(text));
  if (moment && moment->captured_at == named) {
    text.before = moment->before;
    return std::nullopt;
  }
  return Error{.kind = ErrorKind::kInventory,
               .message = "its name says another time than its CapturedAt",
               .place = InFile(text.name),
               .hint = "give it the name that it had, or one that is no time"};
}

}  // namespace sgflow
