#include "input/line_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <span>
#include <utility>

#include "input/foreign_value.h"
#include "input/layout_guess.h"

namespace sgflow {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A first byte that a header can have; most layouts start with a number, so that most lines end
// the search for a header here.
bool MayStartHeader(char c) { return IsLetter(c) || c == '"' || c == '@' || c == '$' || c == '\''; }

bool LooksLikeName(std::string_view text) {
  return !text.empty() && (IsLetter(text[0]) || text[0] == '@' || text[0] == '_') &&
         std::ranges::all_of(text, [](char c) {
           return IsLetter(c) || IsDigit(c) || c == '-' || c == '_' || c == '@' || c == '.';
         });
}

// ISO 8601, as 2026-06-01T12:00:00, with or without fractions and a zone.
bool LooksLikeTime(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !IsDigit(text[i]) : text[i] != kShape[i]) return false;
  }
  return true;
}

char SeparatorOf(std::string_view line) {
  if (line.find('\t') != std::string_view::npos) return '\t';
  if (line.find(',') != std::string_view::npos) return ',';
  return ' ';
}

std::unexpected<Error> Malformed(std::string message, std::string hint) {
  return std::unexpected(Error{.kind = ErrorKind::kInput,
                               .message = std::move(message),
                               .place = {},
                               .hint = std::move(hint)});
}

std::string Fields(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

}  // namespace

LineParser::LineParser(std::shared_ptr<const RecordLayout> configured)
    : configured_(std::move(configured)) {
  Restart();
}

void LineParser::Restart() {
  layout_ = configured_;
  origin_ = configured_ ? Origin::kConfigured : Origin::kNone;
  separator_ = ' ';
  message_column_.reset();
}

Result<LineParser::Outcome> LineParser::Parse(std::string_view line, FlowRecord& record) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' ||
                           (line.back() == '\t' && separator_ != '\t'))) {
    line.remove_suffix(1);
  }
  if (line.find_first_not_of(" \t") == std::string_view::npos) return Outcome::kNothing;
  if (MayStartHeader(line.front())) {
    std::optional<Error> error;
    if (TakeHeader(line, error)) {
      if (error) return std::unexpected(std::move(*error));
      return Outcome::kNothing;
    }
  }
  if (!message_column_) return ParseFields(line, record);

  if (!simdjson::validate_utf8(line.data(), line.size())) {
    return Malformed("is no UTF-8 text", "");
  }
  made_count_ = 0;
  Tokenize(line, separator_);
  if (token_count_ <= *message_column_ || token_count_ > tokens_.size()) {
    return Malformed("has " + Fields(token_count_) + ", so no message column",
                     "the header names a message column");
  }
  // The line within the line is split by the same means, which reuse what a view looks at.
  message_ = tokens_[*message_column_];
  return layout_ ? ParseUnusual(message_, record) : Guess(message_, record);
}

bool LineParser::TakeHeader(std::string_view line, std::optional<Error>& error) {
  const char separator = SeparatorOf(line);
  made_count_ = 0;
  Tokenize(line, separator);
  if (token_count_ > tokens_.size()) return false;
  const std::span names(tokens_.data(), token_count_);
  std::size_t known = 0;
  std::optional<std::size_t> message;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string_view& name = names[i];
    if (name.starts_with("${") && name.ends_with('}')) name = name.substr(2, name.size() - 3);
    if (!LooksLikeName(name)) return false;
    if (FindField(name)) ++known;
    if (name == "message" || name == "@message") message = i;
  }
  if (message && separator != ' ' && known == 0) {
    layout_ = configured_;
    origin_ = configured_ ? Origin::kConfigured : Origin::kNone;
    separator_ = separator;
    message_column_ = message;
    return true;
  }
  // Every word is a name; that half of them are AWS's makes it a header and leaves room for the
  // fields that AWS adds.
  if (known == 0 || 2 * known < names.size()) return false;

  message_column_.reset();
  separator_ = separator;
  origin_ = Origin::kHeader;
  auto layout = RecordLayout::FromNames(names);
  if (!layout) {
    // The lines below are then taken only where they need no header.
    layout_.reset();
    origin_ = Origin::kNone;
    error = std::move(layout.error());
    error->kind = ErrorKind::kInput;
    error->message = "header: " + error->message;
    return true;
  }
  // Concatenated files repeat their header; an equal one changes nothing.
  if (!layout_ || !std::ranges::equal(layout_->columns(), (*layout)->columns())) {
    layout_ = std::move(*layout);
  }
  return true;
}

Result<LineParser::Outcome> LineParser::ParseFields(std::string_view line, FlowRecord& record) {
  const bool usual =
      layout_ && separator_ == ' ' && record.Split(layout_, line, ' ') && line.front() != '"';
  if (!(usual && record.plain()) && !simdjson::validate_utf8(line.data(), line.size())) {
    return Malformed("is no UTF-8 text", "");
  }
  if (!layout_) return Guess(line, record);
  if (!usual) return ParseUnusual(line, record);
  if (auto fits = record.CheckTypes(); !fits) return std::unexpected(std::move(fits.error()));
  return Outcome::kRecord;
}

