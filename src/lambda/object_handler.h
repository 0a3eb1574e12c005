// Events that tell of objects created in S3, as invocations of the function.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "lambda/invocation_loop.h"
#include "lambda/json_log.h"
#include "lambda/object_enricher.h"
#include "lambda/object_event.h"

namespace sgflow {

class ObjectHandler : public InvocationHandler {
 public:
  using Maker = std::function<std::unique_ptr<ObjectEnricher>()>;

  // `make` is called with the first such event; what it makes is kept. All other events are
  // `others`' to answer, and what comes after an answer is its work. All must outlive it.
  ObjectHandler(Maker make, InvocationHandler& others, JsonLog& log, WallClock clock)
      : make_(std::move(make)), others_(others), log_(log), clock_(clock) {}

  // Messages of SQS are answered with those that failed, which come again. An event of another
  // way fails as a whole (Function.ObjectFailed), and comes again: what it had done by then is
  // known as finished. So fails one of an object that AWS could not be asked all about, though what
  // is known is written: how often it comes again is the queue's or Lambda's to bound.
  [[nodiscard]] std::expected<std::string_view, FunctionError> Handle(
      const Invocation& invocation) override;

  void AfterAnswer() override { others_.AfterAnswer(); }

 private:
  // What went wrong.
  std::optional<Error> Process(const ObjectMessage& message, const Invocation& invocation);
  std::optional<Error> Process(const S3Location& object, const Invocation& invocation);

  Maker make_;
  InvocationHandler& others_;
  JsonLog& log_;
  WallClock clock_;
  std::unique_ptr<ObjectEnricher> enricher_;
  std::string answer_;
};

}  // namespace sgflow
