// A sink that keeps everything as text, for tests to look at.
#pragma once

#include <string>
#include <vector>

#include "error/error.h"
#include "input/record_reader.h"
#include "input/record_sink.h"

namespace sgflow {

class CollectingSink : public RecordSink {
 public:
  void OnRecord(const FlowRecord& record) override {
    std::string line;
    std::string header;
    for (std::size_t i = 0; i < record.values().size(); ++i) {
      if (i != 0) {
        line += ' ';
        header += ' ';
      }
      line += record.values()[i];
      header += record.layout().columns()[i].name;
    }
    records.push_back(line);
    headers.push_back(header);
  }

  void OnRejected(const Error& error, std::string_view text) override {
    rejected.push_back(Describe(error));
    rejected_texts.emplace_back(text);
  }

  std::vector<std::string> records;
  std::vector<std::string> headers;  // of each record
  std::vector<std::string> rejected;
  std::vector<std::string> rejected_texts;
};

// Gives `bytes` in pieces of at most `piece` bytes: what a slow pipe does.
class PieceSource : public ByteSource {
 public:
  PieceSource(std::string_view bytes, std::size_t piece) : rest_(bytes), piece_(piece) {}

  Result<std::size_t> Read(std::span<char> into) override {
    const std::size_t count = std::min({into.size(), rest_.size(), piece_});
    std::copy_n(rest_.data(), count, into.data());
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  std::size_t piece_;
};

struct ReadBack {
  CollectingSink sink;
  std::string error;  // what ended the input early, or empty
};

inline void ReadInto(ReadBack& back, std::string_view bytes, std::string_view format = {},
                     std::size_t piece = 1 << 20) {
  ReadOptions options;
  if (!format.empty()) options.layout = *RecordLayout::Parse(format);
  RecordReader reader(options);
  PieceSource source(bytes, piece);
  if (const auto result = reader.Read(source, back.sink); !result) {
    back.error = Describe(result.error());
  }
}

}  // namespace sgflow
