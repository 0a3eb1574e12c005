#include "input/record_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "input/base64.h"
#include "input/foreign_content.h"
#include "input/gzip_source.h"
#include "input/json_records.h"
#include "input/json_scanner.h"
#include "input/line_parser.h"
#include "input/window.h"

namespace sgflow {
namespace {

// A record of all fields with long names in them stays far below.
constexpr std::size_t kLongestLine = std::size_t{1} << 20;
// Smaller documents are parsed whole, larger ones by the elements of their array.
constexpr std::size_t kWholeJson = std::size_t{1} << 20;
// One element, or base64 in one piece: more than AWS puts into either.
constexpr std::size_t kLongestPiece = std::size_t{16} << 20;
// Base64 of gzip in a file of JSON in gzip is as deep as it gets.
constexpr std::size_t kDeepest = 4;
constexpr std::size_t kShownText = 200;

// Base64 of gzip's magic bytes, deflate and no flags.
constexpr std::string_view kBase64Gzip = "H4sI";
constexpr std::string_view kObject = "{\"";  // how one with members begins
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

Error InputError(std::string message, std::string hint = {}) {
  return {.kind = ErrorKind::kInput,
          .message = std::move(message),
          .place = {},
          .hint = std::move(hint)};
}

Error TooLongBase64() {
  return InputError("is base64 of more than " + std::to_string(kLongestPiece) + " bytes");
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || IsBlank(text.back()))) text.remove_suffix(1);
  return text;
}

// Of text, and nothing that holds more.
bool IsOneLine(std::string_view text) {
  return text.find('\n') == std::string_view::npos && !text.starts_with('{') &&
         !text.starts_with("[{") && !text.starts_with(kBase64Gzip) &&
         text.find(kObject) == std::string_view::npos;
}

bool IsWordPart(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c < '\0';
}

// What producers set JSON values apart with, and no line of text starts with. An escape belongs to
// the bracket behind it: a terminal's colours.
bool IsDelimiter(char c) {
  return (c >= '\0' && c < ' ' && c != '\n' && c != '\x1B') || c == '|' || c == ';' || c == ',';
}

// A line that starts with such a byte may be more than text.
constexpr auto kStartsOther = [] {
  std::array<bool, 256> starts{};
  for (int c = 0; c < ' '; ++c) starts[static_cast<std::size_t>(c)] = c != '\n';
  for (const char c : {' ', '{', '[', ',', '|', ';', kBase64Gzip[0], kUtf8Mark[0]}) {
    starts[static_cast<unsigned char>(c)] = true;
  }
  return starts;
}();

// Whether a text between two JSON values tells nothing: signs, but no piece of JSON, or a short
// word.
bool IsBetweenValues(std::string_view text) {
  constexpr std::size_t kLongest = 32;
  if (text.find_first_of("]}\"") != std::string_view::npos) return false;
  std::size_t words = 0;
  bool in_word = false;
  for (const char c : text) {
    if (IsBlank(c) || c == ',') {
      in_word = false;
    } else if (IsWordPart(c)) {
      words += std::exchange(in_word, true) ? 0U : 1U;
    }
  }
  return words == 0 || (words == 1 && text.size() <= kLongest);
}

bool IsBase64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '=';
}

// Lets a decompressor read what a window has not used up.
class WindowSource : public ByteSource {
 public:
  explicit WindowSource(Window& window) : window_(window) {}

  Result<std::size_t> Read(std::span<char> into) override {
    if (window_.view().empty() && !window_.Fill()) {
      if (window_.error()) return std::unexpected(*window_.error());
      return 0;
    }
    const std::size_t count = std::min(into.size(), window_.view().size());
    std::memcpy(into.data(), window_.view().data(), count);
    window_.Consume(count);
    return count;
  }

 private:
  Window& window_;
};

}  // namespace

class RecordReader::Implementation : private JsonRecords::Visitor {
 public:
  explicit Implementation(ReadOptions options) : options_(std::move(options)) {}

