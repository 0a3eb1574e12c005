#include "aws/firehose.h"

#include <libbase64.h>
#include <simdjson.h>

#include <utility>

#include "aws/fault.h"
#include "aws/json_protocol.h"

namespace sgflow {
namespace {

// The records of one call.
struct Part {
  std::size_t first;
  std::size_t count;
};

std::vector<Part> Split(std::span<const std::string_view> records) {
  std::vector<Part> parts;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (parts.empty() || parts.back().count == kFirehoseMaxRecords ||
        bytes + records[i].size() > kFirehoseMaxBytes) {
      parts.push_back({i, 0});
      bytes = 0;
    }
    ++parts.back().count;
    bytes += records[i].size();
  }
  return parts;
}

void AppendBase64(std::string_view bytes, std::string& to) {
  const std::size_t start = to.size();
  std::size_t written = 0;
  to.resize(start + (bytes.size() + 2) / 3 * 4);
  base64_encode(bytes.data(), bytes.size(), to.data() + start, &written, 0);
}

AwsCall MakeCall(const std::string& stream, std::span<const std::string_view> records,
                 const std::string& region) {
  std::string body = "{\"DeliveryStreamName\":" + JsonString(stream) + ",\"Records\":[";
  for (const std::string_view record : records) {
    if (body.back() != '[') body += ',';
    body += "{\"Data\":\"";
    AppendBase64(record, body);
    body += "\"}";
  }
  return JsonCall("firehose", region, "Firehose_20150804.PutRecordBatch", body + "]}");
}

std::string_view TextOf(const simdjson::dom::element& object, std::string_view member) {
  std::string_view text;
  return object[member].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// False where the answer does not tell of each record.
bool ReadFailures(const std::string& body, const Part& part, std::vector<FirehoseFailure>& into) {
  simdjson::dom::parser parser;
  simdjson::dom::array responses;
  if (parser.parse(body)["RequestResponses"].get(responses) != simdjson::SUCCESS ||
      responses.size() != part.count) {
    return false;
  }
  std::size_t record = part.first;
  for (const simdjson::dom::element response : responses) {
    const std::string_view code = TextOf(response, "ErrorCode");
    const std::string_view message = TextOf(response, "ErrorMessage");
    if (TextOf(response, "RecordId").empty() || !code.empty()) {
      std::string text = "firehose:PutRecordBatch: ";
      text += code.empty() ? "neither an id nor an error for a record" : code;
      if (!message.empty()) text.append(": ").append(message);
      into.push_back({record, std::move(text)});
    }
    ++record;
  }
  return true;
}

}  // namespace

AwsResult<std::vector<FirehoseFailure>> PutRecordBatch(AwsClient& client, const std::string& stream,
                                                       std::span<const std::string_view> records,
                                                       AwsDeadline deadline,
                                                       const std::string& region) {
  const std::vector<Part> parts = Split(records);
  std::vector<AwsCall> calls;
  for (const Part& part : parts) {
    calls.push_back(MakeCall(stream, records.subspan(part.first, part.count), region));
    calls.back().deadline = deadline;
  }
  std::vector<FirehoseFailure> failures;
  std::size_t failed_calls = 0;
  auto answers = client.Send(calls);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (answers[i] && !ReadFailures(answers[i]->body, part, failures)) {
      answers[i] = std::unexpected(MakeFault(AwsFault::Kind::kBadAnswer,
                                             "firehose:PutRecordBatch: the answer does not tell of "
                                             "each record"));
    }
    if (answers[i]) continue;
    ++failed_calls;
    const AwsFault& fault = answers[i].error();
    for (std::size_t record = part.first; record < part.first + part.count; ++record) {
      failures.push_back({record, fault.error.message});
    }
  }
  if (failed_calls > 0 && failed_calls == parts.size()) {
    return std::unexpected(std::move(answers.front().error()));
  }
  return failures;
}

}  // namespace sgflow
