// An input's bytes, read and inflated before they are asked for.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "batch/block_queue.h"
#include "error/error.h"
#include "input/byte_source.h"
#include "input/gzip_source.h"

namespace sgflow {

// Gives what `source` gives or, where that is gzip, what is in it, with GzipSource's errors. A
// thread of its own reads what is more than a block.
class ReadAhead : public ByteSource {
 public:
  // `source` must outlive this, and its Read end at some time.
  explicit ReadAhead(ByteSource& source);
  ~ReadAhead() override;

  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override;

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    bool is_last = false;
    std::optional<Error> error;  // behind the last one's bytes
  };
  // What was read to see what it is, and then the rest.
  class Begun : public ByteSource {
   public:
    explicit Begun(ByteSource& source) : source_(source) {}
    [[nodiscard]] Result<void> Begin();
    std::string_view beginning() const { return beginning_; }
    [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override;

   private:
    ByteSource& source_;
    std::string beginning_;
  };

  void ReadFirst();
  void ReadBlocks();
  static void Fill(ByteSource& from, Block& block);

  Begun begun_;
  std::optional<GzipSource> inflated_;
  ByteSource* from_ = nullptr;  // one of these; null: nothing was read yet
  Block block_;
  std::size_t taken_ = 0;  // of the block
  BlockQueue<Block> blocks_;
  std::future<void> thread_;  // its end waits for it
};

}  // namespace sgflow