// Whatever the plain split does not read: other separators, several blanks in a row, a time
// before the record.
Result<LineParser::Outcome> LineParser::ParseUnusual(std::string_view line, FlowRecord& record) {
  made_count_ = 0;
  for (const char separator : {separator_, SeparatorOf(line), ' '}) {
    Tokenize(line, separator);
    for (std::size_t before = 0; before <= kMostBefore; ++before) {
      if (token_count_ != layout_->size() + before) continue;
      if (before != 0 && !LooksLikeTime(tokens_[0])) continue;
      AssignNormalized(layout_, before, record);
      if (auto fits = record.CheckTypes(); !fits) return std::unexpected(std::move(fits.error()));
      return Outcome::kRecord;
    }
  }
  Tokenize(line, message_column_ ? ' ' : separator_);
  return Malformed("has " + Fields(token_count_) + ", expected " + std::to_string(layout_->size()),
                   origin_ == Origin::kHeader
                       ? "the header names that many"
                       : "the record format (--record-format or SGFLOW_RECORD_FORMAT) names that "
                         "many");
}

// Every line is held against the whole layout, since the next one may come from another flow log.
Result<LineParser::Outcome> LineParser::Guess(std::string_view line, FlowRecord& record) {
  if (last_guess_ && record.Split(last_guess_, line, ' ') && FitsWellKnownLayout(record)) {
    return Outcome::kRecord;
  }
  made_count_ = 0;
  Tokenize(line, SeparatorOf(line));
  if (token_count_ <= tokens_.size()) {
    for (std::size_t before = 0; before <= kMostBefore; ++before) {
      if (before != 0 && !LooksLikeTime(tokens_[0])) break;
      for (const auto* layout :
           {&RecordLayout::Default(), &RecordLayout::Classic(), &RecordLayout::TransitGateway()}) {
        if (token_count_ != (*layout)->size() + before) continue;
        AssignNormalized(*layout, before, record);
        if (!FitsWellKnownLayout(record)) continue;
        last_guess_ = *layout;
        return Outcome::kRecord;
      }
    }
  }
  return Malformed("has " + Fields(token_count_) + " in an order that is not known",
                   "name the order with --record-format (in the Lambda SGFLOW_RECORD_FORMAT), as "
                   "'${version} ${account-id} ...' or a preset");
}

void LineParser::Tokenize(std::string_view line, char separator) {
  if (separator == '\t' && line.find('"') == std::string_view::npos) {
    token_count_ = SplitFields(line, '\t', tokens_).count;
    return;
  }
  // Blanks in a row are one separator; around a comma they are none.
  const std::string_view blanks = separator == '\t' ? " " : " \t";
  token_count_ = 0;
  std::size_t at = std::min(line.find_first_not_of(blanks), line.size());
  while (true) {
    const std::string_view token =
        at < line.size() && line[at] == '"' ? TakeQuoted(line, at) : TakeBare(line, separator, at);
    if (token_count_ < tokens_.size()) tokens_[token_count_] = token;
    ++token_count_;
    // What stands between a closing quote and the separator is nobody's.
    const std::size_t next = separator == ' ' ? at : line.find(separator, at);
    if (next == std::string_view::npos) return;
    at = std::min(line.find_first_not_of(blanks, next + (separator == ' ' ? 0 : 1)), line.size());
    if (separator == ' ' && at == line.size()) return;
  }
}

// Up to the separator. `at` is left there.
std::string_view LineParser::TakeBare(std::string_view line, char separator, std::size_t& at) {
  const std::size_t begin = at;
  at = std::min(separator == ' ' ? line.find_first_of(" \t", at) : line.find(separator, at),
                line.size());
  std::string_view token = line.substr(begin, at - begin);
  while (!token.empty() && token.back() == ' ') token.remove_suffix(1);
  return token;
}

// RFC 4180 within one line: a quoted field may hold separators, and quotes twice. `at` is left
// behind the closing quote.
std::string_view LineParser::TakeQuoted(std::string_view line, std::size_t& at) {
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

// The view lives until the next line.
std::string_view LineParser::Keep(std::string text) {
  if (made_count_ == made_.size()) made_.emplace_back();
  std::string& kept = made_[made_count_++];
  kept = std::move(text);
  return kept;
}

// Takes the tokens behind the first `before` as the record's values, with the traces of other
// tools taken away.
void LineParser::AssignNormalized(const std::shared_ptr<const RecordLayout>& layout,
                                  std::size_t before, FlowRecord& record) {
  const std::span values(tokens_.data() + before, layout->size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& field = layout->columns()[i].field;
    values[i] = WithoutTraces(field, values[i]);
    // In plain text nobody takes an account id for a number.
    if (separator_ != ',') continue;
    if (auto padded = PaddedAccountId(field, values[i])) values[i] = Keep(std::move(*padded));
  }
  record.Assign(layout, values);
}

}  // namespace sgflow