  Result<void> Read(Window& window, RecordSink& sink) {
    sink_ = &sink;
    line_ = 1;
    depth_ = 0;
    return ReadContent(window, /*counts_lines=*/true);
  }

 private:
  // What one depth of content within content needs; kept for the next input.
  struct Level {
    explicit Level(const ReadOptions& options) : own_lines(options.layout) {}
    LineParser own_lines;
    LineParser* lines = nullptr;  // its own, or those of the text that this is a part of
    JsonRecords json;
    FlowRecord record;
    std::string bytes;  // decoded, or copied for their padding
    bool counts_lines = false;
    bool in_broken_json = false;
    bool tried_whole = false;
    bool any_json = false;
    bool behind_json = false;  // in the same line
    bool indented = false;     // blanks stand before it in its line
  };

  Level& level() { return *levels_[depth_]; }

  Result<void> ReadContent(Window& window, bool counts_lines, LineParser* lines = nullptr);
  Error BrokenOff(Error error) const;
  bool More(Window& window);
  void ReadInside(std::string_view bytes, LineParser* lines = nullptr);
  std::size_t LengthOfDelimiter(Window& window);
  void ReadBetweenValues(Window& window);
  void ReadLines(Window& window);
  bool ReadLongLine(Window& window);
  bool LeavesJson(Window& window, std::string_view line);
  std::size_t TakeLine(std::string_view line);
  void ReadEncoded(Window& window);
  bool ContinuesBase64(Window& window, std::size_t line_length);
  void ReadJson(Window& window);
  bool ReadElements(Window& window, bool wanted);
  void ReadTail(Window& window);
  void GiveUpJson(Window& window, std::string_view why);
  void SkipGivenUp(Window& window);
  void SkipLine(Window& window);
  void NoteRefused(std::string_view text);
  bool TakeJson(std::string_view json, bool padded);

  void Use(Window& window, std::size_t count);
  void Reject(Error error, std::string_view text);

  // JsonRecords::Visitor
  bool IsContent(std::string_view text) override;
  void OnText(std::string_view text) override;
  void OnEncoded(std::string_view base64) override;
  void OnRecord(const FlowRecord& record) override { sink_->OnRecord(record); }
  void OnRejected(const Error& error) override { Reject(error, json_in_hand_); }

  ReadOptions options_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::size_t depth_ = 0;
  RecordSink* sink_ = nullptr;
  std::uint64_t line_ = 1;
  std::string_view json_in_hand_;
};

// Passes over bytes, counting the lines among them.
void RecordReader::Implementation::Use(Window& window, std::size_t count) {
  if (level().counts_lines) {
    line_ += static_cast<std::uint64_t>(std::ranges::count(window.view().substr(0, count), '\n'));
  }
  window.Consume(count);
}

void RecordReader::Implementation::Reject(Error error, std::string_view text) {
  error.place.line = line_;
  sink_->OnRejected(error, text.substr(0, kShownText));
}

