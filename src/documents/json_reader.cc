#include "documents/json_reader.h"

#include <algorithm>
#include <span>

namespace sgflow {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr std::size_t kLongestQuote = 60;

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  quoted += text.substr(0, kLongestQuote);
  quoted += text.size() > kLongestQuote ? "...\"" : "\"";
  return quoted;
}

std::string Described(element value) {
  switch (value.type()) {
    case element_type::ARRAY:
      return "a list";
    case element_type::OBJECT:
      return "an object";
    case element_type::STRING:
      return "the text " + Quoted(value.get_string().value_unsafe());
    case element_type::BOOL:
      return value.get_bool().value_unsafe() ? "true" : "false";
    case element_type::NULL_VALUE:
      return "null";
    default:
      return "the number " + simdjson::minify(value);
  }
}

// Letters and digits of two names are the same but for case.
bool AreAlike(std::string_view one, std::string_view other) {
  const auto is_filler = [](char c) { return c == '-' || c == '_'; };
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : +c; };
  std::size_t i = 0;
  std::size_t j = 0;
  while (true) {
    while (i < one.size() && is_filler(one[i])) ++i;
    while (j < other.size() && is_filler(other[j])) ++j;
    if (i == one.size() || j == other.size()) return i == one.size() && j == other.size();
    if (lower(one[i++]) != lower(other[j++])) return false;
  }
}

// Tools that make JSON by hand often get the quotes wrong.
std::string QuotesHint(std::string_view expected, element found) {
  if (expected == "text" && found.is_number()) return "write it in quotes";
  if (expected == "text" || !found.is_string()) return {};
  const std::string_view text = found.get_string().value_unsafe();
  const bool looks_right =
      text == "true" || text == "false" ||
      (!text.empty() && std::ranges::all_of(text.substr(text[0] == '-'),
                                            [](char c) { return c >= '0' && c <= '9'; }));
  return looks_right ? "write it without quotes" : "";
}

// Of two keys with different ones it is clear that they are different.
std::uint32_t FingerprintOf(std::string_view key) {
  if (key.empty()) return 0;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(key[i]); };
  return static_cast<std::uint32_t>(key.size()) << 24 | static_cast<std::uint32_t>(at(0)) << 16 |
         static_cast<std::uint32_t>(at(key.size() / 2)) << 8 | at(key.size() - 1);
}

std::string CidrHint(std::string_view text) {
  if (const auto address = IpAddress::Parse(text)) {
    return "for a single address write " + Quoted(IpPrefix(*address, address->bits()).ToString());
  }
  return "a CIDR is an address and a length, as 192.0.2.0/24 or 2001:db8::/32";
}

// For 10-0-0-157, as DNS names and AWS's own examples write 10.0.0.157.
std::string AddressHint(std::string_view text) {
  std::string dotted(text);
  std::ranges::replace(dotted, '-', '.');
  return IpAddress::Parse(dotted) ? "did you mean " + Quoted(dotted) + "?" : "";
}

}  // namespace

std::string JsonPath::ToString() const {
  if (parent_ == nullptr) return {};
  std::string text = parent_->ToString();
  if (index_) {
    text += '[';
    text += std::to_string(*index_);
    text += ']';
  } else {
    if (!text.empty()) text += '.';
    text += key_;
  }
  return text;
}

ParsedJson::ParsedJson(std::string_view text, bool is_padded,
                       std::span<const std::string_view> cut_keys)
    : cut_(CutLargeLists(text, cut_keys)) {
  if (cut_) {
    text = cut_->rest;
    is_padded = false;
  }
  // The parser goes before anything is built: what it holds is half as large as the text.
  simdjson::dom::parser parser;
  error_ = parser
               .parse_into_document(document_, text.data(), text.size(),
                                    /*realloc_if_needed=*/!is_padded)
               .error();
}

JsonObject::JsonObject(JsonReading& reading, const JsonPath& path, simdjson::dom::object object,
                       std::span<const LargeList> large_lists)
    : reading_(reading), path_(path), large_lists_(large_lists) {
  if (!reading_.spare_.empty()) {
    buffers_ = std::move(reading_.spare_.back());
    reading_.spare_.pop_back();
  }
  for (const auto& [key, value] : object) {
    buffers_.members.push_back({key, value, FingerprintOf(key)});
  }
  ReportRepeatedKeys();
}

