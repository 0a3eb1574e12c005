// Firehose's events as invocations of the function, with the lines that each leaves.
#pragma once

#include <chrono>
#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "lambda/firehose_transform.h"
#include "lambda/invocation_loop.h"
#include "lambda/json_log.h"
#include "lambda/metrics.h"
#include "lambda/reingestion.h"
#include "lambda/time_plan.h"
#include "live/batch_enricher.h"
#include "store/inventory_source.h"

namespace sgflow {

class FirehoseHandler : public InvocationHandler {
 public:
  // All must outlive it; `batches` are those of `source`. `reingestion` may be null: what does not
  // fit into an answer comes back as it was then; so may `metrics`.
  FirehoseHandler(FirehoseTransform& transform, BatchEnricher& batches, InventorySource& source,
                  Reingestion* reingestion, Metrics* metrics, JsonLog& log, WallClock clock)
      : transform_(transform),
        batches_(batches),
        source_(source),
        reingestion_(reingestion),
        metrics_(metrics),
        log_(log),
        clock_(clock) {}

  // An event that cannot be answered is a Function.InvalidEvent; one whose interfaces could not be
  // learned, where that is to fail, a Function.InventoryUnavailable.
  [[nodiscard]] std::expected<std::string_view, FunctionError> Handle(
      const Invocation& invocation) override;

  // Renews the inventory.
  void AfterAnswer() override;

  // Of the source and of re-ingesting, what happened since the last one: an invocation's, whoever
  // answered it.
  InvocationReport Report();

 private:
  struct Reingested {
    std::uint64_t count = 0;
    std::optional<Error> fault{};
  };
  // Valid as long as the plan.
  TimeIsOver EndOfEnriching(const TimePlan& plan) const;
  Reingested ReingestAll(FirehoseOutcome& outcome, const TimePlan& plan);
  Reingested Reingest(std::span<const std::size_t> records, std::optional<TimePlan::Time> until);
  bool DeliverLater(std::size_t record, FirehoseOutcome& outcome, const TimePlan& plan);
  void Tell(LogLine line, InvocationReport report, std::chrono::steady_clock::time_point start);

  FirehoseTransform& transform_;
  BatchEnricher& batches_;
  InventorySource& source_;
  Reingestion* reingestion_;
  Metrics* metrics_;
  JsonLog& log_;
  WallClock clock_;
  // In the lines before.
  SourceCounters told_;
  AwsCounters told_stream_;
};

}  // namespace sgflow
