#include "output/layout_text.h"

#include <utility>

namespace sgflow {

LayoutText::LayoutText(std::vector<std::size_t> columns, const TextBefore& text_before)
    : columns_(std::move(columns)) {
  for (std::size_t position = 0; position < columns_.size(); ++position) {
    const std::string text = text_before(position);
    pieces_.push_back({.offset = text_.size(), .size = text.size(), .quotes = text.ends_with('"')});
    text_ += text;
  }
  total_size_ = text_.size();
  text_.append(kSlack, '\0');
}

std::vector<std::size_t> SelectedColumns(const RecordLayout& layout,
                                         const FieldSelection& selection) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    if (selection.Includes(layout.columns()[i])) columns.push_back(i);
  }
  return columns;
}

const LayoutText& LayoutTexts::Find(const std::shared_ptr<const RecordLayout>& layout) {
  // JSON objects of ever new keys must not fill the memory.
  constexpr std::size_t kMost = 64;
  if (texts_.size() >= kMost && !texts_.contains(layout)) texts_.clear();
  return texts_.try_emplace(layout, make_(*layout)).first->second;
}

}  // namespace sgflow
