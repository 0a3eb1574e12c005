#include "cli/diagnostics.h"

#include <fmt/format.h>

#include <string_view>

#include "output/printable_text.h"

namespace sgflow {
namespace {

constexpr std::uint64_t kShown = 5;        // of a kind in a file
constexpr std::uint64_t kShownOfAll = 50;  // of a kind

// "has 1 field, expected 14" and "has 4 fields, expected 14" are one kind.
std::string KindOf(std::string_view message) {
  std::string kind;
  bool quoted = false;
  for (const char c : message) {
    if (c == '\'') quoted = !quoted;
    const bool digit = c >= '0' && c <= '9';
    if (quoted && c != '\'') continue;
    if (digit && kind.ends_with('N')) continue;
    kind += digit ? 'N' : c;
  }
  constexpr std::string_view kMany = "N fields";
  for (std::size_t at = 0; (at = kind.find(kMany, at)) != std::string::npos; ++at) {
    kind.erase(at + kMany.size() - 1, 1);
  }
  return kind;
}

}  // namespace

void Diagnostics::Report(const Error& error) {
  std::pair key{error.place.file, KindOf(error.message)};
  Kind& kind = kinds_[key.second];
  const bool enough = kind.shown == kShownOfAll;
  if (enough && !seen_.contains(key)) {
    if (kind.cut++ == 0) kind.first_message = error.message;
    if (kind.last_file != error.place.file) ++kind.cut_files;
    kind.last_file = error.place.file;
    return;
  }
  Seen& seen = seen_[std::move(key)];
  if (enough || seen.shown == kShown) {
    ++seen.cut;
    return;
  }
  if (++seen.shown == 1) seen.first_message = error.message;
  ++kind.shown;
  fmt::print(to_, "{}\n", PrintableText(Describe(error)));
}

void Diagnostics::Flush() {
  for (const auto& [key, seen] : seen_) TellCut(key.first, seen);
  seen_.clear();
  for (const auto& [name, kind] : kinds_) {
    if (kind.cut == 0) continue;
    fmt::print(to_, "{} more like this in {} further {}: {}\n", kind.cut, kind.cut_files,
               kind.cut_files == 1 ? "file" : "files", PrintableText(kind.first_message));
  }
  kinds_.clear();
}

void Diagnostics::Flush(const std::string& file) {
  const auto begin = seen_.lower_bound({file, {}});
  auto end = begin;
  for (; end != seen_.end() && end->first.first == file; ++end) TellCut(file, end->second);
  seen_.erase(begin, end);
}

void Diagnostics::TellCut(const std::string& file, const Seen& seen) {
  if (seen.cut == 0) return;
  fmt::print(to_, "{}: {} more like this: {}\n", file, seen.cut, PrintableText(seen.first_message));
}

}  // namespace sgflow
