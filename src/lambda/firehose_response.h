// The answer to a Firehose data transformation, within Lambda's limit.
// docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "lambda/firehose_event.h"
#include "output/output_buffer.h"

namespace sgflow {

// As Lambda's own message has it: "exceeded maximum allowed payload size (6291556 bytes)".
inline constexpr std::size_t kMaxResponseBytes = 6'291'556;

// Every record of the event is answered once and in order: `ProcessingFailed` with its original
// data, which Firehose writes to its error prefix, unless it is delivered or dropped. So there is
// always an answer, and it is never too long.
class FirehoseResponse {
 public:
  // Starts anew and keeps the memory. The records must live until Finish. An error (kInput) where
  // they would not fit even as they came: nothing can be answered then.
  [[nodiscard]] Result<void> Start(std::span<const FirehoseRecord> records, std::size_t max_bytes);

  // How many bytes of output would fit now for this record.
  std::size_t RoomFor(std::size_t record) const;
  // `Ok` with the output and, where there are some, the members of its `metadata`, as JSON without
  // braces. False where it does not fit; the record stays as it was then. Requires that it was not
  // delivered. Best in order: the answer is put together in other memory where it was not.
  [[nodiscard]] bool Deliver(std::size_t record, std::string_view output,
                             std::string_view metadata = {});
  // Firehose counts it as done and delivers nothing. Requires that it was not delivered.
  void Drop(std::size_t record);

  // Whether such an output of the record fits where there is no other record.
  bool FitsAlone(std::size_t record, std::size_t output_bytes,
                 std::size_t metadata_bytes = 0) const;

  // Valid until the next Start, before which nothing else is to be called.
  std::string_view Finish();

 private:
  enum class Kind : std::uint8_t { kProcessingFailed, kDropped, kOk };
  struct Answer {
    Kind kind = Kind::kProcessingFailed;
    // Of its part of the answer, the comma behind it included; where it is kOk, in text_.
    std::size_t start = 0;
    std::size_t size = 0;
  };

  std::size_t SizeOf(std::size_t record) const;
  void PutInOrder();

  std::span<const FirehoseRecord> records_;
  std::vector<Answer> answers_;
  std::size_t max_bytes_ = 0;
  std::size_t size_ = 0;  // of the whole, as it would be now
  OutputBuffer text_;     // the parts that are kOk, end to end, and then the whole
  std::size_t next_ = 0;  // behind the last record that was delivered in order
  bool is_in_order_ = true;
};

}  // namespace sgflow
