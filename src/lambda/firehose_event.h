// The event of a Firehose data transformation, as views into its JSON.
// docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "error/error.h"

namespace sgflow {

// JSON is read in blocks, past the end of what is looked at.
inline constexpr std::size_t kEventPadding = 64;

// All three are valid while the event's bytes and the parser are, until its next Parse.
struct FirehoseRecord {
  std::string_view record_id;  // the JSON string with its quotes, as it came
  std::string_view data;       // likewise; an answer that sends it back copies it
  std::string_view base64;     // the text that `data` stands for
};

// For one event after the other; keeps its memory. Not for several threads at once.
class FirehoseEventParser {
 public:
  FirehoseEventParser();
  ~FirehoseEventParser();
  FirehoseEventParser(const FirehoseEventParser&) = delete;
  FirehoseEventParser& operator=(const FirehoseEventParser&) = delete;

  // The kEventPadding bytes behind `event` must be readable. Errors, all kInput: not JSON, no
  // `records` array, a record without a `recordId` or `data` string. None quotes the event.
  [[nodiscard]] Result<std::span<const FirehoseRecord>> Parse(std::string_view event);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sgflow
