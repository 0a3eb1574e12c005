// Why a text is no JSON, and where: what people need and a fast parser does not say.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sgflow {

struct JsonFault {
  std::size_t offset = 0;
  std::string message;
  std::string hint;
};

// The first fault, or none where the text is one JSON value (RFC 8259) with nothing deeper than
// 1,024 and no number too large for a double. O(n); meant for texts that a parser has refused.
std::optional<JsonFault> FindJsonFault(std::string_view text);

}  // namespace sgflow
