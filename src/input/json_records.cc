#include "input/json_records.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "input/foreign_value.h"
#include "input/json_mending.h"

namespace sgflow {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::string_view kControlMessage = "CONTROL_MESSAGE";

// Layouts made from keys; a flood of different ones must not fill the memory.
constexpr std::size_t kMostLayouts = 256;

std::optional<std::string_view> StringOf(const element& value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

Error Rejected(std::string message, std::string hint = {}) {
  return {.kind = ErrorKind::kInput,
          .message = std::move(message),
          .place = {},
          .hint = std::move(hint)};
}

// The field's own name: a key's spelling is a part of the payload, which some edges never log.
Error WrongType(Field field, std::string message) {
  Error error = Rejected(std::move(message));
  error.place.field = InfoOf(field).name;
  return error;
}

// The text of {"message":"..."}, as VPC flow logs put each record into Firehose, where there is
// nothing in it that JSON escapes: it is known without a parser then.
std::optional<std::string_view> PlainMessage(std::string_view json) {
  constexpr std::string_view kBefore = R"({"message":")";
  constexpr std::string_view kAfter = R"("})";
  if (json.ends_with('\n')) json.remove_suffix(1);
  if (json.size() < kBefore.size() + kAfter.size() || !json.starts_with(kBefore) ||
      !json.ends_with(kAfter)) {
    return std::nullopt;
  }
  const std::string_view text =
      json.substr(kBefore.size(), json.size() - kBefore.size() - kAfter.size());
  if (!SplitFields(text, ' ', {}).plain) return std::nullopt;
  return text;
}

bool IsScalar(const element& value) { return !value.is_object() && !value.is_array(); }

// Nested values (tags of other tools) are no columns, nor is what has no name.
bool IsColumn(std::string_view key, const element& value) {
  return IsScalar(value) && !key.empty();
}

}  // namespace

struct JsonRecords::State {
  simdjson::dom::parser parser;
  std::unordered_map<std::string, std::shared_ptr<const RecordLayout>> layouts;
  std::string keys;
  FlowRecord record;
  std::array<std::string, kMaxColumns> texts;  // of values that are no strings
  Visitor* visitor = nullptr;

  void VisitValue(const element& value);
  void VisitObject(const object& members);
  void VisitFields(const object& members);
  Result<std::shared_ptr<const RecordLayout>> LayoutOf(const object& members);
  static std::string_view TextOf(const element& value, std::string& storage);
};

JsonRecords::JsonRecords() : state_(std::make_unique<State>()) {}
JsonRecords::~JsonRecords() = default;

bool JsonRecords::Visit(std::string_view json, bool padded, Visitor& visitor) {
  if (const auto text = PlainMessage(json)) {
    visitor.OnText(*text);
    return true;
  }
  element value;
  auto error = state_->parser.parse(json.data(), json.size(), !padded).get(value);
  const bool mendable = error == simdjson::NUMBER_ERROR ||
                        (error != simdjson::SUCCESS && json.find("NaN") != std::string_view::npos);
  if (mendable) error = state_->parser.parse(MendJson(json)).get(value);
  if (error != simdjson::SUCCESS) return false;
  state_->visitor = &visitor;
  state_->VisitValue(value);
  return true;
}

bool JsonRecords::IsControlMessage(std::string_view envelope) {
  std::string_view type;
  const std::string closed = std::string(envelope) + "]}";
  return state_->parser.parse(closed)["messageType"].get(type) == simdjson::SUCCESS &&
         type == kControlMessage;
}

void JsonRecords::State::VisitValue(const element& value) {
  object members;
  simdjson::dom::array elements;
  if (value.get(members) == simdjson::SUCCESS) {
    VisitObject(members);
  } else if (value.get(elements) == simdjson::SUCCESS) {
    for (const element member : elements) VisitValue(member);
  } else {
    visitor->OnRejected(Rejected("a JSON object was expected"));
  }
}

