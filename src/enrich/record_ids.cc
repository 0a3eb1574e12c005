#include "enrich/record_ids.h"

#include <xxhash.h>

#include <span>

#include "output/field_selection.h"
#include "output/layout_text.h"

namespace sgflow {
namespace {

void WriteHexadecimal(std::uint64_t number, std::span<char> to) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr unsigned kBits = 4;
  for (std::size_t i = to.size(); i-- > 0; number >>= kBits) to[i] = kDigits[number % 16];
}

}  // namespace

void RecordIds::StartPayload() {
  counts_equals_ = true;
  // Clearing takes as long as the largest payload so far was.
  constexpr std::size_t kMostKept = 1024;
  if (equals_.bucket_count() > kMostKept) equals_ = {};
  equals_.clear();
}

std::uint64_t RecordIds::NumberOf(const FlowRecord& record) {
  if (!counts_equals_) return 0;
  JoinValues(record);
  return CountLine();
}

std::string_view RecordIds::Of(const FlowRecord& record) {
  JoinValues(record);
  return Digits(CountLine());
}

std::string_view RecordIds::Of(const FlowRecord& record, std::uint64_t number) {
  JoinValues(record);
  return Digits(number);
}

std::uint64_t RecordIds::CountLine() { return counts_equals_ ? equals_[HashOf(0)]++ : 0; }

std::string_view RecordIds::Digits(std::uint64_t number) {
  const Hash hash = HashOf(number);
  const std::span digits(digits_);
  WriteHexadecimal(hash.high, digits.first(kDigits / 2));
  WriteHexadecimal(hash.low, digits.last(kDigits / 2));
  return {digits_.data(), digits_.size()};
}

void RecordIds::JoinValues(const FlowRecord& record) {
  if (record.shared_layout() != layout_) {
    layout_ = record.shared_layout();
    columns_ = SelectedColumns(*layout_, FieldSelection());
  }
  line_.clear();
  const auto values = record.values();
  for (const std::size_t column : columns_) line_.append(values[column]).append(1, ' ');
  if (!line_.empty()) line_.pop_back();
}

RecordIds::Hash RecordIds::HashOf(std::uint64_t number) const {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(line_.data(), line_.size(), number);
  return {.high = hash.high64, .low = hash.low64};
}

}  // namespace sgflow
