// Text lines to records: headers, separators, times before a line, and the guess where nothing
// tells the order of the fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "error/error.h"
#include "flowlog/flow_record.h"
#include "flowlog/record_layout.h"
#include "input/header_line.h"
#include "input/line_tokens.h"

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

  // Whether the line is a record; nothing is remembered of it.
  [[nodiscard]] bool IsRecord(std::string_view line, FlowRecord& scratch);

  // A line that was refused before it came here. One that should have been a header makes unknown
  // what the lines below it hold.
  void OnRefused(std::string_view line);

 private:
  enum class Origin : std::uint8_t {
    kNone,
    kConfigured,
    kHeader,
    kLost,  // a header could not be read: what the lines below it hold is not to be guessed
  };

  Result<Outcome> ParseMessage(std::string_view line, FlowRecord& record);
  Result<void> TakeHeader(const HeaderLine& header);
  void LoseHeader();
  Result<Outcome> ParseRecord(std::string_view line, FlowRecord& record);
  Result<Outcome> ParseFields(std::string_view line, FlowRecord& record);
  Result<Outcome> ParseUnusual(std::string_view line, FlowRecord& record);
  bool IsLikeHeader(std::string_view line);
  Result<Outcome> Guess(std::string_view line, bool split, FlowRecord& record);
  void Assign(const std::shared_ptr<const RecordLayout>& layout, std::size_t before, char separator,
              FlowRecord& record);

  std::shared_ptr<const RecordLayout> configured_;
  std::shared_ptr<const RecordLayout> layout_;  // null: guess, unless the origin is lost
  Origin origin_ = Origin::kNone;
  char separator_ = ' ';
  std::size_t unnamed_ = 0;  // columns before the layout's
  struct MessageColumn {
    std::size_t index;
    char separator;
  };
  // CSV of which one column holds the line ("timestamp,message").
  std::optional<MessageColumn> message_column_;
  std::shared_ptr<const RecordLayout> last_guess_;  // likely the next one too

  LineTokens tokens_;  // of the line in hand
  std::string message_;
};

}  // namespace sgflow
