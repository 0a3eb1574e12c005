#include "flowlog/flow_record.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON)
#include <arm_neon.h>
#endif

namespace sgflow {
namespace {

constexpr std::size_t kBlock = 64;

// Looks at a line in blocks: where the separators are, and whether anything in it is not plain.
#if defined(__SSE2__)
class BlockScan {
 public:
  explicit BlockScan(char separator) : separator_(_mm_set1_epi8(separator)) {}

  // Bit i is set where block[i] is the separator.
  std::uint64_t Separators(const char* block) {
    std::uint64_t mask = 0;
    for (std::size_t at = 0; at < kBlock; at += sizeof(__m128i)) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + at));
      // Compared with a sign, the bytes of UTF-8 are below the blank too.
      const __m128i beyond = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')),
                                          _mm_cmpgt_epi8(bytes, _mm_set1_epi8('~')));
      const __m128i escaped = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                           _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
      odd_ = _mm_or_si128(odd_, _mm_or_si128(beyond, escaped));
      const auto found =
          static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, separator_)));
      mask |= std::uint64_t{found} << at;
    }
    return mask;
  }

  bool plain() const { return _mm_movemask_epi8(odd_) == 0; }

 private:
  __m128i separator_;
  __m128i odd_ = _mm_setzero_si128();
};
#elif defined(__ARM_NEON)
class BlockScan {
 public:
  explicit BlockScan(char separator) : separator_(Each(separator)) {}

  std::uint64_t Separators(const char* block) {
    constexpr std::array<std::uint8_t, 16> kBits{1, 2, 4, 8, 16, 32, 64, 128,
                                                 1, 2, 4, 8, 16, 32, 64, 128};
    std::array<uint8x16_t, kBlock / sizeof(uint8x16_t)> found;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const uint8x16_t bytes =
          vld1q_u8(reinterpret_cast<const std::uint8_t*>(block + i * sizeof(uint8x16_t)));
      // What is below the blank is far above it without a sign.
      const uint8x16_t beyond = vcgtq_u8(vsubq_u8(bytes, Each(' ')), Each('~' - ' '));
      const uint8x16_t escaped = vorrq_u8(vceqq_u8(bytes, Each('"')), vceqq_u8(bytes, Each('\\')));
      odd_ = vorrq_u8(odd_, vorrq_u8(beyond, escaped));
      found[i] = vandq_u8(vceqq_u8(bytes, separator_), vld1q_u8(kBits.data()));
    }
    // Neighbours are added up until a byte has the bits of eight.
    const uint8x16_t pairs =
        vpaddq_u8(vpaddq_u8(found[0], found[1]), vpaddq_u8(found[2], found[3]));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(pairs, pairs)), 0);
  }

  bool plain() const { return vmaxvq_u8(odd_) == 0; }

 private:
  static uint8x16_t Each(char byte) { return vdupq_n_u8(static_cast<std::uint8_t>(byte)); }

  uint8x16_t separator_;
  uint8x16_t odd_ = vdupq_n_u8(0);
};
#else
class BlockScan {
 public:
  explicit BlockScan(char separator) : separator_(separator) {}

  std::uint64_t Separators(const char* block) {
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      const auto byte = static_cast<unsigned char>(block[i]);
      odd_ |= byte < ' ' || byte > '~' || byte == '"' || byte == '\\';
      mask |= static_cast<std::uint64_t>(block[i] == separator_) << i;
    }
    return mask;
  }

  bool plain() const { return !odd_; }

 private:
  char separator_;
  bool odd_ = false;
};
#endif

// Four digits, or garbage and a bit in `odd` where one is none. By the word: neighbours are put
// together to numbers of two digits, and these to one.
std::uint32_t ReadFourDigits(const char* text, std::uint32_t& odd) {
  std::uint32_t digits = 0;
  std::memcpy(&digits, text, sizeof digits);
  if constexpr (std::endian::native == std::endian::big) digits = __builtin_bswap32(digits);
  digits -= 0x30303030;
  odd |= (digits | (digits + 0x76767676)) & 0x80808080;
  digits = digits * 10 + (digits >> 8);
  return (digits & 0xFF) * 100 + (digits >> 16 & 0xFF);
}

