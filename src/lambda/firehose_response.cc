#include "lambda/firehose_response.h"

#include <string>

#include "input/base64.h"

namespace sgflow {
namespace {

constexpr std::string_view kStart = R"({"records":[)";
constexpr std::string_view kEnd = "]}";
constexpr std::string_view kOk = "Ok";
constexpr std::string_view kDropped = "Dropped";
constexpr std::string_view kProcessingFailed = "ProcessingFailed";

constexpr std::string_view kBeforeId = R"({"recordId":)";
constexpr std::string_view kBeforeResult = R"(,"result":")";
constexpr std::string_view kBeforeData = R"(","data":)";
constexpr std::string_view kAfterData = "},";  // the last comma gives way to kEnd

// All but the data, with the comma after it.
std::size_t SizeAround(const FirehoseRecord& record, std::string_view result) {
  return kBeforeId.size() + record.record_id.size() + kBeforeResult.size() + result.size() +
         kBeforeData.size() + kAfterData.size();
}

// The longest answer that needs no room of the limit but its own.
std::size_t SizeAsItCame(const FirehoseRecord& record) {
  return SizeAround(record, kProcessingFailed) + record.data.size();
}

std::size_t SizeAsBase64(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

}  // namespace

Result<void> FirehoseResponse::Start(std::span<const FirehoseRecord> records,
                                     std::size_t max_bytes) {
  records_ = records;
  max_bytes_ = max_bytes;
  // What is not written to takes no memory; growing would write it all twice.
  text_.reserve(max_bytes);
  text_ = kStart;
  reserved_ = kEnd.size() - (records.empty() ? 0 : 1);
  for (const FirehoseRecord& record : records) reserved_ += SizeAsItCame(record);
  if (text_.size() + reserved_ <= max_bytes) return {};
  return std::unexpected(
      Error{.kind = ErrorKind::kInput,
            .message = "the event's own data would make an answer of " +
                       std::to_string(text_.size() + reserved_) + " bytes, and Lambda takes " +
                       std::to_string(max_bytes),
            .place = {},
            .hint = "lower the buffer size of the stream's data transformation"});
}

const FirehoseRecord& FirehoseResponse::Begin(std::string_view result) {
  const FirehoseRecord& record = records_.front();
  records_ = records_.subspan(1);
  reserved_ -= SizeAsItCame(record);
  text_.append(kBeforeId).append(record.record_id);
  text_.append(kBeforeResult).append(result).append(kBeforeData);
  return record;
}

bool FirehoseResponse::AddOk(std::string_view output) {
  const FirehoseRecord& record = records_.front();
  const std::size_t size = SizeAround(record, kOk) + 2 + SizeAsBase64(output.size());
  if (text_.size() + size + reserved_ - SizeAsItCame(record) > max_bytes_) return false;
  Begin(kOk);
  text_ += '"';
  AppendBase64(output, text_);
  text_ += '"';
  text_ += kAfterData;
  return true;
}

void FirehoseResponse::AddDropped() {
  Begin(kDropped);
  text_.append(R"("")").append(kAfterData);
}

void FirehoseResponse::AddProcessingFailed() {
  const FirehoseRecord& record = Begin(kProcessingFailed);
  text_.append(record.data).append(kAfterData);
}

std::string_view FirehoseResponse::Finish() {
  if (text_.back() == ',') text_.pop_back();
  text_ += kEnd;
  return text_;
}

}  // namespace sgflow
