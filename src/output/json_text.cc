#include "output/json_text.h"

#include <cstdint>
#include <cstring>

namespace sgflow {
namespace {

constexpr char kDelete = 0x7F;

char* WriteHex(std::uint32_t unit, char* to) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  *to++ = '\\';
  *to++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *to++ = kDigits[(unit >> shift) & 0xF];
  return to;
}

// The escapes that Python and the JSON standard agree on; null where the byte needs none.
char* WriteEscape(char byte, char* to) {
  char letter = '\0';
  switch (byte) {
    case '"':
    case '\\':
      letter = byte;
      break;
    case '\n':
      letter = 'n';
      break;
    case '\r':
      letter = 'r';
      break;
    case '\t':
      letter = 't';
      break;
    case '\b':
      letter = 'b';
      break;
    case '\f':
      letter = 'f';
      break;
    default:
      if (static_cast<unsigned char>(byte) >= ' ') return nullptr;
      return WriteHex(static_cast<unsigned char>(byte), to);
  }
  *to++ = '\\';
  *to++ = letter;
  return to;
}

// Whether one of eight bytes is a control, a quote or a backslash. UTF-8's bytes may be taken for
// one, which costs time alone.
bool NeedsEscape(std::uint64_t eight) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const auto has_zero = [](std::uint64_t bytes) { return (bytes - kOnes) & ~bytes; };
  const std::uint64_t controls = (eight - kOnes * ' ') | eight;
  const std::uint64_t quotes = has_zero(eight ^ (kOnes * '"'));
  const std::uint64_t backslashes = has_zero(eight ^ (kOnes * '\\'));
  return ((controls | quotes | backslashes) & kHighs) != 0;
}

// One code point of valid UTF-8, whose first byte is no ASCII; `at` goes behind it.
std::uint32_t DecodeUtf8(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int following = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  std::uint32_t point = lead & (0x3FU >> following);
  for (int i = 0; i < following && at < text.size(); ++i) {
    point = (point << 6) | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return point;
}

template <char* (*kWrite)(std::string_view, char*)>
void AppendBy(std::string_view text, std::string& to) {
  const std::size_t before = to.size();
  to.resize(before + kMostJsonBytes * text.size());
  const char* end = kWrite(text, to.data() + before);
  to.resize(static_cast<std::size_t>(end - to.data()));
}

}  // namespace

char* WritePythonJson(std::string_view text, char* to) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char byte = text[at];
    if (static_cast<unsigned char>(byte) < 0x80) {
      if (char* end = WriteEscape(byte, to); end != nullptr) {
        to = end;
      } else if (byte == kDelete) {
        to = WriteHex(kDelete, to);  // as Python does, though JSON does not ask for it
      } else {
        *to++ = byte;
      }
      ++at;
      continue;
    }
    const std::uint32_t point = DecodeUtf8(text, at);
    if (point < 0x10000) {
      to = WriteHex(point, to);
    } else {
      to = WriteHex(0xD800 + ((point - 0x10000) >> 10), to);
      to = WriteHex(0xDC00 + ((point - 0x10000) & 0x3FF), to);
    }
  }
  return to;
}

char* WriteJson(std::string_view text, char* to) {
  std::size_t at = 0;
  while (at < text.size()) {
    // Ids and sentences have nothing to escape: eight bytes at a time.
    std::uint64_t eight = 0;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if (!NeedsEscape(eight)) [[likely]] {
        std::memcpy(to, &eight, sizeof eight);
        to += sizeof eight;
        at += sizeof eight;
        continue;
      }
    }
    if (char* end = WriteEscape(text[at], to); end != nullptr) {
      to = end;
    } else {
      *to++ = text[at];
    }
    ++at;
  }
  return to;
}

void AppendPythonJson(std::string_view text, std::string& to) {
  AppendBy<WritePythonJson>(text, to);
}

void AppendJson(std::string_view text, std::string& to) { AppendBy<WriteJson>(text, to); }

}  // namespace sgflow