bool ReadDigits(std::string_view text, std::uint64_t limit, std::uint64_t& value) {
  constexpr std::size_t kMostDigits = 19;  // as many never overflow
  if (text.empty() || text.size() > kMostDigits) return false;
  const char* at = text.data();
  const char* const end = at + text.size();
  value = 0;
  std::uint32_t odd = 0;
  for (; end - at >= 4; at += 4) value = value * 10000 + ReadFourDigits(at, odd);
  for (; at != end; ++at) {
    const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
    odd |= digit > 9 ? 1U : 0U;
    value = value * 10 + digit;
  }
  return odd == 0 && value <= limit;
}

std::string Shown(std::string_view value) {
  constexpr std::size_t kMost = 40;
  return "'" + std::string(value.substr(0, kMost)) + (value.size() > kMost ? "...'" : "'");
}

Error Misfit(std::string_view value, const std::string& field, const std::string& expected) {
  return {.kind = ErrorKind::kInput,
          .message = Shown(value) + " is no " + expected,
          .place = {.file = {}, .line = 0, .column = 0, .field = field},
          .hint = "is the order of the fields right?"};
}

}  // namespace

FieldSplit SplitFields(std::string_view line, char separator, std::span<std::string_view> fields) {
  std::size_t count = 0;
  const char* begin = line.data();
  const auto end_field = [&](const char* end) {
    if (count < fields.size()) fields[count] = {begin, static_cast<std::size_t>(end - begin)};
    ++count;
    begin = end + 1;
  };
  BlockScan scan(separator);
  const auto split_block = [&](const char* block, std::uint64_t separators) {
    for (; separators != 0; separators &= separators - 1) {
      end_field(block + std::countr_zero(separators));
    }
  };

  const char* at = line.data();
  const char* const end = at + line.size();
  for (; end - at >= static_cast<std::ptrdiff_t>(kBlock); at += kBlock) {
    split_block(at, scan.Separators(at));
  }
  // The rest is copied out: the line's buffer may end where the line does.
  const auto rest = static_cast<std::size_t>(end - at);
  char last[kBlock];
  std::memset(last, separator == 'x' ? 'y' : 'x', sizeof last);
  if (rest != 0) std::memcpy(last, at, rest);
  split_block(at, scan.Separators(last));
  end_field(end);
  return {.count = count, .plain = scan.plain()};
}

void FlowRecord::Assign(std::shared_ptr<const RecordLayout> layout,
                        std::span<const std::string_view> values, bool plain) {
  layout_ = std::move(layout);
  std::ranges::copy(values, values_.begin());
  line_ = {};
  plain_ = plain;
  typed_ = false;
}

bool FlowRecord::Split(const std::shared_ptr<const RecordLayout>& layout, std::string_view line,
                       char separator) {
  if (layout_ != layout) layout_ = layout;
  const FieldSplit split = SplitFields(line, separator, values_);
  line_ = line;
  plain_ = split.plain;
  typed_ = false;
  return split.count == layout->size();
}

bool FlowRecord::ParseNumber(std::string_view text, std::uint64_t& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  return error == std::errc{} && end == text.data() + text.size();
}

bool FlowRecord::ParseAddress(std::string_view text, IpAddress& to) {
  const auto address = IpAddress::Parse(text);
  if (address) to = *address;
  return address.has_value();
}

Result<void> FlowRecord::CheckTypes() {
  std::array<std::string_view, kAddressFields.size()> read{};
  const auto read_address = [&](std::string_view text, std::size_t place) {
    if (text.empty()) return false;
    // Most records have each address twice, as seen and as in the packet.
    const auto same = static_cast<std::size_t>(std::ranges::find(read, text) - read.begin());
    if (same < read.size()) {
      addresses_[place] = addresses_[same];
    } else {
      const auto address = IpAddress::Parse(text);
      if (!address) return false;
      addresses_[place] = *address;
    }
    read[place] = text;
    return true;
  };
  for (const RecordLayout::TypedColumn& column : layout_->typed_columns()) {
    const std::string_view value = values_[column.index];
    const bool is_address = column.type == FieldType::kAddress;
    if (IsMissing(value)) continue;
    if (is_address ? read_address(value, column.address)
                   : ReadDigits(value, column.limit, numbers_[column.index])) [[likely]] {
      continue;
    }
    return std::unexpected(
        Misfit(value, layout_->columns()[column.index].name,
               is_address ? "IP address" : "number from 0 to " + std::to_string(column.limit)));
  }
  typed_ = true;
  return {};
}

}  // namespace sgflow
