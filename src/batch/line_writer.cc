#include "batch/line_writer.h"

#include <cstddef>
#include <string>

namespace sgflow {
namespace {

constexpr std::size_t kMostBlocks = 2;

}  // namespace

LineWriter::LineWriter(OutputWriter& output, GzipWriter* compressor)
    : output_(output), compressor_(compressor), blocks_(kMostBlocks) {}

LineWriter::~LineWriter() {
  failed_ = true;
  blocks_.Close();
}

void LineWriter::Write(OutputBuffer& lines) {
  // The compressor need not copy whole blocks.
  const std::size_t size = lines.size();
  if (size < GzipWriter::kBlock) return;
  const std::string rest(lines.view().substr(size - size % GzipWriter::kBlock));
  lines.Truncate(size - rest.size());
  if (!thread_.valid()) thread_ = std::async(std::launch::async, [this] { WriteBlocks(); });
  // Closed is what a thread left that could not go on.
  if (!blocks_.Push(lines)) thread_.get();
  lines.Clear();
  lines.Append(rest);
}

Result<void> LineWriter::Finish(OutputBuffer& lines) {
  if (thread_.valid()) {
    blocks_.Close();
    thread_.get();
  }
  Compress(lines.view());
  lines.Clear();
  if (compressor_ != nullptr) {
    compressor_->Finish(compressed_);
    WriteOut(compressed_.view());
  }
  if (failed_) return std::unexpected(error_);
  return {};
}

void LineWriter::Fail(const Error& error) {
  if (!failed_.exchange(true)) error_ = error;
}

void LineWriter::WriteBlocks() {
  try {
    OutputBuffer lines;
    while (blocks_.Pop(lines)) Compress(lines.view());
  } catch (...) {
    blocks_.Close();
    throw;
  }
}

void LineWriter::Compress(std::string_view lines) {
  if (failed_) return;
  if (compressor_ == nullptr) return WriteOut(lines);
  compressor_->Add(lines, compressed_);
  WriteOut(compressed_.view());
  compressed_.Clear();
}

void LineWriter::WriteOut(std::string_view bytes) {
  if (failed_) return;
  if (auto written = output_.Write(bytes); !written) Fail(written.error());
}

}  // namespace sgflow
