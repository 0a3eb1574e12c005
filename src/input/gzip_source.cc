#include "input/gzip_source.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sgflow {
namespace {

Error Broken(std::string message) {
  return {.kind = ErrorKind::kInput,
          .message = std::move(message),
          .place = {},
          .hint = "fetch the file again"};
}

}  // namespace

// The large ones are not cleared: a Lambda event may hold thousands of small gzip members.
struct GzipSource::State {
  static constexpr std::size_t kBlock = std::size_t{64} * 1024;

  std::unique_ptr<inflate_state> inflate = std::make_unique_for_overwrite<inflate_state>();
  std::unique_ptr<char[]> compressed = std::make_unique_for_overwrite<char[]>(kBlock);
  bool in_member = false;
  bool any_member = false;
  bool end_of_input = false;
  std::optional<Error> broken;
};

GzipSource::GzipSource(ByteSource& compressed)
    : compressed_(compressed), state_(std::make_unique<State>()) {
  isal_inflate_init(state_->inflate.get());
  state_->inflate->avail_in = 0;
}

GzipSource::~GzipSource() = default;

// False at the end of the compressed bytes. Requires that all of them so far are used up.
Result<bool> GzipSource::Refill() {
  if (state_->end_of_input) return false;
  const auto count = compressed_.Read({state_->compressed.get(), State::kBlock});
  if (!count) return std::unexpected(count.error());
  state_->inflate->next_in = reinterpret_cast<std::uint8_t*>(state_->compressed.get());
  state_->inflate->avail_in = static_cast<std::uint32_t>(*count);
  state_->end_of_input = *count == 0;
  return !state_->end_of_input;
}

// False where no further member follows.
Result<bool> GzipSource::StartMember() {
  inflate_state& inflate = *state_->inflate;
  for (;;) {
    if (inflate.avail_in == 0) {
      const auto more = Refill();
      if (!more) return std::unexpected(more.error());
      if (!*more) return false;
    }
    if (!state_->any_member || *inflate.next_in != 0) break;
    ++inflate.next_in;
    --inflate.avail_in;
  }
  if (static_cast<char>(*inflate.next_in) != kGzipMagic[0]) {
    return std::unexpected(Broken("something that is no gzip follows the gzip data"));
  }
  std::uint8_t* const next_in = inflate.next_in;
  const std::uint32_t avail_in = inflate.avail_in;
  isal_inflate_reset(&inflate);
  inflate.next_in = next_in;
  inflate.avail_in = avail_in;
  inflate.crc_flag = ISAL_GZIP;
  state_->in_member = true;
  state_->any_member = true;
  return true;
}

// What ISA-L had decoded before the damage and keeps for itself.
std::size_t GzipSource::TakeDecoded(std::span<char> into) {
  inflate_state& inflate = *state_->inflate;
  const auto kept = static_cast<std::size_t>(inflate.tmp_out_valid - inflate.tmp_out_processed);
  const std::size_t count = std::min(into.size(), kept);
  std::copy_n(inflate.tmp_out_buffer + inflate.tmp_out_processed, count, into.begin());
  inflate.tmp_out_processed += static_cast<std::int32_t>(count);
  return count;
}

Result<std::size_t> GzipSource::Read(std::span<char> into) {
  inflate_state& inflate = *state_->inflate;
  while (true) {
    if (state_->broken) {
      if (const std::size_t rest = TakeDecoded(into); rest != 0) return rest;
      return std::unexpected(*state_->broken);
    }
    if (!state_->in_member) {
      const auto more = StartMember();
      if (!more) return std::unexpected(more.error());
      if (!*more) return 0;
    }
    inflate.next_out = reinterpret_cast<std::uint8_t*>(into.data());
    inflate.avail_out = static_cast<std::uint32_t>(into.size());
    const int status = isal_inflate(&inflate);
    const std::size_t count = into.size() - inflate.avail_out;
    if (status != ISAL_DECOMP_OK && status != ISAL_END_INPUT) {
      // Told with the next call: what was decoded so far comes first.
      state_->broken = Broken("the gzip data is damaged");
    } else if (inflate.block_state == ISAL_BLOCK_FINISH) {
      state_->in_member = false;
    } else if (count == 0 && inflate.avail_in == 0) {
      const auto more = Refill();
      if (!more) return std::unexpected(more.error());
      if (!*more) return std::unexpected(Broken("the gzip data ends in the middle"));
    }
    if (count != 0) return count;
  }
}

}  // namespace sgflow
