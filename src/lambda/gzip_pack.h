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

  // The next piece is so long that it comes in parts: this one is compressed already. Add brings
  // its end, and adds all of it or nothing.
  void StartPiece(std::string_view part);
  bool has_parts() const;
  // What those that came so far have become; the last of them may still wait for others.
  std::size_t bytes_of_parts() const;
  // Takes them back.
  void DropParts();

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
  std::unique_ptr<Member> alone_;   // a piece of its own; open where parts of one have come
  std::string bytes_;               // of members that are complete
  std::size_t bytes_alone_ = 0;
};

}  // namespace sgflow