// `lines`: where the content's lines belong to those around it, so that a header counts for both.
Result<void> RecordReader::Implementation::ReadContent(Window& window, bool counts_lines,
                                                       LineParser* lines) {
  if (depth_ == kDeepest) {
    return std::unexpected(InputError("is packed in more layers than any tool makes"));
  }
  if (levels_.size() == depth_) levels_.push_back(std::make_unique<Level>(options_));
  level().lines = lines == nullptr ? &level().own_lines : lines;
  if (lines == nullptr) level().own_lines.Restart();
  level().counts_lines = counts_lines;
  level().in_broken_json = false;
  level().tried_whole = false;
  level().any_json = false;
  level().behind_json = false;
  level().indented = false;

  constexpr std::size_t kSniffed = 512;
  while (window.view().size() < kSniffed && window.Fill()) {
  }
  if (window.view().starts_with(kGzipMagic)) {
    WindowSource compressed(window);
    GzipSource inflated(compressed);
    Window inner(inflated);
    ++depth_;
    auto result = ReadContent(inner, counts_lines);
    --depth_;
    return result;
  }
  std::string_view start = window.view().substr(0, kSniffed);
  if (start.starts_with(kUtf8Mark)) start.remove_prefix(kUtf8Mark.size());
  if (auto refusal = RefuseForeignContent(start)) {
    return std::unexpected(std::move(*refusal));
  }

  while (More(window)) {
    // At the start of a line, or behind a JSON value.
    const std::string_view view = window.view();
    const char first = view.front();
    level().indented = level().indented && first != '\n';
    if (first == '\n') {
      level().behind_json = false;
      Use(window, 1);
      continue;
    }
    if (level().behind_json && first != '{' && first != '[') {
      ReadBetweenValues(window);
      continue;
    }
    if (IsBlank(first) || IsDelimiter(first)) {
      const std::size_t text = LengthOfDelimiter(window);
      if (text != 0) {
        level().indented = true;
        Use(window, text);
        continue;
      }
    }
    if (first == kUtf8Mark[0] || first == kBase64Gzip[0]) {
      while (window.view().size() < kBase64Gzip.size() && window.Fill()) {
      }
      // Files with a mark of their own may have been put together.
      if (window.view().starts_with(kUtf8Mark)) {
        Use(window, kUtf8Mark.size());
        continue;
      }
    }
    if (first == '{' || first == '[') {
      level().any_json = true;
      level().behind_json = true;
      ReadJson(window);
    } else if (window.view().starts_with(kBase64Gzip)) {
      ReadEncoded(window);
    } else {
      ReadLines(window);
    }
  }
  if (window.error()) return std::unexpected(BrokenOff(*window.error()));
  return {};
}

// The error that ended the input, for whoever has got the records before it.
Error RecordReader::Implementation::BrokenOff(Error error) const {
  if (line_ > 1) error.place.line = line_;
  if (error.kind == ErrorKind::kInput) error.hint += "; what could be read was used";
  return error;
}

// Whether something is left. What is read next may be long in coming, so that a pause is told.
bool RecordReader::Implementation::More(Window& window) {
  if (!window.view().empty()) return true;
  if (level().counts_lines) sink_->OnPause();
  return window.Fill();
}

// Content that a record or a message holds.
void RecordReader::Implementation::ReadInside(std::string_view bytes, LineParser* lines) {
  Window window(bytes);
  ++depth_;
  auto result = ReadContent(window, /*counts_lines=*/false, lines);
  --depth_;
  if (!result) Reject(std::move(result.error()), {});
}

// How much of what the window starts with stands before a JSON value, or is blanks for nothing; 0
// where it belongs to a line of text: a tab ends an empty first column.
std::size_t RecordReader::Implementation::LengthOfDelimiter(Window& window) {
  while (true) {
    const std::string_view view = window.view();
    const auto* const text =
        std::ranges::find_if_not(view, [](char c) { return IsBlank(c) || IsDelimiter(c); });
    const auto length = static_cast<std::size_t>(text - view.begin());
    if (text == view.end() && length <= kLongestLine && window.Fill()) continue;
    const bool blank = std::all_of(view.begin(), text, IsBlank);
    if (text == view.end()) return blank ? length : 0;
    if (*text == '{' || *text == '[' || (blank && *text == '\n')) return length;
    return 0;
  }
}

// Up to the next JSON value in the line, or the line's end.
void RecordReader::Implementation::ReadBetweenValues(Window& window) {
  std::size_t length = 0;
  while ((length = window.view().find_first_of("{[\n")) == std::string_view::npos) {
    if (level().counts_lines) sink_->OnPause();
    if (window.view().size() > kLongestLine || !window.Fill()) {
      length = window.view().size();
      break;
    }
  }
  const std::string_view text = window.view().substr(0, length);
  if (!IsBetweenValues(text)) {
    Reject(InputError("something that is no JSON follows a JSON value"), text);
    NoteRefused(text);
  }
  Use(window, length);
}

