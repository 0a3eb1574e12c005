#include "cli/explain_record.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "input/byte_source.h"
#include "input/gzip_source.h"

namespace sgflow {
namespace {

class AskedSink : public RecordSink {
 public:
  explicit AskedSink(const OnExplainedRecord& on_record) : on_record_(on_record) {}

  void OnRecord(const FlowRecord& record) override {
    if (wanted_) ++found_;
    // Of several none is explained.
    if (found_ <= 1) on_record_(record, wanted_);
  }

  void OnRejected(const Error& error, std::string_view /*text*/) override {
    if (wanted_ && !rejection_) rejection_ = error;
  }

  void StartWanted() { wanted_ = true; }

  Result<void> Finish() const {
    if (rejection_) return std::unexpected(*rejection_);
    if (found_ == 1) return {};
    return std::unexpected(Error{.kind = ErrorKind::kInput,
                                 .message = found_ == 0 ? "holds no record"
                                                        : "holds " + std::to_string(found_) +
                                                              " records, and one is explained",
                                 .place = {},
                                 .hint = found_ == 0 ? "" : "give that one as LINE"});
  }

 private:
  const OnExplainedRecord& on_record_;
  bool wanted_ = false;
  std::uint64_t found_ = 0;
  std::optional<Error> rejection_;
};

// Gives what was looked at again.
class LookingSource : public ByteSource {
 public:
  explicit LookingSource(ByteSource& source) : source_(source) {}

  Result<bool> StartsWith(std::string_view magic) {
    while (looked_at_.size() < magic.size()) {
      char byte = 0;
      auto count = source_.Read(std::span(&byte, 1));
      if (!count) return std::unexpected(std::move(count.error()));
      if (*count == 0) return false;
      looked_at_ += byte;
    }
    return looked_at_.starts_with(magic);
  }

  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override {
    if (looked_at_.empty()) return source_.Read(into);
    const std::size_t count = std::min(into.size(), looked_at_.size());
    std::memcpy(into.data(), looked_at_.data(), count);
    looked_at_.erase(0, count);
    return count;
  }

 private:
  ByteSource& source_;
  std::string looked_at_;
};

// Gives the text up to the line and stops there. The reader takes records when it likes, so blank
// lines between make it look at all that came before it asks for the line: it looks ahead no
// farther than them.
class LineSource : public ByteSource {
 public:
  LineSource(ByteSource& source, std::uint64_t number, AskedSink& sink)
      : source_(source), before_(number - 1), sink_(sink) {}

  [[nodiscard]] Result<std::size_t> Read(std::span<char> into) override {
    while (true) {
      switch (stage_) {
        case Stage::kBefore:
          if (lines_ == before_) {
            stage_ = before_ == 0 ? Stage::kStart : Stage::kBlanks;
            continue;
          }
          break;
        case Stage::kBlanks: {
          const std::size_t count = std::min(into.size(), blanks_left_);
          std::memset(into.data(), '\n', count);
          blanks_left_ -= count;
          if (blanks_left_ == 0) stage_ = Stage::kStart;
          return count;
        }
        case Stage::kStart:
          sink_.StartWanted();
          stage_ = Stage::kLine;
          continue;
        case Stage::kLine:
          if (lines_ == before_ + 1) stage_ = Stage::kEnd;
          break;
        case Stage::kEnd:
          break;
      }
      if (stage_ == Stage::kEnd) return 0;
      return ReadLines(into, stage_ == Stage::kLine ? before_ + 1 : before_);
    }
  }

  // Lines that are there, as far as was read.
  std::uint64_t lines() const { return lines_ + (line_begun_ ? 1 : 0); }
  bool reached() const { return lines() > before_; }
  // A line of base64 is joined with the next one, and holds lines of its own.
  bool encoded() const { return encoded_; }

 private:
  enum class Stage : std::uint8_t { kBefore, kBlanks, kStart, kLine, kEnd };
  static constexpr std::size_t kChunk = std::size_t{64} * 1024;
  static constexpr std::size_t kBlanks = 1024;
  static constexpr std::string_view kBase64Gzip = "H4sI";

