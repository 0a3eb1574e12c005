// Lines and columns, as people and editors count them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sgflow {

struct TextPosition {
  std::uint64_t line = 1;
  std::uint64_t column = 1;

  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

// Of the byte at `offset`, both from 1. A column is a character of UTF-8.
TextPosition PositionOf(std::string_view text, std::size_t offset);

// The text without a byte-order mark of UTF-8.
std::string_view WithoutByteOrderMark(std::string_view text);

}  // namespace sgflow
