#include "input/header_line.h"

#include <algorithm>

#include "flowlog/field.h"

namespace sgflow {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

constexpr std::size_t kFewestFields = 2;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A first byte of a name, or of what may stand around one.
bool MayStartName(char c) {
  return IsLetter(c) || c == '"' || c == '@' || c == '$' || c == '_' || c == ',';
}

std::string_view WithoutBlanks(std::string_view text) {
  while (true) {
    if (text.starts_with(' ') || text.starts_with('\t')) {
      text.remove_prefix(1);
    } else if (text.starts_with(kUtf8Mark)) {
      text.remove_prefix(kUtf8Mark.size());
    } else {
      return text;
    }
  }
}

std::string_view WithoutWord(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_of(" \t"), text.size()));
  return WithoutBlanks(text);
}

// "# version ...", and "#Fields: version ..." of the W3C's log format.
std::string_view WithoutCommentSign(std::string_view text) {
  if (!text.starts_with('#')) return text;
  text = WithoutBlanks(text.substr(std::min(text.find_first_not_of('#'), text.size())));
  for (const std::string_view word : {"Fields:", "fields:", "Fields", "fields"}) {
    if (text.starts_with(word) && text != word) {
      const std::string_view rest = text.substr(word.size());
      if (rest.front() == ' ' || rest.front() == '\t') return WithoutBlanks(rest);
    }
  }
  return text;
}

bool IsMessage(std::string_view name) {
  if (name.starts_with('@')) name.remove_prefix(1);
  return name == "message" || name == "Message" || name == "MESSAGE";
}

// What pandas and R call a column without a name.
bool IsUnnamed(std::string_view name) { return name.empty() || name.starts_with("Unnamed: "); }

// `indented`: a tab stood before the text, which is a separator where tabs are.
std::optional<HeaderLine> ReadNames(std::string_view text, bool indented, LineTokens& tokens) {
  if (text.empty() || !MayStartName(text.front())) return std::nullopt;
  HeaderLine header;
  header.separator = SeparatorOf(text);
  tokens.Split(text, header.separator);
  if (tokens.count() > LineTokens::kMost) return std::nullopt;
  auto names = tokens.tokens();
  if (header.separator == '\t' && indented) {
    header.unnamed = 1;
  } else if (names.size() > 1 && IsUnnamed(names.front())) {
    header.unnamed = 1;
    names = names.subspan(1);
  }
  std::size_t known = 0;
  std::optional<std::size_t> message;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string_view& name = names[i];
    if (name.starts_with("${") && name.ends_with('}')) name = name.substr(2, name.size() - 3);
    if (!LooksLikeName(name)) return std::nullopt;
    if (FindField(name) || FindForeignField(name)) ++known;
    if (IsMessage(name)) message = i + header.unnamed;
  }
  header.names = names;
  if (known == 0) {
    // One column alone has no separator to be seen.
    if (!message || (header.separator == ' ' && names.size() != 1)) return std::nullopt;
    if (header.separator == ' ') header.separator = ',';
    header.message_column = message;
    return header;
  }
  // A word alone ("End"), or one among others, is no order of fields.
  if (known < kFewestFields || 2 * known < names.size()) return std::nullopt;
  return header;
}

bool EndsInName(std::string_view word) {
  return std::ranges::any_of(FieldCatalogue(), [&](const FieldInfo& info) {
    return word.ends_with(info.name) || word.ends_with(info.column);
  });
}

}  // namespace

bool LooksLikeName(std::string_view text) {
  return !text.empty() && (IsLetter(text[0]) || text[0] == '@' || text[0] == '_') &&
         std::ranges::all_of(text, [](char c) {
           return IsLetter(c) || IsDigit(c) || c == '-' || c == '_' || c == '@' || c == '.';
         });
}

bool MayStartHeader(char first) { return MayStartName(first) || first == '#'; }

std::optional<HeaderLine> ReadHeaderLine(std::string_view line, LineTokens& tokens) {
  const std::string_view text = WithoutBlanks(line);
  const bool indented = line.substr(0, line.size() - text.size()).find('\t') != line.npos;
  if (!StartsWithTime(text)) return ReadNames(WithoutCommentSign(text), indented, tokens);
  std::string_view rest = text;
  for (std::size_t before = 0; before < LineTokens::kMostBefore; ++before) {
    rest = WithoutWord(rest);
    auto header = ReadNames(rest, /*indented=*/false, tokens);
    // A stream's name looks like a field's.
    if (header && (before != 0 || FindField(header->names.front()))) return header;
  }
  return std::nullopt;
}

bool NamesFields(std::string_view line) {
  constexpr std::size_t kLooked = 4096;
  line = line.substr(0, kLooked);
  const auto in_word = [](char c) { return IsLetter(c) || IsDigit(c) || c == '-' || c == '_'; };
  std::size_t words = 0;
  std::size_t names = 0;
  const char* at = line.data();
  const char* const end = at + line.size();
  while ((at = std::find_if(at, end, in_word)) != end) {
    const char* const begin = std::exchange(at, std::find_if_not(at, end, in_word));
    const std::string_view word(begin, at);
    // Two lines may have run into one: OKversion, 10.0.0.5srcaddr.
    if (FindField(word) || EndsInName(word)) {
      ++names;
    } else if (IsLetter(word.front())) {
      ++words;
    }
  }
  return names >= kFewestFields && names >= words;
}

}  // namespace sgflow
