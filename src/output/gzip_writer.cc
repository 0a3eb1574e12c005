#include "output/gzip_writer.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace sgflow {

// As `igzip -1`.
struct GzipWriter::State {
  isal_zstream stream{};
  std::unique_ptr<std::uint8_t[]> level_buffer =
      std::make_unique<std::uint8_t[]>(ISAL_DEF_LVL1_DEFAULT);
  std::unique_ptr<char[]> block = std::make_unique_for_overwrite<char[]>(kBlock);
  std::size_t filled = 0;

  void Start() {
    isal_deflate_init(&stream);
    stream.level = 1;
    stream.level_buf = level_buffer.get();
    stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
    stream.gzip_flag = IGZIP_GZIP;
    stream.flush = NO_FLUSH;
    filled = 0;
  }
};

GzipWriter::GzipWriter() : state_(std::make_unique<State>()) { state_->Start(); }

GzipWriter::~GzipWriter() = default;

void GzipWriter::Add(std::string_view bytes, OutputBuffer& to) {
  State& state = *state_;
  while (!bytes.empty()) {
    if (state.filled == 0 && bytes.size() >= kBlock) {
      Deflate(bytes.substr(0, kBlock), to);
      bytes.remove_prefix(kBlock);
      continue;
    }
    const std::size_t count = std::min(bytes.size(), kBlock - state.filled);
    std::copy_n(bytes.data(), count, state.block.get() + state.filled);
    state.filled += count;
    bytes.remove_prefix(count);
    if (state.filled < kBlock) return;
    Deflate({state.block.get(), state.filled}, to);
    state.filled = 0;
  }
}

void GzipWriter::Finish(OutputBuffer& to) {
  state_->stream.end_of_stream = 1;
  Deflate({state_->block.get(), state_->filled}, to);
  state_->Start();
}

void GzipWriter::Deflate(std::string_view bytes, OutputBuffer& to) {
  constexpr std::size_t kRoom = std::size_t{64} * 1024;
  isal_zstream& stream = state_->stream;
  // ISA-L's interface is C's; it does not write there.
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<std::uint32_t>(bytes.size());
  do {
    char* const begin = to.Reserve(kRoom);
    stream.next_out = reinterpret_cast<std::uint8_t*>(begin);
    stream.avail_out = kRoom;
    if (isal_deflate(&stream) != COMP_OK) throw std::logic_error("ISA-L refuses to compress");
    to.Commit(begin + (kRoom - stream.avail_out));
  } while (stream.avail_in != 0 || stream.avail_out == 0);
}

}  // namespace sgflow
