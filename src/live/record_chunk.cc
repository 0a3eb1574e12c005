#include "live/record_chunk.h"

namespace sgflow {

void RecordChunk::Add(const FlowRecord& record) {
  // Records of one layout come one behind the other.
  if (layouts_.empty() || layouts_.back() != record.shared_layout()) {
    layouts_.push_back(record.shared_layout());
  }
  records_.push_back({.layout = static_cast<std::uint32_t>(layouts_.size() - 1),
                      .text = static_cast<std::uint32_t>(text_.size()),
                      .lengths = static_cast<std::uint32_t>(lengths_.size()),
                      .plain = record.plain()});
  for (const std::string_view value : record.values()) {
    text_ += value;
    lengths_.push_back(static_cast<std::uint32_t>(value.size()));
  }
}

void RecordChunk::Reserve(std::size_t bytes) {
  // Shorter ones there are hardly any.
  constexpr std::size_t kShortRecord = 64;
  constexpr std::size_t kShortValue = 4;
  records_.reserve(bytes / kShortRecord);
  lengths_.reserve(bytes / kShortValue);
  text_.reserve(bytes);
}

void RecordChunk::Clear() {
  records_.clear();
  layouts_.clear();
  text_.clear();
  lengths_.clear();
}

const FlowRecord& RecordChunk::At(std::size_t index) {
  const Kept& kept = records_[index];
  const auto& layout = layouts_[kept.layout];
  std::string_view rest = std::string_view(text_).substr(kept.text);
  values_.clear();
  for (std::size_t i = 0; i < layout->size(); ++i) {
    const std::size_t length = lengths_[kept.lengths + i];
    values_.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  record_.Assign(layout, values_, kept.plain);
  return record_;
}

}  // namespace sgflow