JsonObject::~JsonObject() {
  buffers_.members.clear();
  buffers_.absent.clear();
  reading_.spare_.push_back(std::move(buffers_));
}

std::string_view JsonObject::Text(std::string_view key) {
  const Member* member = Find(key);
  return member == nullptr ? std::string_view() : TextOf(*member).value_or(std::string_view());
}

std::string_view JsonObject::RequiredText(std::string_view key) {
  const Member* member = Find(key);
  if (member == nullptr) {
    ReportMissing(key);
    return {};
  }
  const auto text = TextOf(*member);
  if (text && text->empty()) Fail(key, "is empty");
  return text.value_or(std::string_view());
}

std::optional<std::string_view> JsonObject::TextOf(const Member& member) {
  std::string_view text;
  if (member.value.get(text) == simdjson::SUCCESS) return text;
  WrongType(JsonPath(path_, member.key), "text", member.value);
  return std::nullopt;
}

std::optional<bool> JsonObject::Flag(std::string_view key) {
  const Member* member = Find(key);
  return member == nullptr ? std::nullopt : FlagOf(*member);
}

std::optional<bool> JsonObject::RequiredFlag(std::string_view key) {
  const Member* member = Find(key);
  if (member != nullptr) return FlagOf(*member);
  ReportMissing(key);
  return std::nullopt;
}

std::optional<bool> JsonObject::FlagOf(const Member& member) {
  bool flag = false;
  if (member.value.get(flag) == simdjson::SUCCESS) return flag;
  WrongType(JsonPath(path_, member.key), "true or false", member.value);
  return std::nullopt;
}

std::optional<std::int32_t> JsonObject::Number(std::string_view key, const NumberRange& range) {
  const Member* member = Find(key);
  if (member == nullptr) return std::nullopt;
  if (member->value.type() != element_type::INT64 && member->value.type() != element_type::UINT64) {
    WrongType(JsonPath(path_, key), "a whole number", member->value);
    return std::nullopt;
  }
  std::int64_t number = 0;
  const bool fits = member->value.get(number) == simdjson::SUCCESS;
  if (fits && number >= range.lowest && number <= range.highest) {
    return static_cast<std::int32_t>(number);
  }
  Fail(key, simdjson::minify(member->value) + " is " + std::string(range.noun),
       std::string(range.hint));
  return std::nullopt;
}

std::optional<std::int32_t> JsonObject::RequiredNumber(std::string_view key,
                                                       const NumberRange& range) {
  if (Find(key) == nullptr) ReportMissing(key);
  return Number(key, range);
}

std::optional<IpAddress> JsonObject::Address(std::string_view key) {
  const std::string_view text = Text(key);
  if (text.empty()) return std::nullopt;
  const auto address = IpAddress::Parse(text);
  if (!address) Fail(key, Quoted(text) + " is no IP address", AddressHint(text));
  return address;
}

std::optional<IpPrefix> JsonObject::Cidr(std::string_view key, AddressFamily family) {
  const auto prefix = Cidr(key);
  if (!prefix || prefix->address().family() == family) return prefix;
  const bool is_ipv4 = family == AddressFamily::kIpv4;
  Fail(key, Quoted(Text(key)) + (is_ipv4 ? " is no IPv4 CIDR" : " is no IPv6 CIDR"));
  return std::nullopt;
}

std::optional<IpPrefix> JsonObject::Cidr(std::string_view key) {
  const Member* member = Find(key);
  if (member == nullptr) return std::nullopt;
  const auto text = TextOf(*member);
  if (!text) return std::nullopt;
  if (!text->empty()) return ParseCidr(*text, JsonPath(path_, key));
  Fail(key, "is empty");
  return std::nullopt;
}

std::optional<std::vector<std::string>> JsonObject::Texts(std::string_view key) {
  const auto elements = Array(key);
  if (!elements) return std::nullopt;
  const JsonPath list(path_, key);
  std::vector<std::string> texts;
  for (const element value : *elements) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      texts.emplace_back(text);
    } else {
      WrongType(JsonPath(list, texts.size()), "text", value);
      return std::nullopt;
    }
  }
  return texts;
}

