#include "aws/xml_reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace sgflow {
namespace {

// EC2's deepest answers have about ten levels.
constexpr int kDeepest = 64;

std::unexpected<Error> Refuse(std::string message, std::string hint = {}) {
  return std::unexpected(Error{.kind = ErrorKind::kEnvironment,
                               .message = std::move(message),
                               .place = {},
                               .hint = std::move(hint)});
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool StartsWithLower(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() &&
         std::ranges::equal(text.substr(0, beginning.size()), beginning, {}, Lower);
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\xEF\xBB\xBF";
  const std::size_t begin = std::min(text.size(), text.find_first_not_of(kSpace));
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

bool IsHtml(std::string_view text) {
  return StartsWithLower(text, "<!doctype html") || StartsWithLower(text, "<html");
}

bool IsXmlCharacter(std::uint32_t point) {
  if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
  return point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

// What stands between & and ;.
bool IsKnownReference(std::string_view name) {
  constexpr std::string_view kNames[] = {"amp", "lt", "gt", "quot", "apos"};
  if (!name.starts_with('#')) return std::ranges::find(kNames, name) != std::end(kNames);
  name.remove_prefix(1);
  const bool is_hexadecimal = name.starts_with('x');
  if (is_hexadecimal) name.remove_prefix(1);
  std::uint32_t point = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), point, is_hexadecimal ? 16 : 10);
  return error == std::errc() && end == name.data() + name.size() && IsXmlCharacter(point);
}

// The first reference that XML itself does not have. pugixml would leave it as it is, and end a
// text at &#0;.
std::optional<std::string_view> FindForeignReference(std::string_view text) {
  for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    const std::size_t end = text.find_first_of(";&<", at + 1);
    const std::string_view name = text.substr(at + 1, std::min(end, text.size()) - at - 1);
    if (end == std::string_view::npos || text[end] != ';' || !IsKnownReference(name)) {
      return text.substr(at, std::min<std::size_t>(name.size() + 1, 30));
    }
  }
  return std::nullopt;
}

class DepthWalker : public pugi::xml_tree_walker {
 public:
  bool for_each(pugi::xml_node& /*node*/) override { return depth() < kDeepest; }
};

// Whether the text, which starts as XML, lacks the end of its first element.
bool IsCutOff(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() - 1 && (text[at + 1] == '?' || text[at + 1] == '!')) {
    at = std::min(text.find('<', at + 1), text.size());
  }
  if (at >= text.size() - 1) return true;
  const std::string_view name =
      text.substr(at + 1, text.find_first_of(" \t\r\n/>", at + 1) - at - 1);
  return !text.ends_with(fmt::format("</{}>", name)) && !text.ends_with("/>");
}

std::string KeyOf(const XmlMember& member) {
  if (!member.key.empty()) return std::string(member.key);
  std::string key(member.element);
  if (key[0] >= 'a' && key[0] <= 'z') key[0] = static_cast<char>(key[0] - 'a' + 'A');
  return key;
}

Result<void> AppendNumber(std::string_view text, const XmlMember& member, std::string& json) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Refuse(
        fmt::format("has {} as {}, where a number is expected", BeginningOf(text), member.element));
  }
  json += std::to_string(number);
  return {};
}

Result<void> AppendFlag(std::string_view text, const XmlMember& member, std::string& json) {
  if (text != "true" && text != "false") {
    return Refuse(fmt::format("has {} as {}, where true or false is expected", BeginningOf(text),
                              member.element));
  }
  json += text;
  return {};
}

Result<void> AppendObject(pugi::xml_node element, XmlShape shape, std::string& json) {
  json += '{';
  bool first = true;
  for (const XmlMember& member : shape) {
    const pugi::xml_node inner = element.child(member.element.data());
    if (!inner) continue;
    json += first ? "\"" : ",\"";
    first = false;
    json += KeyOf(member);
    json += "\":";
    if (auto appended = AppendAsJson(inner, member, json); !appended) return appended;
  }
  json += '}';
  return {};
}

