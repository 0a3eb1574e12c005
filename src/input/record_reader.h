// Finds the flow-log records in whatever people have: text with or without headers, CSV, JSON of
// all the shapes that AWS and its tools give, gzip or base64 around any of these. What it is is
// told from the content alone (docs/input.md lists what is understood).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "error/error.h"
#include "flowlog/record_layout.h"
#include "input/byte_source.h"
#include "input/record_sink.h"

namespace sgflow {

struct ReadOptions {
  // The order of the fields where no header tells it. Null: lines without a header are taken only
  // when they fit AWS's default format, its Transit Gateway default or the console's "Select all"
  // field by field, and refused otherwise.
  std::shared_ptr<const RecordLayout> layout;
};

// One reader for many inputs, one after the other; each starts anew, with no header known.
// Memory stays within some MB whatever the input's size. Not for several threads at once.
class RecordReader {
 public:
  explicit RecordReader(ReadOptions options);
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  // Reads to the end. Records and rejected lines go to the sink, in order. An error is what ended
  // the input early: kInput where it is broken (truncated gzip) or no flow log at all (binary
  // data), kEnvironment where it could not be read. All that came before it has been handed over.
  [[nodiscard]] Result<void> Read(ByteSource& source, RecordSink& sink);

  // The same for bytes in memory. The kPadding bytes behind them must be readable.
  static constexpr std::size_t kPadding = 64;
  [[nodiscard]] Result<void> ReadBytes(std::string_view bytes, RecordSink& sink);

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sgflow
