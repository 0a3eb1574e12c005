#include "lambda/firehose_response.h"

#include <cstring>
#include <utility>

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

std::size_t SizeAsMember(std::size_t metadata_bytes) {
  if (metadata_bytes == 0) return 0;
  return kBeforeMetadata.size() + metadata_bytes + kAfterMetadata.size();
}

std::size_t SizeAsOk(const FirehoseRecord& record, std::size_t output_bytes,
                     std::size_t metadata_bytes) {
  return SizeAround(record, kOk) + kQuotes + Base64Size(output_bytes) +
         SizeAsMember(metadata_bytes);
}

char* Write(std::string_view text, char* to) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

}  // namespace

Result<void> FirehoseResponse::Start(std::span<const FirehoseRecord> records,
                                     std::size_t max_bytes) {
  records_ = records;
  max_bytes_ = max_bytes;
  answers_.assign(records.size(), Answer{});
  next_ = 0;
  is_in_order_ = true;
  text_.Clear();
  // What is not written to takes no memory; growing would write it all twice.
  text_.Reserve(max_bytes);
  text_.Append(kStart);
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
      return answer.size;
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
  const std::size_t others = size_ - SizeOf(record);
  if (others + bytes > max_bytes_) return false;
  answers_[record] = {.kind = Kind::kOk, .start = text_.size(), .size = bytes};
  is_in_order_ = is_in_order_ && record >= next_;
  next_ = record + 1;
  size_ = others + bytes;

  char* at = text_.Reserve(bytes);
  at = Write(kBeforeId, at);
  at = Write(records_[record].record_id, at);
  at = Write(kBeforeResult, at);
  at = Write(kOk, at);
  at = Write(kBeforeData, at);
  at = Write(kQuote, at);
  at = WriteBase64(output, at);
  at = Write(kQuote, at);
  if (!metadata.empty()) {
    at = Write(kBeforeMetadata, at);
    at = Write(metadata, at);
    at = Write(kAfterMetadata, at);
  }
  text_.Commit(Write(kAfterData, at));
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

void FirehoseResponse::PutInOrder() {
  OutputBuffer ordered;
  ordered.Reserve(max_bytes_);
  ordered.Append(kStart);
  for (Answer& answer : answers_) {
    if (answer.kind != Kind::kOk) continue;
    const std::size_t start = ordered.size();
    ordered.Append(text_.view().substr(answer.start, answer.size));
    answer.start = start;
  }
  text_ = std::move(ordered);
}

// In place, from the end: no part stands farther back than it will, for what is still to come
// between them only moves them on.
std::string_view FirehoseResponse::Finish() {
  if (!is_in_order_) PutInOrder();
  const std::size_t delivered = text_.size();
  char* const text = text_.Reserve(size_ - delivered) - delivered;
  text_.Commit(text + size_);
  char* at = text + size_;
  const auto put_before = [&](std::string_view part) {
    at -= part.size();
    std::memmove(at, part.data(), part.size());
  };
  put_before(kEnd);
  for (std::size_t i = records_.size(); i-- > 0;) {
    const bool is_last = i + 1 == records_.size();
    const Answer& answer = answers_[i];
    if (answer.kind == Kind::kOk) {
      const std::string_view part(text + answer.start, answer.size - (is_last ? 1 : 0));
      // Then so do all before it.
      const bool stands_there = at == part.data() + part.size();
      if (stands_there) break;
      put_before(part);
      continue;
    }
    put_before(is_last ? kAfterData.substr(0, 1) : kAfterData);
    if (answer.kind == Kind::kDropped) {
      put_before(kQuote);
      put_before(kQuote);
      put_before(kBeforeData);
      put_before(kDropped);
    } else {
      put_before(records_[i].data);
      put_before(kBeforeData);
      put_before(kProcessingFailed);
    }
    put_before(kBeforeResult);
    put_before(records_[i].record_id);
    put_before(kBeforeId);
  }
  return text_.view();
}

}  // namespace sgflow
