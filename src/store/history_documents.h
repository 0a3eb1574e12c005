// The documents of an inventory's history, and which of them hold at a moment.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "documents/document_moment.h"
#include "documents/documents.h"
#include "error/error.h"
#include "inventory/inventory_report.h"
#include "inventory/timeline.h"
#include "store/capture_series.h"
#include "store/config_history.h"
#include "store/document_folder.h"

namespace sgflow {

// A document's text, which stays as long as this.
struct HistoryText {
  std::string name;
  std::string text;
  Timeline::Series series = Timeline::kAnySeries;
  std::optional<CaptureBefore> before{};  // what it says of its series' capture before it
};
Document AsDocument(HistoryText& text);

class HistoryDocuments {
 public:
  using Moment = Timeline::Moment;

  // Once. What a name's folder says of its time is believed; all else is read, and kept where it
  // may not be there to be read again. Gives what is wrong.
  std::vector<Error> Read(std::vector<NamedDocuments> named);
  std::vector<InventoryWarning> TakeWarnings() { return report_.TakeWarnings(); }

  // Of the timeline, by number; all are empty where nothing says when it was. All of AWS Config is
  // one: its changes, and where captures follow it.
  const std::vector<std::vector<Moment>>& series() const { return series_; }
  // Of all series, ascending.
  const std::vector<Moment>& points() const { return points_; }
  bool is_timeline() const {
    return points_.size() > 1 || (!points_.empty() && (has_folder_ || uses_config_));
  }

  // Those that say no moment, which belong to each. In an order that does not hang on how they were
  // named.
  std::span<HistoryText> timeless() { return timeless_; }

  struct AtPoint {
    std::vector<HistoryText> texts;
    // Of AWS Config's items among the texts, by the name kConfigName.
    std::optional<ConfigHistory::Document> config;
    // What is to be said of a document's name, once nothing else is.
    std::optional<Error> misnamed;
  };
  // Those that hold from points()[point] on, or before the first one (Timeline::kBeforeFirst).
  [[nodiscard]] Result<AtPoint> At(std::size_t point) const;
  // Of each series what holds next.
  [[nodiscard]] Result<AtPoint> After(std::size_t point) const;

  // What Config's document is called where no item is at fault.
  static constexpr std::string_view kConfigName = "AWS Config";

 private:
  // Where a document can be read again.
  struct Stored {
    std::shared_ptr<DocumentFolder> folder;
    std::string name;
    std::shared_ptr<const std::string> kept;  // null where it is read when needed
    std::optional<Moment> named;              // its time, where nothing but its name has told it
    std::optional<CaptureBefore> before;      // where it has been read

    std::string shown() const { return folder->Shown(name); }
  };
  // The documents of a folder whose names tell their times.
  struct Sample {
    Stored latest;
    Moment first;
  };
  // What captures tell of, and from when on.
  struct Covered {
    CapturedPlace place;
    Moment from;
  };

  static Result<std::string> ReadStored(const Stored& stored);
  static std::optional<Error> FaultOfName(Moment named, HistoryText& text);
  bool NoteByName(Stored& stored);
  void ReadOne(Stored stored, bool is_lone, bool keeps);
  void ReadSamples();
  void AddCovered(Moment from, std::vector<CapturedPlace> places);
  void JoinWholePlaces();
  std::vector<Moment> EndConfig();
  void FindSeries();
  Result<AtPoint> Together(const std::vector<CaptureSeries<Stored>::Held>& captures,
                           std::optional<Moment> of_config) const;

  InventoryReport report_;
  std::vector<Error> errors_;
  bool has_folder_ = false;
  std::vector<HistoryText> timeless_;
  CaptureSeries<Stored> captures_;
  bool has_read_captures_ = false;
  std::map<std::string, Sample> samples_;  // by folder
  std::vector<Covered> covered_;
  ConfigHistory config_;
  bool has_config_ = false;
  bool uses_config_ = false;
  std::vector<std::vector<Moment>> series_;  // the last one is Config's
  std::vector<Moment> points_;
};

}  // namespace sgflow
