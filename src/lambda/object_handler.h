// Events that tell of objects created in S3, as invocations of the function.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lambda/firehose_handler.h"
#include "lambda/invocation_loop.h"
#include "lambda/json_log.h"
#include "lambda/metrics.h"
#include "lambda/object_counts.h"
#include "lambda/object_enricher.h"
#include "lambda/object_event.h"

namespace sgflow {

class ObjectHandler : public InvocationHandler {
 public:
  using Maker = std::function<std::unique_ptr<ObjectEnricher>()>;

  // `make` is called with the first such event; what it makes is kept, and calls S3 by `client`.
  // All other events are `others`' to answer, and what comes after an answer is its work. `metrics`
  // may be null. All must outlive it.
  ObjectHandler(Maker make, const AwsClient& client, FirehoseHandler& others, Metrics* metrics,
                JsonLog& log, WallClock clock)
      : make_(std::move(make)),
        client_(client),
        others_(others),
        metrics_(metrics),
        log_(log),
        clock_(clock) {}

  // Messages of SQS are answered with those that failed, which come again. An event of another
  // way fails as a whole (Function.ObjectFailed), and comes again: what it had done by then is
  // known as finished. So fails one of an object that AWS could not be asked all about, though what
  // is known is written: how often it comes again is the queue's or Lambda's to bound.
  [[nodiscard]] std::expected<std::string_view, FunctionError> Handle(
      const Invocation& invocation) override;

  void AfterAnswer() override { others_.AfterAnswer(); }

 private:
  std::expected<std::string_view, FunctionError> Answer(const ObjectEvent& event,
                                                        const Invocation& invocation);
  // What went wrong.
  std::optional<Error> Process(const ObjectMessage& message, const Invocation& invocation);
  std::optional<Error> Process(const S3Location& object, const Invocation& invocation);

  void Count(const ObjectOutcome& outcome);
  void Tell(bool failed, std::chrono::steady_clock::time_point start);

  Maker make_;
  const AwsClient& client_;
  FirehoseHandler& others_;
  Metrics* metrics_;
  JsonLog& log_;
  WallClock clock_;
  std::unique_ptr<ObjectEnricher> enricher_;
  ObjectCounts counts_;     // of the invocation
  AwsCounters told_calls_;  // in the metrics before
  std::string answer_;
};

}  // namespace sgflow
