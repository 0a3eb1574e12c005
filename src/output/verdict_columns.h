// The columns that tell the verdict, as members of a JSON object.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "output/encoder.h"
#include "output/field_selection.h"
#include "output/output_buffer.h"

namespace sgflow {

class VerdictColumns {
 public:
  VerdictColumns(std::shared_ptr<const Inventory> inventory, const FieldSelection& selection)
      : inventory_(std::move(inventory)), selection_(selection) {}

  // Appends those that are selected and have a value, each with a comma behind it. Requires
  // enriched.verdict.
  void Append(const EnrichedRecord& enriched, OutputBuffer& to) const;

 private:
  void AppendAnswer(const EnrichedRecord& enriched, OutputBuffer& to) const;
  void AppendNearest(const EnrichedRecord& enriched, OutputBuffer& to) const;
  void AppendPeer(const Peer& peer, OutputBuffer& to) const;

  // "column":"text", unless the text is empty or the column not selected.
  void AppendText(Column column, std::string_view text, OutputBuffer& to) const;

  std::shared_ptr<const Inventory> inventory_;
  FieldSelection selection_;
};

// "column": without a value.
void AppendColumnName(Column column, OutputBuffer& to);
// "text" with what JSON escapes.
void AppendQuoted(std::string_view text, OutputBuffer& to);

}  // namespace sgflow