// Text up to a line that is something else, or to the end of what is there.
void RecordReader::Implementation::ReadLines(Window& window) {
  while (true) {
    const std::string_view view = window.view();
    const void* newline = std::memchr(view.data(), '\n', view.size());
    if (newline == nullptr) {
      if (view.empty() || !ReadLongLine(window)) return;
      continue;
    }
    const auto length = static_cast<std::size_t>(static_cast<const char*>(newline) - view.data());
    if (LeavesJson(window, view.substr(0, length))) return;
    window.Consume(length + 1);
    if (level().counts_lines) ++line_;
    if (length + 1 == view.size()) return;
    // What may be more than a line of text is told apart in one place.
    if (kStartsOther[static_cast<unsigned char>(view[length + 1])]) return;
  }
}

// A line whose end is not there yet. False when the input ends with it.
bool RecordReader::Implementation::ReadLongLine(Window& window) {
  if (window.view().size() <= kLongestLine) {
    if (window.Fill()) return true;
    // What was cut off may look like a whole record. The error that did it is told.
    if (!window.error() && LeavesJson(window, window.view())) return false;
    window.Consume(window.view().size());
    return false;
  }
  Reject(InputError("is longer than " + std::to_string(kLongestLine) + " bytes"), window.view());
  SkipLine(window);
  return true;
}

// Takes the line at the window's front. Whether it is JSON behind other text, which is then next.
bool RecordReader::Implementation::LeavesJson(Window& window, std::string_view line) {
  const std::size_t json = TakeLine(line);
  if (json == std::string_view::npos) return false;
  window.Consume(json);
  level().any_json = true;
  level().indented = true;
  return true;
}

// Gives where JSON begins in a line that is no record.
std::size_t RecordReader::Implementation::TakeLine(std::string_view line) {
  constexpr std::size_t kAllTaken = std::string_view::npos;
  Level& here = level();
  const std::size_t text = line.find_first_not_of(" \t\r");
  // The shards of a document that was told broken already; those in quotes may be CSV.
  const bool shard =
      here.in_broken_json && (text == std::string_view::npos ||
                              std::string_view("\"}],").find(line[text]) != std::string_view::npos);
  if (shard && (text == std::string_view::npos || line[text] != '"')) return kAllTaken;
  const auto outcome = here.lines->Parse(line, here.record);
  if (!outcome && shard) return kAllTaken;
  // A line of signs sets values apart, as signs in a line do.
  if (!outcome && here.any_json && IsBetweenValues(line) &&
      std::ranges::none_of(line, IsWordPart)) {
    return kAllTaken;
  }
  here.in_broken_json = false;
  if (outcome) {
    if (*outcome == LineParser::Outcome::kRecord) sink_->OnRecord(here.record);
    return kAllTaken;
  }
  const std::size_t json = line.find(kObject);
  const std::string_view before = line.substr(0, json);
  if (json == kAllTaken || !(IsBetweenValues(before) || StartsWithTime(before))) {
    Reject(outcome.error(), line);
  }
  return json;
}

// Base64 of gzip, up to the next blank, or in lines of one length as the base64 tool writes it.
void RecordReader::Implementation::ReadEncoded(Window& window) {
  std::string text;
  bool too_long = false;
  std::size_t line_length = 0;
  do {
    std::size_t length = 0;
    while ((length = window.view().find_first_of(" \t\r\n")) == std::string_view::npos) {
      if (window.view().size() > kLongestPiece) {
        Reject(TooLongBase64(), window.view());
        SkipLine(window);
        return;
      }
      if (!window.Fill()) {
        length = window.view().size();
        break;
      }
    }
    too_long = too_long || text.size() + length > kLongestPiece;
    if (!too_long) text += window.view().substr(0, length);
    if (line_length == 0) line_length = length;
    const bool whole_line = length == line_length;
    Use(window, length);
    if (!whole_line || text.ends_with('=')) break;
  } while (ContinuesBase64(window, line_length));
  if (too_long) {
    Reject(TooLongBase64(), text);
    return;
  }
  // What was cut off may have been the rest of a group of four.
  if (window.error()) text.resize(text.size() / 4 * 4);
  // Several may stand end to end, each with its own padding.
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find('='), rest.size());
    end = std::min(rest.find_first_not_of('=', end), rest.size());
    OnEncoded(rest.substr(0, end));
    rest.remove_prefix(end);
  }
}

