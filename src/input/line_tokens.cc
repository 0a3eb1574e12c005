#include "input/line_tokens.h"

#include <algorithm>
#include <utility>

#include "flowlog/flow_record.h"

namespace sgflow {
namespace {

std::string_view WithoutBlanks(std::string_view token) {
  while (!token.empty() && token.back() == ' ') token.remove_suffix(1);
  while (!token.empty() && token.front() == ' ') token.remove_prefix(1);
  return token;
}

}  // namespace

char SeparatorOf(std::string_view line) {
  if (line.find('\t') != std::string_view::npos) return '\t';
  if (line.find(',') != std::string_view::npos) return ',';
  return ' ';
}

bool StartsWithTime(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return false;
  }
  return true;
}

void LineTokens::Split(std::string_view line, char separator) {
  misquoted_ = false;
  if (separator == '\t' && line.find('"') == std::string_view::npos) {
    count_ = SplitFields(line, '\t', tokens_).count;
    for (std::size_t i = 0; i < std::min(count_, kMost); ++i) {
      tokens_[i] = WithoutBlanks(tokens_[i]);
    }
    return;
  }
  // Blanks in a row are one separator; around a comma they are none.
  const std::string_view blanks = separator == '\t' ? " " : " \t";
  count_ = 0;
  std::size_t at = std::min(line.find_first_not_of(blanks), line.size());
  while (true) {
    const bool quoted = at < line.size() && line[at] == '"';
    const std::string_view token = quoted ? TakeQuoted(line, at) : TakeBare(line, separator, at);
    if (count_ < kMost) tokens_[count_] = token;
    ++count_;
    const std::size_t next = separator == ' ' ? at : line.find(separator, at);
    const std::size_t end =
        std::min(separator == ' ' ? line.find_first_of(" \t", at) : next, line.size());
    misquoted_ = misquoted_ || (quoted && !WithoutBlanks(line.substr(at, end - at)).empty());
    if (next == std::string_view::npos) return;
    at = std::min(line.find_first_not_of(blanks, next + (separator == ' ' ? 0 : 1)), line.size());
    if (separator == ' ' && at == line.size()) return;
  }
}

// Up to the separator. `at` is left there.
std::string_view LineTokens::TakeBare(std::string_view line, char separator, std::size_t& at) {
  const std::size_t begin = at;
  at = std::min(separator == ' ' ? line.find_first_of(" \t", at) : line.find(separator, at),
                line.size());
  return WithoutBlanks(line.substr(begin, at - begin));
}

// RFC 4180 within one line: a quoted field may hold separators, and quotes twice. `at` is left
// behind the closing quote.
std::string_view LineTokens::TakeQuoted(std::string_view line, std::size_t& at) {
  const std::size_t begin = ++at;
  bool doubled = false;
  while (at < line.size() && (line[at] != '"' || (at + 1 < line.size() && line[at + 1] == '"'))) {
    doubled = doubled || line[at] == '"';
    at += line[at] == '"' ? 2 : 1;
  }
  const std::string_view token = line.substr(begin, at - begin);
  at = std::min(at + 1, line.size());
  if (!doubled) return token;
  std::string text;
  for (std::size_t i = 0; i < token.size(); ++i) {
    text += token[i];
    if (token[i] == '"') ++i;
  }
  return Keep(std::move(text));
}

std::string_view LineTokens::Keep(std::string text) {
  if (made_count_ == made_.size()) made_.emplace_back();
  std::string& kept = made_[made_count_++];
  kept = std::move(text);
  return kept;
}

}  // namespace sgflow
