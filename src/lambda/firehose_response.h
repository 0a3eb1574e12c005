// The answer to a Firehose data transformation, written record by record within Lambda's limit.
// docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "error/error.h"
#include "lambda/firehose_event.h"

namespace sgflow {

// As Lambda's own message has it: "exceeded maximum allowed payload size (6291556 bytes)".
inline constexpr std::size_t kMaxResponseBytes = 6'291'556;

// Every record of the event is answered once and in order, by one of the three calls. At all times
// there is room to send the original data of all that are still to come, so an answer can be
// refused but never be too long.
class FirehoseResponse {
 public:
  // Starts anew and keeps the memory. The records must live as long as they are answered. An error
  // (kInput) where they would not fit even as they came: nothing can be answered then.
  [[nodiscard]] Result<void> Start(std::span<const FirehoseRecord> records, std::size_t max_bytes);

  // False where the output does not fit; the record is still to be answered then.
  [[nodiscard]] bool AddOk(std::string_view output);
  // Firehose counts it as done and delivers nothing.
  void AddDropped();
  // With the original data; Firehose writes it to its error prefix.
  void AddProcessingFailed();

  // Requires that every record was answered. Valid until the next Start.
  std::string_view Finish();

 private:
  const FirehoseRecord& Begin(std::string_view result);

  std::span<const FirehoseRecord> records_;  // those still to be answered
  std::size_t max_bytes_ = 0;
  std::size_t reserved_ = 0;  // what those need as they came, and the end of the answer
  std::string text_;
};

}  // namespace sgflow
