#include "documents/text_kind.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace sgflow {
namespace {

using std::string_view;

constexpr string_view kAskForJson = "write it anew with --output json";

bool IsBlank(string_view text) { return text.find_first_not_of(" \t\r\n") == string_view::npos; }

string_view TakeLine(string_view& text) {
  const std::size_t end = text.find('\n');
  string_view line = text.substr(0, end);
  text.remove_prefix(end == string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

string_view FirstFullLine(string_view text) {
  string_view line;
  while (IsBlank(line) && !text.empty()) line = TakeLine(text);
  return line;
}

// With a byte-order mark, or plain ASCII whose every second byte is 0.
bool IsUtf16(string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
  constexpr std::size_t kLooked = 8;
  const string_view start = text.substr(0, kLooked);
  if (start.size() < 2) return false;
  const std::size_t zero = start[0] == '\0' ? 0 : 1;
  for (std::size_t i = 0; i < start.size(); ++i) {
    if ((start[i] == '\0') != (i % 2 == zero)) return false;
  }
  return true;
}

// Control characters that neither a text nor a pager has. In what begins as JSON they are a fault
// of a string, told with its place.
bool IsBinary(string_view text) {
  if (text.find('\0') != string_view::npos) return true;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != string_view::npos && (text[first] == '{' || text[first] == '[')) return false;
  constexpr string_view kOfText = "\t\n\v\f\r\b\x1B";
  return std::ranges::any_of(
      text, [&](char c) { return c > '\0' && c < ' ' && kOfText.find(c) == string_view::npos; });
}

// What `less` and `more` draw besides the text: colours, bold by backspace, the line at the end.
bool IsFromPager(string_view text) {
  return text.find('\x1B') != string_view::npos || text.find('\b') != string_view::npos ||
         text.find("\n(END)") != string_view::npos || text.find("\n--More--") != string_view::npos;
}

bool IsCliError(string_view line) {
  constexpr std::array<string_view, 5> kStarts{"An error occurred (", "usage: aws ",
                                               "aws: error: ", "Unable to locate credentials",
                                               "You must specify a region"};
  return std::ranges::any_of(kStarts, [&](string_view start) { return line.starts_with(start); });
}

bool IsCliTable(string_view text) {
  const string_view line = FirstFullLine(text);
  return line.size() > 2 && line.find_first_not_of("-+") == string_view::npos &&
         text.find("\n|") != string_view::npos;
}

// Its lines begin with the name of what they hold: NETWORKINTERFACES<tab>us-east-1a<tab>...
bool IsCliText(string_view line) {
  const string_view name = line.substr(0, line.find('\t'));
  return !name.empty() && name.size() < line.size() &&
         std::ranges::all_of(
             name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

bool IsYaml(string_view line) {
  if (line == "---" || line.starts_with("--- ") || line.starts_with("%YAML")) return true;
  while (line.starts_with("- ")) line.remove_prefix(2);
  const std::size_t colon = line.find(':');
  if (colon == 0 || colon == string_view::npos) return false;
  const bool value_follows = colon + 1 == line.size() || line[colon + 1] == ' ';
  return value_follows && std::ranges::all_of(line.substr(0, colon), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

}  // namespace

std::optional<OtherKind> NameOtherKind(string_view text) {
  if (text.starts_with("\x1F\x8B")) {
    return OtherKind{"is compressed with gzip", "decompress it once more"};
  }
  if (IsUtf16(text)) {
    return OtherKind{"is UTF-16, not UTF-8",
                     "save it as UTF-8; in PowerShell: ... | Out-File -Encoding utf8 FILE"};
  }
  if (IsBlank(text)) {
    return OtherKind{"is empty", "run the command that writes it again, and look at what it says"};
  }
  if (text.starts_with("PAR1")) {
    return OtherKind{"is Parquet, not JSON", "an inventory is what the AWS CLI prints"};
  }
  if (IsBinary(text)) return OtherKind{"is binary data, not text", ""};
  const string_view line = FirstFullLine(text);
  if (IsCliError(line)) {
    return OtherKind{"holds an error message of the AWS CLI: " + std::string(line),
                     "run the command again"};
  }
  if (IsFromPager(text)) {
    return OtherKind{"is what a pager shows, not what the AWS CLI writes",
                     "write the file with > FILE or with --no-cli-pager, not by copying from the "
                     "screen"};
  }
  if (IsCliTable(text)) {
    return OtherKind{"is the AWS CLI's table output, not JSON", std::string(kAskForJson)};
  }
  if (IsCliText(line)) {
    return OtherKind{"is the AWS CLI's text output, not JSON", std::string(kAskForJson)};
  }
  if (line.starts_with('<')) return OtherKind{"is XML or HTML, not JSON", std::string(kAskForJson)};
  if (IsYaml(line)) return OtherKind{"is YAML, not JSON", std::string(kAskForJson)};
  return std::nullopt;
}

}  // namespace sgflow
