#include "lambda/firehose_response.h"

#include <cstring>

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
constexpr std::string_view kBeforeMetadata = R"(,"metadata":{)";
constexpr std::string_view kAfterMetadata = "}";
constexpr std::string_view kAfterData = "},";  // the last comma gives way to kEnd
constexpr std::string_view kQuote = "\"";
constexpr std::size_t kQuotes = 2;

// All but the data, with the comma after it.
std::size_t SizeAround(const FirehoseRecord& record, std::string_view result) {
  return kBeforeId.size() + record.record_id.size() + kBeforeResult.size() + result.size() +
         kBeforeData.size() + kAfterData.size();
}

std::size_t SizeAsBase64(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

std::size_t SizeAsMember(std::size_t metadata_bytes) {
  if (metadata_bytes == 0) return 0;
  return kBeforeMetadata.size() + metadata_bytes + kAfterMetadata.size();
}

std::size_t SizeAsOk(const FirehoseRecord& record, std::size_t output_bytes,
                     std::size_t metadata_bytes) {
  return SizeAround(record, kOk) + kQuotes + SizeAsBase64(output_bytes) +
         SizeAsMember(metadata_bytes);
}

}  // namespace

Result<void> FirehoseResponse::Start(std::span<const FirehoseRecord> records,
                                     std::size_t max_bytes) {
  records_ = records;
  max_bytes_ = max_bytes;
  answers_.assign(records.size(), Answer{});
  text_.clear();
  // What is not written to takes no memory; growing would write it all twice.
  text_.reserve(max_bytes);
  size_ = kStart.size() + kEnd.size() - (records.empty() ? 0 : 1);
  for (std::size_t i = 0; i < records.size(); ++i) size_ += SizeOf(i);
  if (size_ <= max_bytes) return {};
  return std::unexpected(
      Error{.kind = ErrorKind::kInput,
            .message = "the event's own data would make an answer of " + std::to_string(size_) +
                       " bytes, and Lambda takes " + std::to_string(max_bytes),
            .place = {},
            .hint = "lower the buffer size of the stream's data transformation"});
}

std::size_t FirehoseResponse::SizeOf(std::size_t record) const {
  const Answer& answer = answers_[record];
  switch (answer.kind) {
    case Kind::kOk:
      return SizeAround(records_[record], kOk) + kQuotes + answer.size +
             SizeAsMember(answer.metadata_size);
    case Kind::kDropped:
      return SizeAround(records_[record], kDropped) + kQuotes;
    case Kind::kProcessingFailed:
      break;
  }
  return SizeAround(records_[record], kProcessingFailed) + records_[record].data.size();
}

std::size_t FirehoseResponse::RoomFor(std::size_t record) const {
  const std::size_t without = size_ - SizeOf(record) + SizeAsOk(records_[record], 0, 0);
  return without > max_bytes_ ? 0 : (max_bytes_ - without) / 4 * 3;
}

bool FirehoseResponse::Deliver(std::size_t record, std::string_view output,
                               std::string_view metadata) {
  const std::size_t bytes = SizeAsOk(records_[record], output.size(), metadata.size());
  if (size_ - SizeOf(record) + bytes > max_bytes_) return false;
  size_ -= SizeOf(record);
  const std::size_t start = text_.size();
  AppendBase64(output, text_);
  answers_[record] = {.kind = Kind::kOk,
                      .start = start,
                      .size = text_.size() - start,
                      .metadata_size = metadata.size()};
  text_ += metadata;
  size_ += SizeOf(record);
  return true;
}

void FirehoseResponse::Drop(std::size_t record) {
  size_ -= SizeOf(record);
  answers_[record].kind = Kind::kDropped;
  size_ += SizeOf(record);
}

bool FirehoseResponse::FitsAlone(std::size_t record, std::size_t output_bytes,
                                 std::size_t metadata_bytes) const {
  const std::size_t bytes = SizeAsOk(records_[record], output_bytes, metadata_bytes);
  return kStart.size() + bytes - 1 + kEnd.size() <= max_bytes_;
}

// In place, from the end: what stands before a record's data in the answer is at least as long as
// what stands before them here.
std::string_view FirehoseResponse::Finish() {
  text_.resize(size_);
  char* at = text_.data() + text_.size();
  const auto put_before = [&](std::string_view part) {
    at -= part.size();
    std::memmove(at, part.data(), part.size());
  };
  const std::string_view delivered = text_;
  put_before(kEnd);
  for (std::size_t i = records_.size(); i-- > 0;) {
    const Answer& answer = answers_[i];
    put_before(i + 1 == records_.size() ? kAfterData.substr(0, 1) : kAfterData);
    switch (answer.kind) {
      case Kind::kOk:
        if (answer.metadata_size != 0) {
          put_before(kAfterMetadata);
          put_before(delivered.substr(answer.start + answer.size, answer.metadata_size));
          put_before(kBeforeMetadata);
        }
        put_before(kQuote);
        put_before(delivered.substr(answer.start, answer.size));
        put_before(kQuote);
        put_before(kBeforeData);
        put_before(kOk);
        break;
      case Kind::kDropped:
        put_before(kQuote);
        put_before(kQuote);
        put_before(kBeforeData);
        put_before(kDropped);
        break;
      case Kind::kProcessingFailed:
        put_before(records_[i].data);
        put_before(kBeforeData);
        put_before(kProcessingFailed);
        break;
    }
    put_before(kBeforeResult);
    put_before(records_[i].record_id);
    put_before(kBeforeId);
  }
  put_before(kStart);
  return text_;
}

}  // namespace sgflow