void JsonRecords::State::VisitObject(const object& members) {
  // A log event and a record are told from what holds them by what they lack.
  constexpr std::size_t kSureRecord = 3;
  bool control = false;
  std::optional<element> list;
  std::optional<element> holder;
  std::optional<std::string_view> text;
  std::optional<std::string_view> encoded;
  std::size_t fields = 0;
  for (const auto [key, value] : members) {
    if (key == "message" || key == "@message") {
      text = StringOf(value);
    } else if (key == "messageType") {
      control = StringOf(value) == kControlMessage;
    } else if (key == "logEvents" || key == "events" || key == "records" || key == "Records") {
      if (value.is_array()) list = value;
    } else if (key == "data" || key == "Data" || key == "rawData") {
      encoded = StringOf(value);
    } else if (key == "awslogs" || key == "kinesis") {
      if (value.is_object()) holder = value;
    } else if (fields < kSureRecord) {
      fields += FindField(key) ? 1U : 0U;
    }
  }
  // What holds records may have one or two keys that are fields' names as well: region, version.
  if (fields == kSureRecord && !(text && visitor->IsContent(*text))) {
    VisitFields(members);
    return;
  }
  if (control) return;
  if (list) {
    VisitValue(*list);
  } else if (holder) {
    VisitValue(*holder);
  } else if (text) {
    visitor->OnText(*text);
  } else if (encoded) {
    visitor->OnEncoded(*encoded);
  } else if (fields != 0) {
    VisitFields(members);
  } else {
    visitor->OnRejected(Rejected("a JSON object with neither a message nor flow-log fields"));
  }
}

void JsonRecords::State::VisitFields(const object& members) {
  const auto layout = LayoutOf(members);
  if (!layout) {
    visitor->OnRejected(layout.error());
    return;
  }
  std::array<std::string_view, kMaxColumns> values;
  std::size_t count = 0;
  for (const auto [key, value] : members) {
    if (!IsColumn(key, value)) {
      const auto known = FindField(key);
      if (!known) continue;
      visitor->OnRejected(
          WrongType(*known, "is an object or an array, which no flow-log value is"));
      return;
    }
    const auto& field = (*layout)->columns()[count].field;
    std::string& storage = texts[count];
    if (field && value.is_bool()) {
      visitor->OnRejected(WrongType(*field, "is true or false, which no flow-log value is"));
      return;
    }
    std::string_view plain = WithoutTraces(field, WithoutNull(TextOf(value, storage)));
    if (auto padded = PaddedAccountId(field, plain)) {
      storage = std::move(*padded);
      plain = storage;
    }
    values[count++] = plain;
  }
  record.Assign(*layout, std::span(values.data(), count));
  if (const auto fits = record.CheckTypes(); !fits) {
    visitor->OnRejected(fits.error());
    return;
  }
  visitor->OnRecord(record);
}

Result<std::shared_ptr<const RecordLayout>> JsonRecords::State::LayoutOf(const object& members) {
  keys.clear();
  std::size_t count = 0;
  for (const auto [key, value] : members) {
    if (!IsColumn(key, value)) continue;
    keys.append(key).append(1, '\n');
    ++count;
  }
  if (const auto found = layouts.find(keys); found != layouts.end()) return found->second;
  std::vector<std::string_view> names;
  names.reserve(count);
  for (const auto [key, value] : members) {
    if (IsColumn(key, value)) names.push_back(key);
  }
  auto layout = RecordLayout::FromNames(names);
  if (!layout) {
    layout.error().kind = ErrorKind::kInput;
    return layout;
  }
  if (layouts.size() == kMostLayouts) layouts.clear();
  layouts.emplace(keys, *layout);
  return layout;
}

// A number as the text that AWS would have written. Requires a scalar.
std::string_view JsonRecords::State::TextOf(const element& value, std::string& storage) {
  switch (value.type()) {
    case simdjson::dom::element_type::STRING:
      return std::string_view(value);
    case simdjson::dom::element_type::BOOL:
      return bool(value) ? "true" : "false";
    case simdjson::dom::element_type::INT64:
      storage = std::to_string(std::int64_t(value));
      return storage;
    case simdjson::dom::element_type::UINT64:
      storage = std::to_string(std::uint64_t(value));
      return storage;
    case simdjson::dom::element_type::DOUBLE: {
      std::array<char, 40> digits{};
      const double number = value;
      constexpr double kExact = 9007199254740992.0;  // 2^53
      const auto [end, error] =
          std::trunc(number) == number && std::abs(number) <= kExact
              ? std::to_chars(digits.begin(), digits.end(), static_cast<std::int64_t>(number))
              : std::to_chars(digits.begin(), digits.end(), number);
      storage.assign(digits.begin(), error == std::errc{} ? end : digits.begin());
      return storage;
    }
    default:
      return {};
  }
}

}  // namespace sgflow