// Whether the next line goes on with the base64 of one of that length; if so, it is next in the
// window.
bool RecordReader::Implementation::ContinuesBase64(Window& window, std::size_t line_length) {
  constexpr std::size_t kLongestLineEnd = 2;
  while (window.view().size() < line_length + 2 * kLongestLineEnd && window.Fill()) {
  }
  const std::size_t line_end = window.view().find_first_not_of("\r\n");
  if (line_end == std::string_view::npos || line_end == 0) return false;
  std::string_view next = window.view().substr(line_end);
  next = next.substr(0, next.find_first_of("\r\n"));
  if (next.size() > line_length || next.starts_with(kBase64Gzip) ||
      !std::ranges::all_of(next, IsBase64)) {
    return false;
  }
  Use(window, line_end);
  return true;
}

void RecordReader::Implementation::ReadJson(Window& window) {
  // Most content is one value; where it is several, finding that out once is enough.
  if (!std::exchange(level().tried_whole, true) && window.at_end() &&
      window.view().size() <= kWholeJson) {
    json_in_hand_ = window.view();
    if (level().json.Visit(window.view(), /*padded=*/true, *this)) {
      Use(window, window.view().size());
      return;
    }
  }
  if (window.view().front() == '[') {
    Use(window, 1);
    ReadElements(window, /*wanted=*/true);
    return;
  }
  JsonScanner scanner;
  while (true) {
    const JsonScanner::State state = scanner.Scan(window.view());
    if (state == JsonScanner::State::kComplete) {
      const std::string_view json = window.view().substr(0, scanner.position());
      const bool in_line = json.find('\n') == std::string_view::npos;
      if (TakeJson(json, /*padded=*/true) || in_line) {
        Use(window, json.size());
      } else {
        // The bracket that closes may stand far down, behind good lines.
        level().in_broken_json = true;
        SkipGivenUp(window);
      }
      return;
    }
    const bool large = window.view().size() > kWholeJson;
    const bool more = state == JsonScanner::State::kNeedsMore &&
                      !(large && scanner.array_of_objects()) &&
                      window.view().size() <= kLongestPiece && window.Fill();
    if (more) continue;
    if (const auto array = scanner.array_of_objects()) {
      const bool control = level().json.IsControlMessage(window.view().substr(0, *array));
      Use(window, *array);
      if (ReadElements(window, !control)) ReadTail(window);
      return;
    }
    GiveUpJson(window, window.view().size() > kLongestPiece   ? "is larger than can be read at once"
                       : state == JsonScanner::State::kBroken ? "is broken"
                                                              : "ends in the middle");
    return;
  }
}

// The elements of an array, up to and with its end. False when it was given up.
bool RecordReader::Implementation::ReadElements(Window& window, bool wanted) {
  while (true) {
    if (window.view().empty() && !window.Fill()) {
      if (!window.error()) Reject(InputError("the JSON array ends in the middle"), {});
      return false;
    }
    const char first = window.view().front();
    if (first == '\n' || first == ',' || IsBlank(first)) {
      Use(window, 1);
      continue;
    }
    if (first == ']') {
      Use(window, 1);
      return true;
    }
    if (first != '{') {
      GiveUpJson(window, "has something other than objects in its array");
      return false;
    }
    JsonScanner scanner;
    JsonScanner::State state = JsonScanner::State::kNeedsMore;
    while ((state = scanner.Scan(window.view())) == JsonScanner::State::kNeedsMore &&
           window.view().size() <= kLongestPiece && window.Fill()) {
    }
    if (state != JsonScanner::State::kComplete) {
      GiveUpJson(window, state == JsonScanner::State::kBroken ? "is broken" : "ends in the middle");
      return false;
    }
    if (wanted) TakeJson(window.view().substr(0, scanner.position()), /*padded=*/true);
    Use(window, scanner.position());
  }
}

