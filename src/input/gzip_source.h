// gzip (RFC 1952) of one or many members, inflated as it is read.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "error/error.h"
#include "input/byte_source.h"

namespace sgflow {

// The two bytes that every gzip member starts with.
inline constexpr std::string_view kGzipMagic = "\x1f\x8b";

class GzipSource : public ByteSource {
 public:
  // `compressed` must outlive this.
  explicit GzipSource(ByteSource& compressed);
  ~GzipSource() override;

  // kInput: cut off, damaged, or something else behind a member; all that could be decoded comes
  // before the error. Zero bytes behind the last member, as tapes and block devices leave them, are
  // passed over. The bytes given before an error of a damaged member are unchecked: gzip's checksum
  // comes at the member's end.
  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override;

 private:
  struct State;

  Result<bool> Refill();
  Result<bool> StartMember();
  std::size_t TakeDecoded(std::span<char> into);

  ByteSource& compressed_;
  std::unique_ptr<State> state_;
};

}  // namespace sgflow
