#include "lambda/gzip_pack.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace sgflow {
namespace {

// Flow records shrink to a tenth at level 1, at hundreds of megabytes a second.
constexpr std::uint32_t kLevel = 1;
// Header, trailer, and what begins and ends blocks.
constexpr std::size_t kMostAround = 512;

// However badly bytes compress: by the fixed code a byte takes nine bits.
std::size_t MostCompressed(std::size_t bytes) { return bytes + bytes / 8 + kMostAround; }

}  // namespace

class GzipPack::Member {
 public:
  void Start() {
    isal_deflate_init(&stream_);
    stream_.level = kLevel;
    stream_.level_buf = memory_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(memory_.size());
    stream_.gzip_flag = IGZIP_GZIP;
    bytes_.clear();
    uncertain_ = 0;
    is_open_ = true;
  }

  void Forget() {
    uncertain_ = 0;
    is_open_ = false;
  }
  // `memory` is given in exchange for less.
  void Reuse(std::string& memory) {
    if (memory.capacity() > bytes_.capacity()) memory.swap(bytes_);
  }

  bool is_open() const { return is_open_; }
  const std::string& bytes() const { return bytes_; }
  // Behind what is there; not twice in the memory where that is nothing.
  void MoveTo(std::string& to) {
    if (to.empty()) return to.swap(bytes_);
    to += bytes_;
  }
  // Of the whole member, were it to end behind so many bytes more.
  std::size_t MostSizeWith(std::size_t bytes) const {
    return (is_open_ ? bytes_.size() : 0) + MostCompressed(uncertain_ + bytes);
  }

  void Add(std::string_view piece) {
    uncertain_ += piece.size();
    while (!piece.empty()) {
      const std::size_t count =
          std::min<std::size_t>(piece.size(), std::numeric_limits<std::int32_t>::max());
      Deflate(piece.substr(0, count), NO_FLUSH);
      piece.remove_prefix(count);
    }
  }
  // From here on it is known what all of it takes.
  void Flush() {
    if (uncertain_ == 0) return;
    Deflate({}, SYNC_FLUSH);
    uncertain_ = 0;
  }
  void End() {
    stream_.end_of_stream = 1;
    while (stream_.internal_state.state != ZSTATE_END) Deflate({}, NO_FLUSH);
    uncertain_ = 0;
    is_open_ = false;
  }

 private:
  void Deflate(std::string_view piece, std::uint16_t flush) {
    // Only read from; the library's C has no const.
    stream_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(piece.data()));
    stream_.avail_in = static_cast<std::uint32_t>(piece.size());
    stream_.flush = flush;
    do {
      stream_.next_out = block_.data();
      stream_.avail_out = static_cast<std::uint32_t>(block_.size());
      isal_deflate(&stream_);
      bytes_.append(reinterpret_cast<const char*>(block_.data()),
                    block_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0 || stream_.avail_in != 0);
  }

  std::vector<std::uint8_t> memory_ = std::vector<std::uint8_t>(ISAL_DEF_LVL1_DEFAULT);
  std::array<std::uint8_t, std::size_t{64} * 1024> block_{};
  isal_zstream stream_{};
  std::string bytes_;
  std::size_t uncertain_ = 0;  // bytes that came since the last Flush
  bool is_open_ = false;
};

GzipPack::GzipPack() : member_(std::make_unique<Member>()), alone_(std::make_unique<Member>()) {}
GzipPack::~GzipPack() = default;

void GzipPack::Start() {
  member_->Forget();
  alone_->Forget();
  // What it made of the pieces before went to the pack as it was: MoveTo.
  member_->Reuse(bytes_);
  bytes_.clear();
}

void GzipPack::StartPiece(std::string_view part) {
  if (!alone_->is_open()) alone_->Start();
  alone_->Add(part);
}

bool GzipPack::has_parts() const { return alone_->is_open(); }

std::size_t GzipPack::bytes_of_parts() const { return has_parts() ? alone_->bytes().size() : 0; }

void GzipPack::DropParts() { alone_->Forget(); }

bool GzipPack::Add(std::string_view piece, std::size_t room) {
  const bool in_parts = has_parts();
  const auto fits = [&] {
    return !in_parts && bytes_.size() + member_->MostSizeWith(piece.size()) <= room;
  };
  if (!fits() && member_->is_open()) member_->Flush();
  if (fits()) {
    if (!member_->is_open()) member_->Start();
    member_->Add(piece);
    return true;
  }
  // In a member of its own it is known what it takes.
  if (!in_parts) alone_->Start();
  alone_->Add(piece);
  alone_->End();
  bytes_alone_ = alone_->bytes().size();
  const std::size_t before =
      bytes_.size() + (member_->is_open() ? member_->MostSizeWith(0) : std::size_t{0});
  if (before + bytes_alone_ > room) return false;
  if (member_->is_open()) {
    member_->End();
    member_->MoveTo(bytes_);
  }
  alone_->MoveTo(bytes_);
  return true;
}

std::string_view GzipPack::Finish() {
  if (member_->is_open()) {
    member_->End();
    member_->MoveTo(bytes_);
  }
  return bytes_;
}

}  // namespace sgflow
