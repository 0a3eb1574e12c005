// Output as gzip that grows piece by piece and keeps within whatever room there is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace sgflow {

// Keeps its memory. Not for several threads at once.
class GzipPack {
 public:
  GzipPack();
  ~GzipPack();
  GzipPack(const GzipPack&) = delete;
  GzipPack& operator=(const GzipPack&) = delete;

  void Start();

  // Adds the piece where all of the gzip is then at most `room` bytes long; otherwise false, and
  // the pack stays as it was. `room` may differ from call to call.
  [[nodiscard]] bool Add(std::string_view piece, std::size_t room);
  // Of the last piece that was not added: what it takes as the only one.
  std::size_t bytes_alone() const { return bytes_alone_; }

  // One or more members that hold all pieces, one behind the other; empty where there are none.
  // Valid until the next Start, and no piece may be added before.
  std::string_view Finish();

 private:
  class Member;

  std::unique_ptr<Member> member_;  // the pieces end in it
  std::unique_ptr<Member> alone_;
  std::string bytes_;  // of members that are complete
  std::size_t bytes_alone_ = 0;
};

}  // namespace sgflow
