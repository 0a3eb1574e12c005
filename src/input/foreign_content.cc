#include "input/foreign_content.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace sgflow {
namespace {

struct ForeignKind {
  std::string_view magic;
  std::string_view name;
  std::string_view hint;
};

constexpr std::string_view kSaveAsUtf8 = "save it as UTF-8";

constexpr std::array kForeignKinds{
    ForeignKind{"PAR1", "Parquet", "Parquet is not read yet: have the flow log delivered as text"},
    ForeignKind{std::string_view("\xFF\xFE\0\0", 4), "UTF-32 text", kSaveAsUtf8},
    ForeignKind{std::string_view("\0\0\xFE\xFF", 4), "UTF-32 text", kSaveAsUtf8},
    ForeignKind{"\xFF\xFE", "UTF-16 text", kSaveAsUtf8},
    ForeignKind{"\xFE\xFF", "UTF-16 text", kSaveAsUtf8},
    ForeignKind{"PK\x03\x04", "a zip archive", "unpack it first"},
    ForeignKind{"\x28\xB5\x2F\xFD", "zstd data", "decompress it first: zstd -dc FILE | sgflow ..."},
    ForeignKind{"BZh", "bzip2 data", "decompress it first: bzip2 -dc FILE | sgflow ..."},
    ForeignKind{"\xFD"
                "7zXZ",
                "xz data", "decompress it first: xz -dc FILE | sgflow ..."},
    ForeignKind{"Obj\x01", "Avro", "have the flow log delivered as text"},
    ForeignKind{"ORC", "ORC", "have the flow log delivered as text"},
};

Error Refusal(std::string_view name, std::string_view hint) {
  return {.kind = ErrorKind::kInput,
          .message = "is " + std::string(name) + ", not a flow log as text or JSON",
          .place = {},
          .hint = std::string(hint)};
}

bool IsControl(char c) {
  return (c >= '\0' && c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == '\x7F';
}

// ASCII, every second byte of which is 0.
bool IsUtf16WithoutMark(std::string_view start) {
  constexpr std::size_t kLooked = 8;
  if (start.size() < kLooked) return false;
  const std::size_t zero = start[0] == '\0' ? 0 : 1;
  for (std::size_t i = 0; i < kLooked; ++i) {
    const bool fits = i % 2 == zero ? start[i] == '\0' : start[i] > '\0' && !IsControl(start[i]);
    if (!fits) return false;
  }
  return true;
}

bool IsCleanText(std::string_view line) {
  return std::ranges::none_of(line, IsControl) && simdjson::validate_utf8(line.data(), line.size());
}

// Control characters may set JSON values apart, and a zero byte is one.
bool IsJson(std::string_view start) {
  const auto* const first = std::ranges::find_if_not(start, [](char c) {
    return IsControl(c) || c == ' ' || c == '\t' || c == '\r' || c == '\n';
  });
  return start.end() - first > 1 && (*first == '{' || *first == '[') && !IsControl(first[1]);
}

}  // namespace

std::optional<Error> RefuseForeignContent(std::string_view start) {
  // Nothing that is refused looks like it, and a Firehose record is a content of its own.
  if (IsJson(start)) return std::nullopt;
  for (const ForeignKind& kind : kForeignKinds) {
    if (start.starts_with(kind.magic)) return Refusal(kind.name, kind.hint);
  }
  if (IsUtf16WithoutMark(start)) return Refusal("UTF-16 text", kSaveAsUtf8);
  const std::size_t text = start.find_first_not_of(" \t\r\n");
  if (text == std::string_view::npos) return std::nullopt;
  const std::string_view line = start.substr(text, start.find('\n', text) - text);
  if (IsCleanText(line)) return std::nullopt;
  const auto odd = static_cast<std::size_t>(
      std::ranges::count_if(start, [](char c) { return IsControl(c) || c < '\0'; }));
  if (line.find('\0') == std::string_view::npos && 3 * odd <= start.size()) return std::nullopt;
  return Error{.kind = ErrorKind::kInput,
               .message = "is binary data, not a flow log",
               .place = {},
               .hint = "text, JSON and gzip of these are read"};
}

}  // namespace sgflow