// The rest of an object behind its array of objects.
void RecordReader::Implementation::ReadTail(Window& window) {
  JsonScanner scanner = JsonScanner::InsideObject();
  while (true) {
    const JsonScanner::State state = scanner.Scan(window.view());
    if (state == JsonScanner::State::kComplete) {
      Use(window, scanner.position());
      return;
    }
    if (state == JsonScanner::State::kBroken || window.view().size() > kLongestPiece ||
        !window.Fill()) {
      GiveUpJson(window, "is broken behind its events");
      return;
    }
  }
}

// Tells of it once and goes on behind its first line; whole objects further down are found again.
void RecordReader::Implementation::GiveUpJson(Window& window, std::string_view why) {
  const bool cut = window.error().has_value();  // the error that did it is told
  // An indented one is a part of the document that was told.
  const bool told = std::exchange(level().in_broken_json, true) && level().indented;
  if (!told && !cut) {
    Reject(InputError("the JSON that begins here " + std::string(why)), window.view());
  }
  SkipGivenUp(window);
}

// Up to the next object in the line, or behind the line.
void RecordReader::Implementation::SkipGivenUp(Window& window) {
  constexpr std::size_t kLooked = 4096;
  while (window.view().size() < kLooked && window.view().find('\n') == std::string_view::npos &&
         window.Fill()) {
  }
  NoteRefused(window.view().substr(0, kLooked));
  const std::string_view line = window.view().substr(0, window.view().find('\n'));
  const std::size_t next = line.find(kObject, 1);
  if (next != std::string_view::npos) {
    level().indented = true;
    Use(window, next);
    return;
  }
  SkipLine(window);
}

// The names in an array are a header's; those before a colon are keys.
void RecordReader::Implementation::NoteRefused(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (text.find(':') == std::string_view::npos) level().lines->OnRefused(text);
}

void RecordReader::Implementation::SkipLine(Window& window) {
  std::size_t newline = std::string_view::npos;
  level().behind_json = false;
  level().indented = false;
  while ((newline = window.view().find('\n')) == std::string_view::npos) {
    window.Consume(window.view().size());
    if (!window.Fill()) return;
  }
  Use(window, newline + 1);
}

bool RecordReader::Implementation::TakeJson(std::string_view json, bool padded) {
  json_in_hand_ = json;
  const bool is_json = level().json.Visit(json, padded, *this);
  if (is_json) {
    level().in_broken_json = false;
  } else {
    Reject(InputError("the JSON that begins here is broken"), json);
    NoteRefused(json);
  }
  json_in_hand_ = {};
  return is_json;
}

bool RecordReader::Implementation::IsContent(std::string_view text) {
  text = WithoutLineEnd(text);
  return !IsOneLine(text) || level().lines->IsRecord(text, level().record);
}

void RecordReader::Implementation::OnText(std::string_view text) {
  text = WithoutLineEnd(text);
  if (text.empty()) return;
  if (IsOneLine(text)) {
    TakeLine(text);
    return;
  }
  std::string& bytes = level().bytes;
  bytes.assign(text);
  bytes.reserve(bytes.size() + kPadding);
  ReadInside(bytes, level().lines);
}

void RecordReader::Implementation::OnEncoded(std::string_view base64) {
  std::string& bytes = level().bytes;
  if (!DecodeBase64(base64, bytes)) {
    Reject(InputError("the data is no base64"), base64);
    return;
  }
  bytes.reserve(bytes.size() + kPadding);
  ReadInside(bytes);
}

RecordReader::RecordReader(ReadOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(options))) {}

RecordReader::~RecordReader() = default;

Result<void> RecordReader::Read(ByteSource& source, RecordSink& sink) {
  Window window(source);
  return implementation_->Read(window, sink);
}

Result<void> RecordReader::ReadBytes(std::string_view bytes, RecordSink& sink) {
  Window window(bytes);
  return implementation_->Read(window, sink);
}

}  // namespace sgflow
