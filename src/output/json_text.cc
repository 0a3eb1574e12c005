#include "output/json_text.h"

#include <algorithm>
#include <array>
#include <bit>
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

// Whether one of so many bytes is to be escaped. Their number is fixed and the answers are looked
// at as words, so that it takes a few instructions for all of them.
template <typename Word, std::size_t kWords>
bool AnyEscape(const char* bytes) {
  std::array<unsigned char, kWords * sizeof(Word)> escapes{};
  for (std::size_t i = 0; i < escapes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    escapes[i] = static_cast<unsigned char>((byte < ' ') | (byte == '"') | (byte == '\\'));
  }
  const auto words = std::bit_cast<std::array<Word, kWords>>(escapes);
  Word any = 0;
  for (const Word word : words) any |= word;
  return any != 0;
}

// Copies the text up to the block in which something is to be escaped, and gives how much that was.
// The last block may begin within the one before. Requires a block of text.
template <typename Word, std::size_t kWords>
std::size_t CopyPlainBlocks(std::string_view text, char* to) {
  constexpr std::size_t kBlock = kWords * sizeof(Word);
  const std::size_t last = text.size() - kBlock;
  for (std::size_t at = 0;; at = std::min(at + kBlock, last)) {
    if (AnyEscape<Word, kWords>(text.data() + at)) return at;
    std::memcpy(to + at, text.data() + at, kBlock);
    if (at == last) return text.size();
  }
}

// Most ids and sentences have nothing to escape.
std::size_t CopyPlain(std::string_view text, char* to) {
  if (text.size() >= 32) return CopyPlainBlocks<std::uint64_t, 4>(text, to);
  if (text.size() >= 16) return CopyPlainBlocks<std::uint64_t, 2>(text, to);
  if (text.size() >= 8) return CopyPlainBlocks<std::uint64_t, 1>(text, to);
  if (text.size() >= 4) return CopyPlainBlocks<std::uint32_t, 1>(text, to);
  return 0;
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
  const std::size_t plain = CopyPlain(text, to);
  to += plain;
  for (const char byte : text.substr(plain)) {
    if (char* end = WriteEscape(byte, to); end != nullptr) {
      to = end;
    } else {
      *to++ = byte;
    }
  }
  return to;
}

void AppendPythonJson(std::string_view text, std::string& to) {
  AppendBy<WritePythonJson>(text, to);
}

void AppendJson(std::string_view text, std::string& to) { AppendBy<WriteJson>(text, to); }

}  // namespace sgflow