Result<void> AppendList(pugi::xml_node element, const XmlMember& member, std::string& json) {
  json += '[';
  bool first = true;
  for (const pugi::xml_node item : element.children("item")) {
    if (!first) json += ',';
    first = false;
    if (member.kind == XmlMember::Kind::kTexts) {
      AppendJsonString(TextOf(item), json);
    } else if (auto appended = AppendObject(item, member.inner, json); !appended) {
      return appended;
    }
  }
  json += ']';
  return {};
}

}  // namespace

Result<void> ParseXml(std::string_view text, pugi::xml_document& document) {
  const auto fail = [&](const std::string& what, std::string hint = {}) {
    return Refuse(what + ": " + BeginningOf(text), std::move(hint));
  };
  const std::string_view trimmed = Trimmed(text);
  if (trimmed.empty()) return Refuse("is empty");
  if (IsHtml(trimmed)) {
    return fail("is HTML, not XML",
                "a proxy or a login page stands in between: see HTTPS_PROXY, NO_PROXY and "
                "AWS_ENDPOINT_URL");
  }
  if (text.find('\0') != std::string_view::npos ||
      !simdjson::validate_utf8(text.data(), text.size())) {
    return fail("is not XML in UTF-8");
  }
  if (!trimmed.starts_with('<')) return fail("is no XML");
  const auto result =
      document.load_buffer(text.data(), text.size(),
                           pugi::parse_default | pugi::parse_doctype | pugi::parse_ws_pcdata_single,
                           pugi::encoding_utf8);
  // Before all else, as a bomb is not always well-formed.
  for (const pugi::xml_node child : document.children()) {
    if (child.type() == pugi::node_doctype)
      return fail("declares a document type, as AWS never does");
  }
  if (result.status == pugi::status_bad_doctype) {
    return fail("declares a document type, as AWS never does");
  }
  if (result.status != pugi::status_ok) {
    if (IsCutOff(trimmed)) {
      return fail(fmt::format("is cut off after {} bytes", text.size()));
    }
    return fail(fmt::format("is no well-formed XML from byte {} on", result.offset));
  }
  if (const auto reference = FindForeignReference(text)) {
    return fail(fmt::format("has {}, which is no reference of XML's own", BeginningOf(*reference)));
  }
  DepthWalker walker;
  if (!document.traverse(walker)) {
    return fail(fmt::format("is nested deeper than {} levels", kDeepest));
  }
  return {};
}

std::string TextOf(pugi::xml_node element) {
  std::string text;
  for (const pugi::xml_node child : element.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) {
      text += child.value();
    }
  }
  return text;
}

Result<void> AppendAsJson(pugi::xml_node element, const XmlMember& member, std::string& json) {
  switch (member.kind) {
    case XmlMember::Kind::kText:
      AppendJsonString(TextOf(element), json);
      return {};
    case XmlMember::Kind::kNumber:
      return AppendNumber(TextOf(element), member, json);
    case XmlMember::Kind::kFlag:
      return AppendFlag(TextOf(element), member, json);
    case XmlMember::Kind::kObject:
      return AppendObject(element, member.inner, json);
    case XmlMember::Kind::kTexts:
    case XmlMember::Kind::kObjects:
      return AppendList(element, member, json);
  }
  return {};
}

void AppendJsonString(std::string_view text, std::string& json) {
  json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      json += c;
    }
  }
  json += '"';
}

std::string BeginningOf(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string shown;
  std::size_t at = 0;
  for (; at < text.size() && shown.size() < kShown; ++at) {
    const char c = text[at];
    if (c > ' ' && c <= '~') {
      shown += c;
    } else if ((c == ' ' || (c >= '\t' && c <= '\r')) && !shown.empty() && shown.back() != ' ') {
      shown += ' ';
    }
  }
  return '"' + shown + (at < text.size() ? "...\"" : "\"");
}

}  // namespace sgflow