std::optional<std::vector<IpPrefix>> JsonObject::Cidrs(std::string_view key) {
  const auto texts = Texts(key);
  if (!texts) return std::nullopt;
  const JsonPath list(path_, key);
  std::vector<IpPrefix> prefixes;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    if (const auto prefix = ParseCidr((*texts)[i], JsonPath(list, i))) prefixes.push_back(*prefix);
  }
  return prefixes;
}

bool JsonObject::EachElement(std::string_view key, const ReadElement& read) {
  const Member* member = Find(key);
  if (member == nullptr) return false;
  if (const LargeList* large = LargeListOf(*member)) {
    EachElementOf(*large, read);
    return true;
  }
  const auto elements = Array(key);
  if (!elements) return false;
  for (const element one : *elements) read(one, {});
  return true;
}

void JsonObject::EachElementOf(const LargeList& list, const ReadElement& read) {
  simdjson::dom::parser parser;
  std::string piece_text;
  for (const LargeList::Piece& piece : list.pieces) {
    if (reading_.refusal_) return;
    if (piece.is_element) {
      const ParsedJson parsed(piece.text, /*is_padded=*/false, reading_.cut_keys_);
      reading_.refusal_ = parsed.error();
      if (!reading_.refusal_) read(parsed.value(), parsed.large_lists());
    } else {
      piece_text.assign(1, '[').append(piece.text).append(1, ']');
      piece_text.reserve(piece_text.size() + simdjson::SIMDJSON_PADDING);
      simdjson::dom::array elements;
      reading_.refusal_ = parser.parse(piece_text.data(), piece_text.size(), false).get(elements);
      if (!reading_.refusal_) {
        for (const element one : elements) read(one, {});
      }
    }
  }
}

const LargeList* JsonObject::LargeListOf(const Member& member) const {
  const auto number = static_cast<std::size_t>(&member - buffers_.members.data());
  const auto found = std::ranges::find(large_lists_, number, &LargeList::member);
  return found == large_lists_.end() ? nullptr : &*found;
}

std::size_t JsonObject::CountOf(std::string_view key) {
  const Member* member = Find(key);
  if (member == nullptr) return 0;
  if (const LargeList* large = LargeListOf(*member)) return large->count;
  simdjson::dom::array elements;
  if (member->value.get(elements) != simdjson::SUCCESS) return 0;
  return elements.size();
}

void JsonObject::Fail(std::string_view key, std::string message, std::string hint) {
  reading_.report_.AddError(key.empty() ? PlaceOf(path_) : PlaceOf(JsonPath(path_, key)),
                            std::move(message), std::move(hint));
}

void JsonObject::Warn(InventoryWarningKind kind, std::string_view key, std::string message,
                      std::string hint) {
  doubtful_ = true;
  reading_.report_.AddWarning(kind, key.empty() ? PlaceOf(path_) : PlaceOf(JsonPath(path_, key)),
                              std::move(message), std::move(hint));
}

void JsonObject::Finish() {
  if (finished_) return;
  finished_ = true;
  for (const Member& member : buffers_.members) {
    if (member.was_asked_for) continue;
    const auto meant = std::ranges::find_if(
        buffers_.absent, [&](std::string_view key) { return AreAlike(key, member.key); });
    if (meant != buffers_.absent.end()) {
      Warn(InventoryWarningKind::kWrongCaseKey, member.key, "this key is not known and not read",
           "did you mean " + std::string(*meant) + "?");
    }
    CheckKeys(member.value, JsonPath(path_, member.key));
  }
}

std::string_view JsonObject::KeyLike(std::string_view key) const {
  const auto like = std::ranges::find_if(buffers_.members, [&](const Member& member) {
    return !member.was_asked_for && AreAlike(member.key, key);
  });
  return like == buffers_.members.end() ? std::string_view() : like->key;
}

