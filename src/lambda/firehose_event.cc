#include "lambda/firehose_event.h"

#include <simdjson.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sgflow {
namespace {

static_assert(kEventPadding >= simdjson::SIMDJSON_PADDING);

std::unexpected<Error> NoFirehoseEvent(std::string message, std::string field = {}) {
  return std::unexpected(Error{
      .kind = ErrorKind::kInput,
      .message = std::move(message),
      .place = {.file = {}, .line = 0, .column = 0, .field = std::move(field)},
      .hint = "sgflow answers the events of a Firehose data transformation, and those of S3 where "
              "SGFLOW_OUTPUT is set"});
}

std::unexpected<Error> NoJson(simdjson::error_code error) {
  std::string reason = simdjson::error_message(error);
  if (reason.ends_with('.')) reason.pop_back();
  return NoFirehoseEvent("the event is no valid JSON: " + reason);
}

}  // namespace

class FirehoseEventParser::Implementation {
 public:
  Result<std::span<const FirehoseRecord>> Parse(std::string_view event);

 private:
  Result<void> ReadRecords(simdjson::ondemand::value value);
  Result<FirehoseRecord> ReadRecord(simdjson::ondemand::value value);

  simdjson::ondemand::parser parser_;
  std::vector<FirehoseRecord> records_;
};

namespace {

// The token reaches to the next one, blanks included.
std::string_view JsonString(simdjson::ondemand::value& value) {
  const std::string_view token = value.raw_json_token();
  return token.substr(0, token.rfind('"') + 1);
}

// What the JSON string stands for; none where it is broken.
std::optional<std::string_view> Unescape(simdjson::ondemand::value& value, std::string_view json) {
  if (json.find('\\') == std::string_view::npos) [[likely]] {
    return json.substr(1, json.size() - 2);
  }
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

bool IsString(simdjson::ondemand::value& value) { return value.raw_json_token().front() == '"'; }

}  // namespace

Result<std::span<const FirehoseRecord>> FirehoseEventParser::Implementation::Parse(
    std::string_view event) {
  records_.clear();
  simdjson::ondemand::document document;
  const simdjson::padded_string_view padded(event.data(), event.size(),
                                            event.size() + kEventPadding);
  if (const auto error = parser_.iterate(padded).get(document)) return NoJson(error);

  simdjson::ondemand::object object;
  if (const auto error = document.get_object().get(object)) {
    if (error != simdjson::INCORRECT_TYPE) return NoJson(error);
    return NoFirehoseEvent("the event is no JSON object");
  }
  bool found = false;
  for (auto field : object) {
    if (const auto error = field.error()) return NoJson(error);
    if (field.key().value_unsafe() != "records") continue;
    if (found) return NoFirehoseEvent("given twice", "records");
    found = true;
    if (auto read = ReadRecords(field.value()); !read) return std::unexpected(read.error());
  }
  const char* rest = nullptr;
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
    return NoJson(simdjson::TRAILING_CONTENT);
  }
  if (!found) return NoFirehoseEvent("the event has no records");
  return records_;
}

Result<void> FirehoseEventParser::Implementation::ReadRecords(simdjson::ondemand::value value) {
  simdjson::ondemand::array array;
  if (const auto error = value.get_array().get(array)) {
    if (error != simdjson::INCORRECT_TYPE) return NoJson(error);
    return NoFirehoseEvent("no array", "records");
  }
  for (auto element : array) {
    simdjson::ondemand::value record_value;
    if (const auto error = element.get(record_value)) return NoJson(error);
    auto record = ReadRecord(record_value);
    if (!record) return std::unexpected(record.error());
    records_.push_back(*record);
  }
  return {};
}

Result<FirehoseRecord> FirehoseEventParser::Implementation::ReadRecord(
    simdjson::ondemand::value value) {
  const auto path = [this](std::string_view member = {}) {
    std::string text = "records[" + std::to_string(records_.size()) + "]";
    if (!member.empty()) text.append(".").append(member);
    return text;
  };
  simdjson::ondemand::object object;
  if (const auto error = value.get_object().get(object)) {
    if (error != simdjson::INCORRECT_TYPE) return NoJson(error);
    return NoFirehoseEvent("no object", path());
  }
  FirehoseRecord record;
  for (auto field : object) {
    simdjson::ondemand::value member;
    if (const auto error = field.value().get(member)) return NoJson(error);
    const simdjson::ondemand::raw_json_string key = field.key().value_unsafe();
    const bool is_id = key == "recordId";
    if (!is_id && key != "data") continue;

    const std::string_view name = is_id ? "recordId" : "data";
    std::string_view& json = is_id ? record.record_id : record.data;
    if (!json.empty()) return NoFirehoseEvent("given twice", path(name));
    if (!IsString(member)) return NoFirehoseEvent("no string", path(name));
    json = JsonString(member);
    const auto text = Unescape(member, json);
    if (!text) return NoJson(simdjson::STRING_ERROR);
    if (!is_id) record.base64 = *text;
  }
  if (record.record_id.empty()) return NoFirehoseEvent("missing", path("recordId"));
  if (record.data.empty()) return NoFirehoseEvent("missing", path("data"));
  return record;
}

FirehoseEventParser::FirehoseEventParser() : implementation_(std::make_unique<Implementation>()) {}
FirehoseEventParser::~FirehoseEventParser() = default;

Result<std::span<const FirehoseRecord>> FirehoseEventParser::Parse(std::string_view event) {
  return implementation_->Parse(event);
}

}  // namespace sgflow
