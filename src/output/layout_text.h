// What an encoder writes between the values of a layout, prepared once.
#pragma once

#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flowlog/record_layout.h"
#include "output/field_selection.h"

namespace sgflow {

class LayoutText {
 public:
  // `columns` are those of the layout that are written, `text_before` gives what is written before
  // the value of the one at `position` among them.
  using TextBefore = std::function<std::string(std::size_t position)>;
  LayoutText(std::vector<std::size_t> columns, const TextBefore& text_before);

  // Which of the layout's columns are written, in order.
  std::span<const std::size_t> columns() const { return columns_; }

  // Writes what stands before the value at that position. Requires kSlack bytes of room behind it.
  char* Write(std::size_t position, char* to) const {
    const Piece& piece = pieces_[position];
    // A copy of fixed size costs less than one to measure; the rest is overwritten.
    std::memcpy(to, text_.data() + piece.offset, kSlack);
    if (piece.size > kSlack) [[unlikely]] {
      std::memcpy(to, text_.data() + piece.offset, piece.size);
    }
    return to + piece.size;
  }

  // Whether that ends with a quote, and the value stands in quotes.
  bool quotes(std::size_t position) const { return pieces_[position].quotes; }

  // Of all that Write writes.
  std::size_t total_size() const { return total_size_; }

  static constexpr std::size_t kSlack = 32;

 private:
  struct Piece {
    std::size_t offset;
    std::size_t size;
    bool quotes;
  };

  std::vector<std::size_t> columns_;
  std::string text_;  // with kSlack bytes behind the last piece
  std::vector<Piece> pieces_;
  std::size_t total_size_ = 0;
};

// The columns of a layout that are selected.
std::vector<std::size_t> SelectedColumns(const RecordLayout& layout,
                                         const FieldSelection& selection);

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
