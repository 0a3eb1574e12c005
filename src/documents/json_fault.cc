#include "documents/json_fault.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace sgflow {
namespace {

constexpr std::size_t kDeepest = 1024;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsWordCharacter(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         c == '-' || c == '+' || c == '.';
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Bytes of the UTF-8 character at the front; 0 where there is none (RFC 3629).
std::size_t Utf8Length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && byte(i) >> 6 == 2; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool too_large = first == 0xF4 && byte(1) > 0x8F;
    return overlong || too_large ? 0 : 4;
  }
  return 0;
}

// Walks the text once and stops at the first fault.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<JsonFault> Scan() {
    do {
      if (Value() && !fault_) AfterValue();
    } while (!fault_ && !open_.empty());
    SkipSpace();
    if (!fault_ && at_ < text_.size()) {
      Fail(at_, "something follows the end of the JSON value",
           "one value a file: give the output of two commands as two files");
    }
    return fault_;
  }

 private:
  // Reads a value up to its end, or up to the first value inside it: then false.
  bool Value() {
    SkipSpace();
    if (AtEnd()) return true;
    const char c = text_[at_];
    if (c == '{') return OpenObject();
    if (c == '[') return OpenArray();
    if (c == '"') {
      String();
    } else if (c == '-' || IsDigit(c)) {
      Number();
    } else {
      Word();
    }
    return true;
  }

  bool OpenObject() {
    Open();
    SkipSpace();
    if (AtEnd()) return true;
    if (text_[at_] == '}') {
      Close();
      return true;
    }
    Key();
    return false;
  }

  bool OpenArray() {
    Open();
    SkipSpace();
    if (AtEnd()) return true;
    if (text_[at_] == ']') {
      Close();
      return true;
    }
    return false;
  }

  // Goes on behind a value until the next one, or until all is closed.
  void AfterValue() {
    while (!fault_ && !open_.empty()) {
      SkipSpace();
      if (AtEnd()) return;
      const bool in_object = text_[open_.back()] == '{';
      const char closing = in_object ? '}' : ']';
      const char c = text_[at_];
      if (c == closing) {
        Close();
        continue;
      }
      if (c != ',') {
        ExpectedComma(closing);
        return;
      }
      const std::size_t comma = at_++;
      SkipSpace();
      if (AtEnd()) return;
      if (text_[at_] == closing) {
        Fail(comma, std::string("a comma stands before the closing ") + closing,
             "remove the comma");
        return;
      }
      if (in_object) Key();
      return;
    }
  }

  void ExpectedComma(char closing) {
    const char c = text_[at_];
    if (c == '}' || c == ']') {
      Fail(at_, std::string("a ") + c + " stands where " + closing + " closes what line " +
                    std::to_string(LineOf(open_.back())) + " opens");
    } else if (!CommentOrQuote()) {
      Fail(at_, "a comma is missing before this");
    }
  }

  void Key() {
    if (text_[at_] == '"') {
      String();
    } else if (!CommentOrQuote()) {
      Fail(at_, "a key is expected here, in double quotes");
    }
    if (fault_) return;
    SkipSpace();
    if (AtEnd()) return;
    if (text_[at_] != ':') {
      Fail(at_, "a colon is missing behind the key");
      return;
    }
    ++at_;
  }

  void String() {
    const std::size_t begin = at_++;
    while (at_ < text_.size()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        ++at_;
        return;
      }
      if (c == '\n' || c == '\r') {
        Fail(begin, "a string is not closed on its line",
             "a line break in a string is written \\n");
        return;
      }
      if (c < 0x20) {
        Fail(at_, "a control character stands in a string", "write it as \\u00XX");
        return;
      }
      if (c == '\\') {
        if (!Escape()) return;
      } else if (!Character()) {
        return;
      }
    }
    Fail(text_.size(), "the text ends in the middle of a string", kCutShort);
  }

  bool Escape() {
    const std::string_view rest = text_.substr(at_);
    if (rest.size() == 1) {
      ++at_;
      return true;
    }
    if (rest[1] == 'u') return UnicodeEscape(rest);
    if (std::string_view("\"\\/bfnrt").find(rest[1]) != std::string_view::npos) {
      at_ += 2;
      return true;
    }
    const bool printable = rest[1] > ' ' && rest[1] < '\x7f';
    Fail(at_,
         printable ? std::string("JSON has no escape \\") + rest[1]
                   : std::string("a backslash stands before what it cannot escape"),
         "a backslash itself is written \\\\");
    return false;
  }

  // UTF-16 in four hexadecimal digits; characters beyond 16 bits take two in a row.
  bool UnicodeEscape(std::string_view rest) {
    const auto unit = HexUnit(rest);
    if (!unit) {
      Fail(at_, "\\u stands without four hexadecimal digits");
      return false;
    }
    const bool is_first_half = *unit >= 0xD800 && *unit < 0xDC00;
    const auto second = is_first_half ? HexUnit(rest.substr(6)) : std::nullopt;
    const bool is_pair = second && *second >= 0xDC00 && *second < 0xE000;
    if (*unit >= 0xD800 && *unit < 0xE000 && !is_pair) {
      Fail(at_, std::string(rest.substr(0, 6)) + " is half of a character");
      return false;
    }
    at_ += is_pair ? 12 : 6;
    return true;
  }

  static std::optional<std::uint32_t> HexUnit(std::string_view text) {
    if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
    std::uint32_t unit = 0;
    const char* const end = text.data() + 6;
    const auto parsed = std::from_chars(text.data() + 2, end, unit, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return unit;
  }

  bool Character() {
    const std::size_t length = Utf8Length(text_.substr(at_));
    if (length == 0) {
      Fail(at_, "this is not UTF-8", "save the file as UTF-8");
      return false;
    }
    at_ += length;
    return true;
  }

  void Number() {
    const std::size_t begin = at_;
    if (text_[at_] == '-') ++at_;
    const std::size_t whole = Digits();
    bool good = whole == 1 || (whole > 1 && text_[at_ - whole] != '0');
    if (good && at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      good = Digits() > 0;
    }
    if (good && at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      good = Digits() > 0;
    }
    good = good && (at_ == text_.size() || !IsWordCharacter(text_[at_]));
    while (at_ < text_.size() && IsWordCharacter(text_[at_])) ++at_;
    const std::string_view number = text_.substr(begin, at_ - begin);
    if (!good) {
      Fail(begin, std::string(number.substr(0, kLongestQuote)) + " is no JSON number",
           "if it is a name or an id, put it in double quotes");
    } else if (IsTooLarge(number)) {
      Fail(begin, "this number is too large", "if it is an id, put it in double quotes");
    }
  }

  std::size_t Digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    return at_ - begin;
  }

  // What parsers refuse: beyond 64 bits, or beyond a double where it has a fraction or exponent.
  static bool IsTooLarge(std::string_view number) {
    if (number.find_first_of(".eE") != std::string_view::npos) {
      return std::isinf(std::strtod(std::string(number).c_str(), nullptr));
    }
    const char* const end = number.data() + number.size();
    if (number.front() == '-') {
      std::int64_t value = 0;
      return std::from_chars(number.data(), end, value).ec != std::errc{};
    }
    std::uint64_t value = 0;
    return std::from_chars(number.data(), end, value).ec != std::errc{};
  }

  void Word() {
    if (CommentOrQuote()) return;
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsWordCharacter(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "true" || word == "false" || word == "null") return;
    if (word.empty()) {
      Fail(begin, "a value is expected here");
    } else if (word == "True" || word == "False" || word == "None") {
      Fail(begin, std::string(word) + " is Python's, not JSON's",
           "JSON writes true, false and null; Python's json.dumps does so too");
    } else if (at_ == text_.size() && IsStartOfWord(word)) {
      Fail(at_, "the text ends in the middle of a value", kCutShort);
    } else {
      Fail(begin, std::string(word.substr(0, kLongestQuote)) + " is no JSON value",
           "text stands in double quotes");
    }
  }

  static bool IsStartOfWord(std::string_view word) {
    return std::string_view("true").starts_with(word) ||
           std::string_view("false").starts_with(word) ||
           std::string_view("null").starts_with(word);
  }

  // What people write and JSON does not have.
  bool CommentOrQuote() {
    const std::string_view rest = text_.substr(at_);
    if (rest.starts_with("//") || rest.starts_with("/*") || rest.starts_with("#")) {
      Fail(at_, "JSON has no comments", "remove the comment");
    } else if (rest.starts_with("'")) {
      Fail(at_, "text stands in single quotes", "JSON needs double quotes");
    } else if (rest.starts_with("\xE2\x80\x9C") || rest.starts_with("\xE2\x80\x9D")) {
      Fail(at_, "text stands in curly quotes", "JSON needs straight double quotes");
    } else if (Utf8Length(rest) == 0) {
      Fail(at_, "this is not UTF-8", "save the file as UTF-8");
    } else {
      return false;
    }
    return true;
  }

  void Open() {
    open_.push_back(at_++);
    if (open_.size() > kDeepest) {
      Fail(at_ - 1, "objects and arrays are nested deeper than " + std::to_string(kDeepest));
    }
  }

  void Close() {
    ++at_;
    open_.pop_back();
  }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }

  bool AtEnd() {
    if (at_ < text_.size()) return false;
    if (!fault_ && open_.empty()) {
      Fail(at_, "a value is expected here");
    } else if (!fault_) {
      Fail(at_,
           std::string("the text ends before the ") +
               (text_[open_.back()] == '{' ? "object" : "array") + " that line " +
               std::to_string(LineOf(open_.back())) + " opens is closed",
           kCutShort);
    }
    return true;
  }

  std::size_t LineOf(std::size_t offset) const {
    return 1 + static_cast<std::size_t>(std::ranges::count(text_.substr(0, offset), '\n'));
  }

  void Fail(std::size_t offset, std::string message, std::string hint = {}) {
    if (!fault_) fault_ = JsonFault{offset, std::move(message), std::move(hint)};
  }

  static constexpr std::size_t kLongestQuote = 40;
  static constexpr const char* kCutShort = "the file was cut short: write it anew";

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;  // offsets of the brackets
  std::optional<JsonFault> fault_;
};

}  // namespace

std::optional<JsonFault> FindJsonFault(std::string_view text) { return Scanner(text).Scan(); }

}  // namespace sgflow
