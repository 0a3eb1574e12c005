// What a JSON value holds of flow logs: lines in messages, encoded data, or records whose keys
// are the field names.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "error/error.h"
#include "flowlog/flow_record.h"

namespace sgflow {

class JsonRecords {
 public:
  class Visitor {
   public:
    Visitor() = default;
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;
    virtual ~Visitor() = default;

    // Whether the text holds records, or what may hold some: where an object's keys are fields, its
    // message may be another tool's.
    virtual bool IsContent(std::string_view text) = 0;
    // One or several lines. All views are valid during the call.
    virtual void OnText(std::string_view text) = 0;
    // Base64 of anything that a file could hold.
    virtual void OnEncoded(std::string_view base64) = 0;
    virtual void OnRecord(const FlowRecord& record) = 0;
    virtual void OnRejected(const Error& error) = 0;
  };

  JsonRecords();
  ~JsonRecords();
  JsonRecords(const JsonRecords&) = delete;
  JsonRecords& operator=(const JsonRecords&) = delete;

  // One whole JSON value: {"message": line}, a CloudWatch Logs envelope, the output of
  // `aws logs filter-log-events`, a Firehose, Kinesis or CloudWatch Logs event of a Lambda, an
  // object with field names as keys, or an array of these. Control messages hold nothing.
  // False, and nothing visited, where it is no JSON. With `padded`, 64 bytes behind `json` are
  // readable, which saves a copy.
  [[nodiscard]] bool Visit(std::string_view json, bool padded, Visitor& visitor);

  // Whether an envelope, given up to and with its array of events, is a control message.
  [[nodiscard]] bool IsControlMessage(std::string_view envelope);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sgflow
