#include "cli/diagnostics.h"

#include <fmt/format.h>

#include <string_view>

#include "output/printable_text.h"

namespace sgflow {
namespace {

constexpr std::uint64_t kShown = 5;

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
  Seen& seen = seen_[{error.place.file, KindOf(error.message)}];
  if (++seen.count == 1) seen.first_message = error.message;
  if (seen.count > kShown) return;
  fmt::print(to_, "{}\n", PrintableText(Describe(error)));
}

void Diagnostics::Flush() {
  for (const auto& [key, seen] : seen_) TellCut(key.first, seen);
  seen_.clear();
}

void Diagnostics::Flush(const std::string& file) {
  const auto begin = seen_.lower_bound({file, {}});
  auto end = begin;
  for (; end != seen_.end() && end->first.first == file; ++end) TellCut(file, end->second);
  seen_.erase(begin, end);
}

void Diagnostics::TellCut(const std::string& file, const Seen& seen) {
  if (seen.count <= kShown) return;
  fmt::print(to_, "{}: {} more like this: {}\n", file, seen.count - kShown,
             PrintableText(seen.first_message));
}

}  // namespace sgflow
