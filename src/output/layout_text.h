// What an encoder writes between the values of a layout, prepared once.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flowlog/record_layout.h"

namespace sgflow {

class LayoutText {
 public:
  // `text_before` gives what is written before the value of a column.
  using TextBefore = std::function<std::string(std::size_t column)>;
  LayoutText(std::size_t columns, const TextBefore& text_before);

  // Writes what stands before the column's value. Requires kSlack bytes of room behind it.
  char* Write(std::size_t column, char* to) const {
    const Piece& piece = pieces_[column];
    // A copy of fixed size costs less than one to measure; the rest is overwritten.
    std::memcpy(to, text_.data() + piece.offset, kSlack);
    if (piece.size > kSlack) [[unlikely]] {
      std::memcpy(to, text_.data() + piece.offset, piece.size);
    }
    return to + piece.size;
  }

  // Of all that Write writes for the layout's columns.
  std::size_t total_size() const { return total_size_; }

  static constexpr std::size_t kSlack = 32;

 private:
  struct Piece {
    std::size_t offset;
    std::size_t size;
  };

  std::string text_;  // with kSlack bytes behind the last piece
  std::vector<Piece> pieces_;
  std::size_t total_size_ = 0;
};

// The prepared texts of the layouts that an encoder meets.
class LayoutTexts {
 public:
  using Make = std::function<LayoutText(const RecordLayout&)>;
  explicit LayoutTexts(Make make) : make_(std::move(make)) {}

  // Valid until the next call.
  const LayoutText& Of(const std::shared_ptr<const RecordLayout>& layout) {
    if (layout != last_layout_) [[unlikely]] {
      last_text_ = &Find(layout);
      last_layout_ = layout;
    }
    return *last_text_;
  }

 private:
  const LayoutText& Find(const std::shared_ptr<const RecordLayout>& layout);

  Make make_;
  // The keys hold their layouts, so that no other can come to stand at the same address.
  std::unordered_map<std::shared_ptr<const RecordLayout>, LayoutText> texts_;
  std::shared_ptr<const RecordLayout> last_layout_;
  const LayoutText* last_text_ = nullptr;
};

}  // namespace sgflow
