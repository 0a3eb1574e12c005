#include "lambda/object_event.h"

#include <simdjson.h>

#include <utility>

#include "aws/percent_encoding.h"
#include "lambda/firehose_event.h"

namespace sgflow {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kSqs = "aws:sqs";
constexpr std::string_view kS3 = "aws:s3";
constexpr std::string_view kSns = "aws:sns";

// Whether its first known member is one that Firehose's events do not have.
bool IsObjectEvent(std::string_view event) {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  simdjson::ondemand::object members;
  const simdjson::padded_string_view padded(event.data(), event.size(),
                                            event.size() + kEventPadding);
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
      document.get_object().get(members) != simdjson::SUCCESS) {
    return false;
  }
  for (auto field : members) {
    if (field.error() != simdjson::SUCCESS) return false;
    const auto key = field.key().value_unsafe();
    if (key == "Records" || key == "detail-type" || key == "Event") return true;
    if (key == "records" || key == "invocationId" || key == "deliveryStreamArn") return false;
  }
  return false;
}

// Empty where it is no text.
std::string_view TextAt(const element& at, std::string_view pointer) {
  std::string_view text;
  return at.at_pointer(pointer).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

void AddError(ObjectMessage& message, std::string what) {
  message.error = Error{.kind = ErrorKind::kInput,
                        .message = std::move(what),
                        .place = {},
                        .hint = "sgflow answers events that tell of objects created in S3"};
}

void AddObject(ObjectMessage& message, std::string_view bucket, const std::string& key) {
  // A name that is none would be asked for elsewhere.
  auto location = ParseS3Url(S3UrlOf(bucket, key));
  if (location) {
    message.objects.push_back(std::move(*location));
  } else {
    AddError(message, "the event names no object");
  }
}

void ReadText(std::string_view text, ObjectMessage& message);

void ReadRecord(const element& record, ObjectMessage& message) {
  if (TextAt(record, "/EventSource") == kSns) {
    ReadText(TextAt(record, "/Sns/Message"), message);
  } else if (TextAt(record, "/eventSource") != kS3) {
    AddError(message, "the event is of another service than S3");
  } else if (TextAt(record, "/eventName").starts_with("ObjectCreated:")) {
    // Encoded as forms are.
    AddObject(message, TextAt(record, "/s3/bucket/name"),
              FormDecode(TextAt(record, "/s3/object/key")));
  } else {
    ++message.others;
  }
}

// One of S3's or EventBridge's, or SNS's of one.
void ReadNotification(const element& event, ObjectMessage& message) {
  simdjson::dom::array records;
  if (TextAt(event, "/source") == "aws.s3") {
    if (TextAt(event, "/detail-type") == "Object Created") {
      // As it is.
      AddObject(message, TextAt(event, "/detail/bucket/name"),
                std::string(TextAt(event, "/detail/object/key")));
    } else {
      ++message.others;
    }
  } else if (TextAt(event, "/Event") == "s3:TestEvent") {
    ++message.others;
  } else if (event["Records"].get(records) == simdjson::SUCCESS) {
    for (const element record : records) ReadRecord(record, message);
  } else if (TextAt(event, "/Type") == "Notification") {
    ReadText(TextAt(event, "/Message"), message);
  } else {
    AddError(message, "the event is none of S3's");
  }
}

// A notification within a string. Each level of strings doubles the backslashes, so there are few.
void ReadText(std::string_view text, ObjectMessage& message) {
  simdjson::dom::parser parser;
  element notification;
  if (parser.parse(std::string(text)).get(notification) == simdjson::SUCCESS) {
    ReadNotification(notification, message);
  } else {
    AddError(message, "the message is no JSON");
  }
}

ObjectMessage ReadQueued(const element& record) {
  ObjectMessage message;
  message.id = TextAt(record, "/messageId");
  if (TextAt(record, "/eventSource") == kSqs) {
    ReadText(TextAt(record, "/body"), message);
  } else {
    AddError(message, "the event is of another service than SQS");
  }
  return message;
}

}  // namespace

std::optional<ObjectEvent> ParseObjectEvent(std::string_view event) {
  if (!IsObjectEvent(event)) return std::nullopt;
  ObjectEvent parsed;
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(event.data(), event.size(), /*realloc_if_needed=*/false).get(root) !=
      simdjson::SUCCESS) {
    AddError(parsed.messages.emplace_back(), "the event is no valid JSON");
    return parsed;
  }
  simdjson::dom::array records;
  if (root["Records"].get(records) == simdjson::SUCCESS &&
      TextAt(root, "/Records/0/eventSource") == kSqs) {
    parsed.is_of_queue = true;
    for (const element record : records) parsed.messages.push_back(ReadQueued(record));
  } else {
    ReadNotification(root, parsed.messages.emplace_back());
  }
  return parsed;
}

}  // namespace sgflow