  // No farther than the end of line `last`.
  Result<std::size_t> ReadLines(std::span<char> into, std::uint64_t last) {
    if (at_ == chunk_.size()) {
      chunk_.resize(kChunk);
      auto count = source_.Read(chunk_);
      at_ = 0;
      if (!count) {
        chunk_.clear();
        return std::unexpected(std::move(count.error()));
      }
      chunk_.resize(*count);
      if (*count == 0) {
        stage_ = Stage::kEnd;
        return 0;
      }
    }
    std::size_t given = 0;
    while (given < into.size() && at_ < chunk_.size() && lines_ < last) {
      const std::string_view rest(chunk_.data() + at_,
                                  std::min(chunk_.size() - at_, into.size() - given));
      const std::size_t newline = rest.find('\n');
      const std::size_t count = newline == std::string_view::npos ? rest.size() : newline + 1;
      NoteStart(rest.substr(0, count));
      std::memcpy(into.data() + given, rest.data(), count);
      given += count;
      at_ += count;
      line_begun_ = newline == std::string_view::npos;
      if (!line_begun_) {
        ++lines_;
        start_.clear();
      }
    }
    return given;
  }

  void NoteStart(std::string_view piece) {
    if (start_.size() >= kBase64Gzip.size()) return;
    start_ += piece.substr(0, kBase64Gzip.size() - start_.size());
    encoded_ = encoded_ || start_ == kBase64Gzip;
  }

  ByteSource& source_;
  std::uint64_t before_;
  AskedSink& sink_;
  Stage stage_ = Stage::kBefore;
  std::size_t blanks_left_ = kBlanks;
  std::vector<char> chunk_;
  std::size_t at_ = 0;
  std::uint64_t lines_ = 0;
  bool line_begun_ = false;
  std::string start_;  // of the line in hand
  bool encoded_ = false;
};

Error InputError(std::string message, std::string hint) {
  return {.kind = ErrorKind::kInput,
          .message = std::move(message),
          .place = {},
          .hint = std::move(hint)};
}

}  // namespace

Result<void> ReadGivenRecord(const std::string& line, const ReadOptions& options,
                             const OnExplainedRecord& on_record) {
  AskedSink sink(on_record);
  sink.StartWanted();
  std::string padded = line;
  padded.append(RecordReader::kPadding, '\0');
  RecordReader reader(options);
  auto read = reader.ReadBytes(std::string_view(padded).substr(0, line.size()), sink);
  if (read) read = sink.Finish();
  if (read) return {};
  read.error().place = {};
  read.error().place.file = "LINE";
  return read;
}

Result<void> ReadRecordOfLine(const std::string& path, std::uint64_t number,
                              const ReadOptions& options, const OnExplainedRecord& on_record) {
  const std::string name = path == "-" ? "standard input" : path;
  const auto fail = [&](Error error, std::uint64_t line) -> Result<void> {
    error.place = {};
    error.place.file = name;
    error.place.line = line;
    return std::unexpected(std::move(error));
  };
  auto file = FileSource::Open(path);
  if (!file) return fail(std::move(file.error()), 0);

  constexpr int kMostLayers = 4;
  std::vector<std::unique_ptr<ByteSource>> layers;
  auto looking = std::make_unique<LookingSource>(*file);
  for (int layer = 0;; ++layer) {
    const auto compressed = looking->StartsWith(kGzipMagic);
    if (!compressed) return fail(compressed.error(), 0);
    if (!*compressed) break;
    if (layer == kMostLayers) {
      return fail(InputError("is packed in more layers than any tool makes", ""), 0);
    }
    auto inflated = std::make_unique<GzipSource>(*looking);
    layers.push_back(std::move(looking));
    looking = std::make_unique<LookingSource>(*inflated);
    layers.push_back(std::move(inflated));
  }

  AskedSink sink(on_record);
  LineSource line(*looking, number, sink);
  RecordReader reader(options);
  auto read = reader.Read(line, sink);
  if (!read) return fail(std::move(read.error()), 0);
  if (!line.reached()) {
    return fail(InputError("has only " + std::to_string(line.lines()) + " lines", ""), 0);
  }
  if (line.encoded()) {
    return fail(InputError("holds base64, whose lines are not told apart",
                           "give the record as LINE; sgflow enrich prints its fields"),
                0);
  }
  auto found = sink.Finish();
  if (!found) return fail(std::move(found.error()), number);
  return {};
}

}  // namespace sgflow
