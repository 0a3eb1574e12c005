// Text inside JSON strings.
#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace sgflow {

// The most bytes that one byte of text can take inside a JSON string.
inline constexpr std::size_t kMostJsonBytes = 6;

// Both write `text` without the quotes around it and return one past the last byte written.
// Requires kMostJsonBytes * text.size() bytes of room. `text` must be UTF-8.

// As Python's json.dumps does: all that is not ASCII becomes \uXXXX.
char* WritePythonJson(std::string_view text, char* to);
// As short as JSON allows: UTF-8 stays as it is.
char* WriteJson(std::string_view text, char* to);

void AppendPythonJson(std::string_view text, std::string& to);
void AppendJson(std::string_view text, std::string& to);

// Copies `text` and returns one past it. A call of memcpy costs more than the copy for the short
// texts that records are made of.
inline char* WriteShort(std::string_view text, char* to) {
  const char* const from = text.data();
  const std::size_t size = text.size();
  if (size >= 16) {
    if (size > 32) {
      std::memcpy(to, from, size);
    } else {
      std::memcpy(to, from, 16);
      std::memcpy(to + size - 16, from + size - 16, 16);
    }
  } else if (size >= 8) {
    std::memcpy(to, from, 8);
    std::memcpy(to + size - 8, from + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(to, from, 4);
    std::memcpy(to + size - 4, from + size - 4, 4);
  } else if (size != 0) {
    to[0] = from[0];
    to[size / 2] = from[size / 2];
    to[size - 1] = from[size - 1];
  }
  return to + size;
}

// The same of a text that lies within `whole` (or where that is empty): its bytes behind the text
// may be read, so that most texts are one copy of fixed size, whatever their own is. Requires
// kCopiedAtOnce bytes of room; what is written behind the text has no meaning.
inline constexpr std::size_t kCopiedAtOnce = 32;
inline char* WriteWithin(std::string_view text, std::string_view whole, char* to) {
  const bool has_enough_behind = text.size() <= kCopiedAtOnce && whole.size() >= kCopiedAtOnce &&
                                 text.data() <= whole.data() + (whole.size() - kCopiedAtOnce);
  if (!has_enough_behind) return WriteShort(text, to);
  std::memcpy(to, text.data(), kCopiedAtOnce);
  return to + text.size();
}

}  // namespace sgflow
