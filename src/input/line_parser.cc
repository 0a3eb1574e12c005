#include "input/line_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <utility>

#include "input/foreign_value.h"
#include "input/layout_guess.h"

namespace sgflow {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::unexpected<Error> Malformed(std::string message, std::string hint) {
  return std::unexpected(Error{.kind = ErrorKind::kInput,
                               .message = std::move(message),
                               .place = {},
                               .hint = std::move(hint)});
}

Result<void> CheckText(std::string_view line) {
  if (!simdjson::validate_utf8(line.data(), line.size())) {
    return Malformed("is no UTF-8 text", "");
  }
  const bool controls =
      std::ranges::any_of(line, [](char c) { return c >= '\0' && c < ' ' && c != '\t'; });
  if (controls) return Malformed("has control characters in it", "");
  return {};
}

constexpr std::string_view kNameTheOrder =
    "name the order with --record-format (in the Lambda SGFLOW_RECORD_FORMAT), as '${version} "
    "${account-id} ...' or a preset";

std::string Fields(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

std::unexpected<Error> Misquoted() {
  return Malformed("has text behind a closing quote, so where the field ends is not known", "");
}

// Two words may be anything.
constexpr std::size_t kFewestOfHeader = 3;

}  // namespace

LineParser::LineParser(std::shared_ptr<const RecordLayout> configured)
    : configured_(std::move(configured)) {
  Restart();
}

void LineParser::Restart() {
  layout_ = configured_;
  origin_ = configured_ ? Origin::kConfigured : Origin::kNone;
  separator_ = ' ';
  unnamed_ = 0;
  message_column_.reset();
}

Result<LineParser::Outcome> LineParser::Parse(std::string_view line, FlowRecord& record) {
  if (line.starts_with(kUtf8Mark)) line.remove_prefix(kUtf8Mark.size());
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' ||
                           (line.back() == '\t' && separator_ != '\t'))) {
    line.remove_suffix(1);
  }
  const std::size_t text = line.find_first_not_of(" \t");
  if (text == std::string_view::npos) return Outcome::kNothing;
  tokens_.Clear();
  if (MayStartHeader(line[text]) || StartsWithTime(line.substr(text))) {
    if (const auto header = ReadHeaderLine(line, tokens_)) {
      message_column_.reset();
      if (auto taken = TakeHeader(*header); !taken) return std::unexpected(taken.error());
      return Outcome::kNothing;
    }
  }
  return message_column_ ? ParseMessage(line, record) : ParseRecord(line, record);
}

bool LineParser::IsRecord(std::string_view line, FlowRecord& scratch) {
  tokens_.Clear();
  return ParseFields(line, scratch).has_value();
}

void LineParser::OnRefused(std::string_view line) {
  if (NamesFields(line)) LoseHeader();
}

// The line within a line, which may be a header too.
Result<LineParser::Outcome> LineParser::ParseMessage(std::string_view line, FlowRecord& record) {
  if (auto text = CheckText(line); !text) return std::unexpected(std::move(text.error()));
  tokens_.Split(line, message_column_->separator);
  if (tokens_.count() <= message_column_->index || tokens_.count() > LineTokens::kMost) {
    return Malformed("has " + Fields(tokens_.count()) + ", so no message column",
                     "the header names a message column");
  }
  // It is split by the same means, which reuse what a view looks at.
  message_ = tokens_.tokens()[message_column_->index];
  tokens_.Clear();
  if (const auto header = ReadHeaderLine(message_, tokens_); header && !header->message_column) {
    if (auto taken = TakeHeader(*header); !taken) return std::unexpected(taken.error());
    return Outcome::kNothing;
  }
  return ParseRecord(message_, record);
}

Result<void> LineParser::TakeHeader(const HeaderLine& header) {
  if (header.message_column) {
    Restart();
    message_column_ = {.index = *header.message_column, .separator = header.separator};
    return {};
  }
  auto layout = RecordLayout::FromNames(header.names);
  if (!layout) {
    LoseHeader();
    layout.error().kind = ErrorKind::kInput;
    layout.error().message.insert(0, "header: ");
    return std::unexpected(std::move(layout.error()));
  }
  separator_ = header.separator;
  unnamed_ = header.unnamed;
  origin_ = Origin::kHeader;
  // Concatenated files repeat their header; an equal one changes nothing.
  if (!layout_ || !std::ranges::equal(layout_->columns(), (*layout)->columns())) {
    layout_ = std::move(*layout);
  }
  return {};
}

// The lines below may be of any order, the one in force included.
void LineParser::LoseHeader() {
  layout_ = configured_;
  origin_ = configured_ ? Origin::kConfigured : Origin::kLost;
  separator_ = ' ';
  unnamed_ = 0;
}

Result<LineParser::Outcome> LineParser::ParseRecord(std::string_view line, FlowRecord& record) {
  auto outcome = ParseFields(line, record);
  if (outcome || !(NamesFields(line) || IsLikeHeader(line))) return outcome;
  LoseHeader();
  return Malformed("names fields as a header does, but cannot be read as one",
                   "a header is names alone, set apart by blanks, tabs or commas");
}