const JsonObject::Member* JsonObject::Find(std::string_view key) {
  const std::uint32_t fingerprint = FingerprintOf(key);
  const std::span<Member> members = buffers_.members;
  const auto find = [&](std::size_t from, std::size_t to) {
    while (from < to && (members[from].fingerprint != fingerprint || members[from].key != key)) {
      ++from;
    }
    return from;
  };
  // Members are asked for in about the order that AWS prints them in.
  std::size_t found = find(next_, members.size());
  if (found == members.size()) {
    found = find(0, next_);
    if (found == next_) {
      RememberAbsent(key);
      return nullptr;
    }
  }
  next_ = found;
  Member& member = members[found];
  member.was_asked_for = true;
  return member.value.is_null() ? nullptr : &member;
}

void JsonObject::RememberAbsent(std::string_view key) {
  std::vector<std::string_view>& absent = buffers_.absent;
  if (std::ranges::find(absent, key) == absent.end()) absent.push_back(key);
}

void JsonObject::ReportMissing(std::string_view key) {
  const std::string_view like = KeyLike(key);
  Fail({}, std::string(key) + " is missing",
       like.empty() ? "" : "is " + std::string(like) + " meant to be it?");
}

std::optional<simdjson::dom::array> JsonObject::Array(std::string_view key) {
  const Member* member = Find(key);
  if (member == nullptr) return std::nullopt;
  simdjson::dom::array elements;
  if (member->value.get(elements) == simdjson::SUCCESS) return elements;
  WrongType(JsonPath(path_, key), "a list", member->value);
  return std::nullopt;
}

std::optional<IpPrefix> JsonObject::ParseCidr(std::string_view text, const JsonPath& path) {
  const auto prefix = IpPrefix::Parse(text);
  if (!prefix) {
    reading_.report_.AddError(PlaceOf(path), Quoted(text) + " is no CIDR", CidrHint(text));
    return std::nullopt;
  }
  if (!prefix->IsWrittenAs(text) &&
      prefix->address() != IpAddress::Parse(text.substr(0, text.find('/')))) {
    doubtful_ = true;
    reading_.report_.AddWarning(
        InventoryWarningKind::kHostBits, PlaceOf(path),
        std::string(text) + " has bits set behind its length; it is taken as " + prefix->ToString(),
        "write it so, as AWS does");
  }
  return prefix;
}

void JsonObject::WrongType(const JsonPath& path, std::string_view expected, element found) {
  reading_.report_.AddError(PlaceOf(path),
                            std::string(expected) + " is expected, not " + Described(found),
                            QuotesHint(expected, found));
}

// Keys that nobody reads stand twice as wrongly as others.
void JsonObject::CheckKeys(element value, const JsonPath& path) {
  simdjson::dom::object object;
  simdjson::dom::array elements;
  if (value.get(object) == simdjson::SUCCESS) {
    JsonObject unread(reading_, path, object);
    unread.Finish();
  } else if (value.get(elements) == simdjson::SUCCESS) {
    std::size_t index = 0;
    for (const element inner : elements) CheckKeys(inner, JsonPath(path, index++));
  }
}

void JsonObject::ReportRepeatedKeys() {
  const auto report = [&](std::string_view key) {
    Fail(key, "this key stands twice in its object", "keep the one that is true");
  };
  const std::vector<Member>& members = buffers_.members;
  constexpr std::size_t kFewMembers = 32;
  if (members.size() > kFewMembers) {
    std::vector<std::string_view> keys;
    for (const Member& member : members) keys.push_back(member.key);
    std::ranges::sort(keys);
    for (auto at = keys.begin(); (at = std::adjacent_find(at, keys.end())) != keys.end(); ++at) {
      report(*at);
    }
    return;
  }
  std::uint64_t seen = 0;
  for (auto member = members.begin(); member != members.end(); ++member) {
    const std::uint64_t bit = std::uint64_t{1} << (member->fingerprint * 0x9E3779B1U >> 26);
    if ((seen & bit) != 0 && std::find_if(members.begin(), member, [&](const Member& other) {
                               return other.key == member->key;
                             }) != member) {
      report(member->key);
    }
    seen |= bit;
  }
}

Place JsonObject::PlaceOf(const JsonPath& path) const {
  return InFile(reading_.file_, path.ToString());
}

}  // namespace sgflow
