#include "input/content_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "input/base64.h"
#include "input/between_values.h"
#include "input/foreign_content.h"
#include "input/gzip_source.h"

namespace sgflow {
namespace {

// Base64 of gzip in a file of JSON in gzip is as deep as it gets.
constexpr std::size_t kDeepest = 4;
constexpr std::size_t kShownText = 200;

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

Error InputError(std::string message) {
  return {.kind = ErrorKind::kInput, .message = std::move(message), .place = {}, .hint = {}};
}

// A line that starts with such a byte may be more than text.
constexpr auto kStartsOther = [] {
  std::array<bool, 256> starts{};
  for (int c = 0; c < ' '; ++c) starts[static_cast<std::size_t>(c)] = c != '\n';
  for (const char c : {' ', '{', '[', ',', '|', ';', 'H', kUtf8Mark[0]}) {
    starts[static_cast<unsigned char>(c)] = true;
  }
  return starts;
}();

bool IsBase64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '=';
}

// What is left of a quoted message that ends in a newline, as the console's export has them.
bool IsClosingQuote(std::string_view line) {
  const std::size_t quote = line.find_first_not_of(" \t");
  return quote != std::string_view::npos && line[quote] == '"' &&
         line.find_first_not_of(" \t\r", quote + 1) == std::string_view::npos;
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

Result<void> ContentReader::Read(Window& window, RecordSink& sink) {
  sink_ = &sink;
  line_ = 1;
  depth_ = 0;
  in_payload_ = false;
  stopped_ = false;
  return ReadContent(window, /*counts_lines=*/true);
}

// Passes over bytes, counting the lines among them.
void ContentReader::Use(Window& window, std::size_t count) {
  if (level().counts_lines) {
    const std::string_view used = window.view().substr(0, count);
    for (std::size_t at = 0; (at = used.find('\n', at)) != std::string_view::npos; ++at) ++line_;
  }
  window.Consume(count);
}

void ContentReader::Reject(Error error, std::string_view text) {
  error.place.line = line_;
  sink_->OnRejected(error, text.substr(0, kShownText));
  stopped_ = stopped_ || !sink_->WantsMore();
}

void ContentReader::Reject(std::string message, std::string_view text) {
  Reject(InputError(std::move(message)), text);
}

// `message`: what reads the messages of which the content is one, so that a header counts for all.
Result<void> ContentReader::ReadContent(Window& window, bool counts_lines, LineParser* message) {
  if (depth_ == kDeepest) {
    return std::unexpected(InputError("is packed in more layers than any tool makes"));
  }
  if (levels_.size() == depth_) levels_.push_back(std::make_unique<Level>(options_));
  level().lines = message == nullptr ? &level().own_lines : message;
  level().messages = message == nullptr ? &level().own_messages : message;
  level().own_lines.Restart();
  level().own_messages.Restart();
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
Error ContentReader::BrokenOff(Error error) const {
  if (line_ > 1) error.place.line = line_;
  if (error.kind != ErrorKind::kInput) return error;
  error.hint +=
      error.hint.empty() ? "what could be read was used" : "; what could be read was used";
  return error;
}

// Whether something is left. What is read next may be long in coming, so that a pause is told.
bool ContentReader::More(Window& window) {
  stopped_ = stopped_ || !sink_->WantsMore();
  if (stopped_) return false;
  if (!window.view().empty()) return true;
  if (level().counts_lines) sink_->OnPause();
  return window.Fill();
}

// Content that a record or a message holds.
void ContentReader::ReadInside(std::string_view bytes, LineParser* message) {
  Window window(bytes);
  ++depth_;
  auto result = ReadContent(window, /*counts_lines=*/false, message);
  --depth_;
  if (!result) Reject(std::move(result.error()), {});
}

// Text up to a line that is something else, or to the end of what is there. Not too much at once:
// the sink may want no more.
void ContentReader::ReadLines(Window& window) {
  constexpr int kMostLines = 256;
  for (int line = 0; line < kMostLines; ++line) {
    const std::string_view view = window.view();
    const void* newline = std::memchr(view.data(), '\n', view.size());
    if (newline == nullptr) {
      if (view.empty() || !ReadLongLine(window)) return;
      continue;
    }
    const auto length = static_cast<std::size_t>(static_cast<const char*>(newline) - view.data());
    if (length > kLongestLine) {
      RejectLongLine(window);
      return;
    }
    if (LeavesJson(window, view.substr(0, length)) || stopped_) return;
    window.Consume(length + 1);
    if (level().counts_lines) ++line_;
    if (length + 1 == view.size()) return;
    // What may be more than a line of text is told apart in one place.
    if (kStartsOther[static_cast<unsigned char>(view[length + 1])]) return;
  }
}

// A line whose end is not there yet. False when the input ends with it.
bool ContentReader::ReadLongLine(Window& window) {
  if (window.view().size() <= kLongestLine) {
    if (window.Fill()) return true;
    // What was cut off may look like a whole record. The error that did it is told.
    if (!window.error() && LeavesJson(window, window.view())) return false;
    window.Consume(window.view().size());
    return false;
  }
  RejectLongLine(window);
  return true;
}

void ContentReader::RejectLongLine(Window& window) {
  Reject("is longer than " + std::to_string(kLongestLine) + " bytes", window.view());
  SkipLine(window);
}

// Takes the line at the window's front. Whether it is JSON behind other text, which is then next.
bool ContentReader::LeavesJson(Window& window, std::string_view line) {
  const std::size_t json = TakeLine(line, *level().lines);
  if (json == std::string_view::npos) return false;
  window.Consume(json);
  level().any_json = true;
  level().indented = true;
  return true;
}

// Gives where JSON begins in a line that is no record.
std::size_t ContentReader::TakeLine(std::string_view line, LineParser& lines) {
  constexpr std::size_t kAllTaken = std::string_view::npos;
  Level& here = level();
  const std::size_t text = line.find_first_not_of(" \t\r");
  // The shards of a document that was told broken already; those in quotes may be CSV.
  const bool shard =
      here.in_broken_json && (text == std::string_view::npos ||
                              std::string_view("\"}],").find(line[text]) != std::string_view::npos);
  if (shard && (text == std::string_view::npos || line[text] != '"')) return kAllTaken;
  const auto outcome = lines.Parse(line, here.record);
  if (!outcome && shard) return kAllTaken;
  // A line of signs sets values apart, as signs in a line do.
  if (!outcome && here.any_json && IsSigns(line)) return kAllTaken;
  if (!outcome && IsClosingQuote(line)) return kAllTaken;
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
void ContentReader::ReadEncoded(Window& window) {
  const std::string too_long_message =
      "is base64 of more than " + std::to_string(kLongestPiece) + " bytes";
  std::string text;
  bool too_long = false;
  std::size_t line_length = 0;
  do {
    std::size_t length = 0;
    while ((length = window.view().find_first_of(" \t\r\n")) == std::string_view::npos) {
      if (window.view().size() > kLongestPiece) {
        Reject(too_long_message, window.view());
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
    Reject(too_long_message, text);
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
bool ContentReader::ContinuesBase64(Window& window, std::size_t line_length) {
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

void ContentReader::SkipLine(Window& window) {
  std::size_t newline = std::string_view::npos;
  level().behind_json = false;
  level().indented = false;
  while ((newline = window.view().find('\n')) == std::string_view::npos) {
    window.Consume(window.view().size());
    if (!window.Fill()) return;
  }
  Use(window, newline + 1);
}

}  // namespace sgflow
