// Each record by the inventory that was true when it happened, and whether the captures around it
// agree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enrich/inventory_view.h"
#include "flowlog/flow_record.h"
#include "inventory/id_index.h"
#include "inventory/timeline.h"
#include "output/field_selection.h"
#include "output/output_format.h"
#include "verdict/conversations.h"
#include "verdict/verdict.h"

namespace sgflow {

// For one thread; those of several share the timeline. It holds the views that were used last:
// three (a record's, the next one's and one to come back to), or as many as come to some 128 MB.
//
// When a record happened is its `end`, else its `start`. One that has neither is judged by the
// latest inventory.
class TimeTravel {
 public:
  // `compares`: answers are held against those of the next capture.
  TimeTravel(std::shared_ptr<Timeline> timeline, OutputFormat format, const FieldSelection& fields,
             bool compares);
  ~TimeTravel();

  const Timeline& timeline() const { return *timeline_; }

  // How many points may be gone to in any order without loading anything twice, about.
  static std::size_t RoomFor(const Timeline& timeline);
  // Where Enter would go.
  std::size_t PointOf(const FlowRecord& record) const;

  // Goes to the record's time, and among the captures to those of its interface's place. The view
  // lives until the next call. Error: an inventory could not be loaded.
  [[nodiscard]] Result<InventoryView*> Enter(const FlowRecord& record);

  // Of the record that Enter was called with, once. `conversations` are nobody else's: interfaces
  // are numbered across inventories here. At most possible where the next captures give another
  // answer, or there is none of its place for the record's time.
  Verdict Decide(const FlowRecord& record, Conversations& conversations);
  // `reason` and why the time makes it unsure. Valid until the next call.
  std::string_view Reason(std::string_view reason);

  // Since when what the inventory says of the record's interface is true, as 2026-01-02T03:04:05Z.
  std::string_view as_of() const { return as_of_; }

  // Another stretch of records begins: with `conversations` cleared their numbers may go.
  void StartStretch() { numbers_ = {}; }

 private:
  enum class Doubt : std::uint8_t { kNone, kNoTime, kBeforeFirst, kNextDiffers, kOnlyNextHasIt };

  // What it takes to judge by a state of the timeline.
  struct Stop {
    Stop(Timeline::StatePtr of, OutputFormat format, const FieldSelection& fields)
        : state(std::move(of)), view(state->inventory, format, fields) {}

    Timeline::StatePtr state;
    InventoryView view;
  };

  Result<Stop*> StopAt(Result<Timeline::StatePtr> state);
  Result<void> GoTo(std::size_t point);
  void ChooseSeries(const FlowRecord& record);
  bool WasStillSo(Timeline::Series series) const;
  std::string NextAsOf() const;
  bool NextDiffers(const FlowRecord& record, const Verdict& verdict,
                   std::optional<bool> sender_remembered);
  void Forget();

  std::shared_ptr<Timeline> timeline_;
  OutputFormat format_;
  FieldSelection fields_;
  bool compares_;

  std::vector<std::unique_ptr<Stop>> stops_;  // the one used last first
  std::optional<std::size_t> point_;          // where here_ and ahead_ are of
  Stop* here_ = nullptr;
  Stop* ahead_ = nullptr;  // null where there is none, or none that says anything else

  // Of the record.
  bool has_time_ = true;
  Timeline::Moment time_;
  InventoryView* view_ = nullptr;
  InventoryView* next_ = nullptr;  // null where its answer is not asked for
  Timeline::Around around_;
  std::optional<Timeline::Moment> as_of_moment_;  // what as_of_ says
  std::string as_of_;

  IdIndex numbers_;
  std::uint32_t count_ = 0;
  Doubt doubt_ = Doubt::kNone;
  std::string reason_;
};

}  // namespace sgflow
