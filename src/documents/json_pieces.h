// Cuts a large JSON object into pieces that are parsed one after the other: what a parser makes of
// a text is larger than the text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sgflow {

// Smaller objects and lists stay whole. What is parsed of so much stays in a core's cache.
inline constexpr std::size_t kJsonPiece = std::size_t{128} << 10;

struct LargeList {
  struct Piece {
    std::string_view text;    // elements with commas between them
    bool is_element = false;  // a single one, and a large one: it may be cut in its turn
  };

  std::size_t member = 0;  // which of the object's members it is
  std::size_t count = 0;   // of its elements
  std::vector<Piece> pieces;
};

struct CutObject {
  std::string rest;  // the object with its large lists empty
  std::vector<LargeList> lists;
};

// Cuts large lists that are members of the object under one of these keys. The text is JSON where
// `rest` is, and `[` piece `]` for each piece. None where there is nothing to cut, or the text
// can't be JSON.
std::optional<CutObject> CutLargeLists(std::string_view object,
                                       std::span<const std::string_view> keys);

}  // namespace sgflow
