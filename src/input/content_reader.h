// RecordReader's inside: one content after the other, and content within content.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "error/error.h"
#include "flowlog/flow_record.h"
#include "input/json_records.h"
#include "input/line_parser.h"
#include "input/record_reader.h"
#include "input/record_sink.h"
#include "input/window.h"

namespace sgflow {

class ContentReader : private JsonRecords::Visitor {
 public:
  explicit ContentReader(ReadOptions options) : options_(std::move(options)) {}

  // As RecordReader::Read.
  [[nodiscard]] Result<void> Read(Window& window, RecordSink& sink);

 private:
  // A record of all fields with long names in them stays far below.
  static constexpr std::size_t kLongestLine = std::size_t{1} << 20;
  // One JSON value, or base64 in one piece: more than AWS puts into either.
  static constexpr std::size_t kLongestPiece = std::size_t{16} << 20;

  // Base64 of gzip's magic bytes, deflate and no flags.
  static constexpr std::string_view kBase64Gzip = "H4sI";
  static constexpr std::string_view kObject = "{\"";  // how one with members begins

  // What one depth of content within content needs; kept for the next input.
  struct Level {
    explicit Level(const ReadOptions& options)
        : own_lines(options.layout), own_messages(options.layout) {}
    LineParser own_lines;
    LineParser own_messages;
    // Its own, or those of the message that this is. What a text's header names is the order of the
    // lines of text, and not of messages beside them.
    LineParser* lines = nullptr;
    LineParser* messages = nullptr;
    JsonRecords json;
    FlowRecord record;
    std::string bytes;  // decoded, or copied for their padding
    bool counts_lines = false;
    bool in_broken_json = false;
    bool tried_whole = false;
    bool any_json = false;
    bool behind_json = false;  // in the same line
    bool indented = false;     // blanks stand before it in its line
  };

  Level& level() { return *levels_[depth_]; }

  Result<void> ReadContent(Window& window, bool counts_lines, LineParser* message = nullptr);
  Error BrokenOff(Error error) const;
  bool More(Window& window);
  void ReadInside(std::string_view bytes, LineParser* message = nullptr);
  void ReadLines(Window& window);
  bool ReadLongLine(Window& window);
  void RejectLongLine(Window& window);
  bool LeavesJson(Window& window, std::string_view line);
  std::size_t TakeLine(std::string_view line, LineParser& lines);
  void SkipLine(Window& window);
  void ReadEncoded(Window& window);
  bool ContinuesBase64(Window& window, std::size_t line_length);

  // content_json.cc
  std::size_t LengthOfDelimiter(Window& window);
  void ReadBetweenValues(Window& window);
  void ReadJson(Window& window);
  bool ReadElements(Window& window, bool wanted);
  void ReadTail(Window& window);
  void GiveUpJson(Window& window, std::string_view why);
  void SkipGivenUp(Window& window);
  void NoteRefused(std::string_view text);
  bool TakeJson(std::string_view json);
  static bool IsOneLine(std::string_view text);

  void Use(Window& window, std::size_t count);
  void Reject(std::string message, std::string_view text);
  void Reject(Error error, std::string_view text);

  // JsonRecords::Visitor
  bool IsContent(std::string_view text) override;
  void OnText(std::string_view text) override;
  void OnEncoded(std::string_view base64) override;
  void OnRecord(const FlowRecord& record) override { sink_->OnRecord(record); }
  void OnRejected(const Error& error) override { Reject(error, json_in_hand_); }

  ReadOptions options_;
  std::vector<std::unique_ptr<Level>> levels_;
  std::size_t depth_ = 0;
  RecordSink* sink_ = nullptr;
  std::uint64_t line_ = 1;
  std::string_view json_in_hand_;
  bool in_payload_ = false;
  bool stopped_ = false;  // the sink wants no more
};

}  // namespace sgflow
