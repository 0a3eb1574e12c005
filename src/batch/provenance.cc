#include "batch/provenance.h"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <utility>

#include "batch/checkpoint.h"

namespace sgflow {

std::string SourceOf(std::string_view identity) {
  constexpr std::size_t kLongest = 1200;
  std::string source;
  for (const char c : identity) {
    if (c > ' ' && c < '\x7F' && c != '%') {
      source += c;
    } else {
      fmt::format_to(std::back_inserter(source), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (source.size() > kLongest) {
    source.resize(kLongest);
    source += fmt::format("...{:016x}", HashOf(identity));
  }
  return source;
}

Error OfAnotherInput(const PlannedInput& planned, const std::string& source, std::string advice) {
  return {.kind = ErrorKind::kInput,
          .message = fmt::format("its output {} is there already, and of another input: {}",
                                 planned.output_key, source),
          .place = {.file = planned.input.name, .line = 0, .column = 0, .field = {}},
          .hint = std::move(advice)};
}

}  // namespace sgflow