// As many words as the order in force has fields, and each like a name, as no record's are: others'
// names for the fields.
bool LineParser::IsLikeHeader(std::string_view line) {
  if (!layout_ || layout_->size() < kFewestOfHeader) return false;
  tokens_.Clear();
  tokens_.Split(line, SeparatorOf(line));
  return tokens_.count() == layout_->size() + unnamed_ &&
         std::ranges::all_of(tokens_.tokens(), LooksLikeName);
}

Result<LineParser::Outcome> LineParser::ParseFields(std::string_view line, FlowRecord& record) {
  const auto& likely = layout_ ? layout_ : last_guess_;
  bool usual = likely && separator_ == ' ' && record.Split(likely, line, ' ') &&
               line.front() != '"' && !record.values().front().ends_with(',');
  if (!usual || !record.plain()) {
    if (auto text = CheckText(line); !text) return std::unexpected(std::move(text.error()));
    usual = usual && line.find('\t') == std::string_view::npos;
  }
  if (!layout_) return Guess(line, usual, record);
  if (!usual) return ParseUnusual(line, record);
  if (auto fits = record.CheckTypes(); !fits) return std::unexpected(std::move(fits.error()));
  return Outcome::kRecord;
}

// Whatever the plain split does not read: other separators, several blanks in a row, a time
// before the record. A header's lines are set apart as it is, any other way they are of another
// table and of another order.
Result<LineParser::Outcome> LineParser::ParseUnusual(std::string_view line, FlowRecord& record) {
  const bool told = origin_ == Origin::kHeader;
  const std::array separators{told ? separator_ : SeparatorOf(line), told ? separator_ : ' '};
  for (const char separator : separators) {
    tokens_.Split(line, separator);
    if (tokens_.misquoted() && separator == separators.front()) return Misquoted();
    if (tokens_.misquoted() || tokens_.count() < layout_->size()) continue;
    // Commas with blanks behind them.
    if (separator == ' ' && tokens_.first().ends_with(',')) continue;
    const std::size_t before = tokens_.count() - layout_->size();
    if (before > LineTokens::kMostBefore) continue;
    const bool expected =
        before == unnamed_ || (before != 0 && unnamed_ == 0 && StartsWithTime(tokens_.first()));
    if (!expected) continue;
    Assign(layout_, before, separator, record);
    if (auto fits = record.CheckTypes(); !fits) return std::unexpected(std::move(fits.error()));
    return Outcome::kRecord;
  }
  tokens_.Split(line, separator_);
  return Malformed(
      "has " + Fields(tokens_.count()) + ", expected " + std::to_string(layout_->size() + unnamed_),
      origin_ == Origin::kHeader
          ? "the header names that many"
          : "the record format (--record-format or SGFLOW_RECORD_FORMAT) names that many");
}

// Every line is held against the whole layout, since the next one may come from another flow log.
// `split`: whether the record holds the line's values under the last guess.
Result<LineParser::Outcome> LineParser::Guess(std::string_view line, bool split,
                                              FlowRecord& record) {
  if (origin_ == Origin::kLost) {
    return Malformed("comes after a header that could not be read, so what it holds is not known",
                     std::string(kNameTheOrder));
  }
  if (split && FitsWellKnownLayout(record)) return Outcome::kRecord;
  // A single tab may stand among blanks, behind a time or in front.
  for (const char separator : {' ', SeparatorOf(line)}) {
    tokens_.Split(line, separator);
    for (std::size_t before = 0; before <= LineTokens::kMostBefore; ++before) {
      if (before != 0 && !StartsWithTime(tokens_.first())) break;
      for (const auto* layout :
           {&RecordLayout::Default(), &RecordLayout::Classic(), &RecordLayout::TransitGateway()}) {
        if (tokens_.count() != (*layout)->size() + before) continue;
        Assign(*layout, before, separator, record);
        if (!FitsWellKnownLayout(record)) continue;
        last_guess_ = *layout;
        return Outcome::kRecord;
      }
    }
  }
  if (tokens_.misquoted()) return Misquoted();
  return Malformed("has " + Fields(tokens_.count()) + " in an order that is not known",
                   std::string(kNameTheOrder));
}

// Takes the tokens behind the first `before` as the record's values. Between blanks they are as AWS
// logged them, a tag's null included; tables have been in other tools' hands.
void LineParser::Assign(const std::shared_ptr<const RecordLayout>& layout, std::size_t before,
                        char separator, FlowRecord& record) {
  const auto values = tokens_.tokens().subspan(before);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string_view& value = values[i];
    if (separator == ' ') {
      if (value.empty()) value = FlowRecord::kMissing;
      continue;
    }
    if (separator == ',') value = WithoutNull(value);
    const auto& field = layout->columns()[i].field;
    value = WithoutTraces(field, value);
    if (auto padded = PaddedAccountId(field, value)) value = tokens_.Keep(std::move(*padded));
  }
  record.Assign(layout, values);
}

}  // namespace sgflow
