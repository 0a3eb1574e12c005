#include "flowlog/flow_record.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sgflow {
namespace {

constexpr std::size_t kBlock = 16;

// Bit i is set where block[i] is the separator.
#if defined(__SSE2__)
std::uint32_t SeparatorMask(const char* block, char separator) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  return static_cast<std::uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(separator))));
}
#else
std::uint32_t SeparatorMask(const char* block, char separator) {
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {
    mask |= static_cast<std::uint32_t>(block[i] == separator) << i;
  }
  return mask;
}
#endif

}  // namespace

std::size_t SplitFields(std::string_view line, char separator,
                        std::span<std::string_view> fields) {
  std::size_t count = 0;
  const char* begin = line.data();
  const auto end_field = [&](const char* end) {
    if (count < fields.size()) fields[count] = {begin, static_cast<std::size_t>(end - begin)};
    ++count;
    begin = end + 1;
  };
  const auto split_block = [&](const char* block, std::uint32_t mask) {
    for (; mask != 0; mask &= mask - 1) end_field(block + std::countr_zero(mask));
  };

  const char* at = line.data();
  const char* const end = at + line.size();
  for (; end - at >= static_cast<std::ptrdiff_t>(kBlock); at += kBlock) {
    split_block(at, SeparatorMask(at, separator));
  }
  // The rest is copied out: the line's buffer may end where the line does.
  const auto rest = static_cast<std::size_t>(end - at);
  char last[kBlock];
  std::memset(last, ~separator, sizeof last);
  if (rest != 0) std::memcpy(last, at, rest);
  split_block(at, SeparatorMask(last, separator));
  end_field(end);
  return count;
}

void FlowRecord::Assign(std::shared_ptr<const RecordLayout> layout,
                        std::span<const std::string_view> values) {
  layout_ = std::move(layout);
  std::ranges::copy(values, values_.begin());
}

bool FlowRecord::Split(const std::shared_ptr<const RecordLayout>& layout, std::string_view line,
                       char separator) {
  if (layout_ != layout) layout_ = layout;
  return SplitFields(line, separator, values_) == layout->size();
}

std::optional<std::uint64_t> FlowRecord::GetNumber(Field field) const {
  const std::string_view text = Get(field);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

Result<void> FlowRecord::CheckTypes() const {
  for (const auto& [index, type] : layout_->typed_columns()) {
    if (FitsType(type, values_[index])) [[likely]] {
      continue;
    }
    constexpr std::size_t kShown = 40;
    std::string shown(values_[index].substr(0, kShown));
    if (values_[index].size() > kShown) shown += "...";
    return std::unexpected(
        Error{.kind = ErrorKind::kInput,
              .message = "'" + shown + "' is no " +
                         (type == FieldType::kAddress ? "IP address" : "number"),
              .place = {.file = {}, .line = 0, .column = 0, .field = layout_->columns()[index].name},
              .hint = "is the order of the fields right?"});
  }
  return {};
}

}  // namespace sgflow
