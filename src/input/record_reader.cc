#include "input/record_reader.h"

#include <utility>

#include "input/content_reader.h"

namespace sgflow {

class RecordReader::Implementation : public ContentReader {
  using ContentReader::ContentReader;
};

RecordReader::RecordReader(ReadOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(options))) {}

RecordReader::~RecordReader() = default;

Result<void> RecordReader::Read(ByteSource& source, RecordSink& sink) {
  Window window(source);
  return implementation_->Read(window, sink);
}

Result<void> RecordReader::ReadBytes(std::string_view bytes, RecordSink& sink) {
  Window window(bytes);
  return implementation_->Read(window, sink);
}

}  // namespace sgflow
