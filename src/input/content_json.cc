// ContentReader's JSON.

#include <algorithm>
#include <utility>

#include "input/base64.h"
#include "input/between_values.h"
#include "input/content_reader.h"
#include "input/json_scanner.h"

namespace sgflow {
namespace {

// Smaller documents are parsed whole, larger ones by the elements of their array.
constexpr std::size_t kWholeJson = std::size_t{1} << 20;

std::string_view WithoutLineEnd(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || IsBlank(text.back()))) text.remove_suffix(1);
  return text;
}

}  // namespace

// How much of what the window starts with stands before a JSON value, or is blanks for nothing; 0
// where it belongs to a line of text: a tab ends an empty first column.
std::size_t ContentReader::LengthOfDelimiter(Window& window) {
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
void ContentReader::ReadBetweenValues(Window& window) {
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
    Reject("something that is no JSON follows a JSON value", text);
    NoteRefused(text);
  }
  Use(window, length);
}

void ContentReader::ReadJson(Window& window) {
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
      if (TakeJson(json) || in_line) {
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
bool ContentReader::ReadElements(Window& window, bool wanted) {
  while (true) {
    if (stopped_) return false;
    if (window.view().empty() && !window.Fill()) {
      if (!window.error()) Reject("the JSON array ends in the middle", {});
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
    if (wanted) TakeJson(window.view().substr(0, scanner.position()));
    Use(window, scanner.position());
  }
}

// The rest of an object behind its array of objects.
void ContentReader::ReadTail(Window& window) {
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
void ContentReader::GiveUpJson(Window& window, std::string_view why) {
  const bool cut = window.error().has_value();  // the error that did it is told
  // An indented one is a part of the document that was told.
  const bool told = std::exchange(level().in_broken_json, true) && level().indented;
  if (!told && !cut) {
    Reject("the JSON that begins here " + std::string(why), window.view());
  }
  SkipGivenUp(window);
}

// Up to the next object in the line, or behind the line.
void ContentReader::SkipGivenUp(Window& window) {
  constexpr std::size_t kLooked = 4096;
  while (window.view().size() < kLooked && window.view().find('\n') == std::string_view::npos &&
         window.Fill()) {
  }
  NoteRefused(window.view().substr(0, kLooked));
  std::size_t from = 1;  // behind what was given up
  while (true) {
    const std::string_view view = window.view();
    const std::size_t newline = view.find('\n');
    const std::size_t next = view.substr(0, newline).find(kObject, from);
    if (next != std::string_view::npos) {
      level().indented = true;
      Use(window, next);
      return;
    }
    // An object may begin with the last byte that is there.
    if (newline == std::string_view::npos && view.size() > 1) {
      Use(window, view.size() - 1);
      from = 0;
    }
    if (newline != std::string_view::npos || !window.Fill()) {
      SkipLine(window);
      return;
    }
  }
}

// The names in an array are a header's; those before a colon are keys.
void ContentReader::NoteRefused(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (text.find(':') != std::string_view::npos) return;
  level().lines->OnRefused(text);
  level().messages->OnRefused(text);
}

// Of text, and nothing that holds more.
bool ContentReader::IsOneLine(std::string_view text) {
  return text.find('\n') == std::string_view::npos && !text.starts_with('{') &&
         !text.starts_with("[{") && !text.starts_with(kBase64Gzip) &&
         text.find(kObject) == std::string_view::npos;
}

bool ContentReader::TakeJson(std::string_view json) {
  json_in_hand_ = json;
  const bool is_json = level().json.Visit(json, /*padded=*/true, *this);
  if (is_json) {
    level().in_broken_json = false;
  } else {
    Reject("the JSON that begins here is broken", json);
    NoteRefused(json);
  }
  json_in_hand_ = {};
  return is_json;
}

bool ContentReader::IsContent(std::string_view text) {
  text = WithoutLineEnd(text);
  return !IsOneLine(text) || level().messages->IsRecord(text, level().record);
}

void ContentReader::OnText(std::string_view text) {
  text = WithoutLineEnd(text);
  if (text.empty()) return;
  if (IsOneLine(text)) {
    TakeLine(text, *level().messages);
    return;
  }
  std::string& bytes = level().bytes;
  bytes.assign(text);
  bytes.reserve(bytes.size() + Window::kPadding);
  ReadInside(bytes, level().messages);
}

void ContentReader::OnEncoded(std::string_view base64) {
  std::string& bytes = level().bytes;
  if (!DecodeBase64(base64, bytes)) {
    Reject("the data is no base64", base64);
    return;
  }
  bytes.reserve(bytes.size() + Window::kPadding);
  const bool begins = !std::exchange(in_payload_, true);
  if (begins) sink_->OnPayloadStart();
  ReadInside(bytes);
  if (!begins) return;
  in_payload_ = false;
  sink_->OnPayloadEnd();
}

}  // namespace sgflow
