// An output's lines, compressed and written while the next ones are made.
#pragma once

#include <atomic>
#include <future>

#include "batch/block_queue.h"
#include "batch/storage.h"
#include "error/error.h"
#include "output/gzip_writer.h"
#include "output/output_buffer.h"

namespace sgflow {

// For one output. A thread of its own writes what comes before the end; an output that comes with
// its end alone has none. Errors of that thread are told by Finish.
class LineWriter {
 public:
  // `compressor`: null where lines are written as they are. Both must outlive this.
  LineWriter(OutputWriter& output, GzipWriter* compressor);
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;
  // Where it was not finished, nothing more is written.
  ~LineWriter();

  // Takes whole blocks of the lines (GzipWriter::kBlock) and leaves the rest, perhaps all. Waits
  // while too many are to be written.
  void Write(OutputBuffer& lines);
  // The same with the last ones, and waits until all is written. The compressor is then as new,
  // whatever became of the output.
  [[nodiscard]] Result<void> Finish(OutputBuffer& lines);

  // Nothing more is written, for this reason, unless there is one already. By any thread, as is
  // failed().
  void Fail(const Error& error);
  bool failed() const { return failed_; }

 private:
  void WriteBlocks();
  void Compress(std::string_view lines);
  void WriteOut(std::string_view bytes);

  OutputWriter& output_;
  GzipWriter* compressor_;
  OutputBuffer compressed_;
  std::atomic<bool> failed_ = false;
  Error error_;  // by whom failed_ was set; read when there is one thread again
  BlockQueue<OutputBuffer> blocks_;
  std::future<void> thread_;  // its end waits for it
};

}  // namespace sgflow
