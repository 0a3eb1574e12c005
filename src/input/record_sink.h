// Who takes the records that a reader finds, and those it cannot read.
#pragma once

#include <cstdint>
#include <string_view>

#include "error/error.h"
#include "flowlog/flow_record.h"

namespace sgflow {

class RecordSink {
 public:
  RecordSink() = default;
  RecordSink(const RecordSink&) = delete;
  RecordSink& operator=(const RecordSink&) = delete;
  virtual ~RecordSink() = default;

  // The record's views are valid during the call.
  virtual void OnRecord(const FlowRecord& record) = 0;

  // What could not be read: error.place has the line, in the text inside where the input is
  // compressed. `text` is what stood there, perhaps cut, and valid during the call.
  virtual void OnRejected(const Error& error, std::string_view text) = 0;

  // Data that something carried, such as those of a Firehose record, begin and end; what they hold
  // in turn is a part of them.
  virtual void OnPayloadStart() {}
  virtual void OnPayloadEnd() {}

  // Asked now and then, and behind what could not be read: whether more is of use. Where it is not,
  // reading ends as though the input did.
  virtual bool WantsMore() { return true; }

  // All that was read so far has been handed over, and more may take long to come.
  virtual void OnPause() {}
};

}  // namespace sgflow
