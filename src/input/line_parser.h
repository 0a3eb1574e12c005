// Text lines to records: headers, separators, times before a line, and the guess where nothing
// tells the order of the fields.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "error/error.h"
#include "flowlog/flow_record.h"
#include "flowlog/record_layout.h"

namespace sgflow {

class LineParser {
 public:
  // `configured`: the order of the fields where no header tells it; null: see ReadOptions.
  explicit LineParser(std::shared_ptr<const RecordLayout> configured);

  // Forgets the header: another input begins.
  void Restart();

  enum class Outcome : std::uint8_t {
    kRecord,   // `record` holds it, with views into the line or into this parser
    kNothing,  // a blank line, or a header, which was remembered
  };

  // `line` comes without its newline. The record's views are valid until the next call, and while
  // the line's bytes live.
  [[nodiscard]] Result<Outcome> Parse(std::string_view line, FlowRecord& record);

 private:
  enum class Origin : std::uint8_t { kNone, kConfigured, kHeader };

  // A time, or a time and a stream's name, may stand before the record.
  static constexpr std::size_t kMostBefore = 2;

  bool TakeHeader(std::string_view line, std::optional<Error>& error);
  Result<Outcome> ParseFields(std::string_view line, FlowRecord& record);
  Result<Outcome> ParseUnusual(std::string_view line, FlowRecord& record);
  Result<Outcome> Guess(std::string_view line, FlowRecord& record);
  void Tokenize(std::string_view line, char separator);
  std::string_view TakeBare(std::string_view line, char separator, std::size_t& at);
  std::string_view TakeQuoted(std::string_view line, std::size_t& at);
  std::string_view Keep(std::string text);
  void AssignNormalized(const std::shared_ptr<const RecordLayout>& layout, std::size_t before,
                        FlowRecord& record);

  std::shared_ptr<const RecordLayout> configured_;
  std::shared_ptr<const RecordLayout> layout_;  // null: guess
  Origin origin_ = Origin::kNone;
  char separator_ = ' ';
  // CSV whose column of this number holds the line ("timestamp,message").
  std::optional<std::size_t> message_column_;
  std::shared_ptr<const RecordLayout> last_guess_;  // likely the next one too

  // The line in hand, split with care; token_count_ may be more than fit.
  std::array<std::string_view, kMaxColumns + kMostBefore> tokens_;
  std::size_t token_count_ = 0;
  // Texts that had to be made anew; reused from line to line.
  std::deque<std::string> made_;
  std::size_t made_count_ = 0;
  std::string message_;
};

}  // namespace sgflow
