#include "output/json_encoder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "output/group_texts.h"
#include "output/json_text.h"
#include "output/layout_text.h"
#include "output/verdict_columns.h"

namespace sgflow {
namespace {

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  AppendJson(text, quoted);
  return quoted + '"';
}

std::string RenderPorts(const Rule& rule) {
  if (rule.from_port == -1 && rule.to_port == -1) return "all";
  std::string ports = std::to_string(rule.from_port);
  if (rule.from_port != rule.to_port) ports += '-' + std::to_string(rule.to_port);
  return ports;
}

std::string RenderRules(const Inventory& inventory, const SecurityGroup& group,
                        Direction direction) {
  std::string text;
  for (const RuleIndex index : group.rules(direction)) {
    const Rule& rule = inventory.rules()[index];
    if (!text.empty()) text += ',';
    text += "{\"id\":" + Quoted(rule.id) + ",\"group\":" + Quoted(group.id) +
            ",\"protocol\":" + Quoted(rule.protocol ? ProtocolName(*rule.protocol) : "all") +
            ",\"ports\":" + Quoted(RenderPorts(rule)) +
            ",\"source\":" + Quoted(rule.source.ToString()) + '}';
  }
  return text;
}

std::string RenderId(const Inventory& /*inventory*/, const SecurityGroup& group,
                     Direction /*either*/) {
  return Quoted(group.id);
}

std::string ColumnName(const RecordLayout::Column& column) {
  if (column.field) return std::string(InfoOf(*column.field).column);
  std::string name = column.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

LayoutText MakeLayoutText(const RecordLayout& layout, const FieldSelection& selection) {
  auto columns = SelectedColumns(layout, selection);
  return LayoutText(columns, [&](std::size_t position) {
    const RecordLayout::Column& column = layout.columns()[columns[position]];
    return Quoted(ColumnName(column)) + (IsNumber(column.field) ? ":" : ":\"");
  });
}

// JSON numbers have no leading zeros.
std::string_view WithoutZeros(std::string_view digits) {
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

class JsonEncoder : public Encoder {
 public:
  JsonEncoder(std::shared_ptr<const Inventory> inventory, const FieldSelection& selection)
      : inventory_(std::move(inventory)),
        group_ids_(inventory_, RenderId),
        rule_texts_(inventory_, RenderRules),
        layout_texts_(
            [selection](const RecordLayout& layout) { return MakeLayoutText(layout, selection); }),
        verdict_columns_(inventory_, selection),
        selection_(selection) {}

  void Encode(const EnrichedRecord& enriched, OutputBuffer& to) override {
    to.Append('{');
    AppendFields(enriched.record, to);
    AppendIds(enriched, to);
    if (enriched.verdict != nullptr) verdict_columns_.Append(enriched, to);
    AppendAsOf(enriched, to);
    AppendRules(enriched, to);
    AppendRecordId(enriched.record_id, to);
    // Every member has written its comma.
    if (to.view().back() == ',') to.Truncate(to.size() - 1);
    to.Append("}\n");
  }

 private:
  void AppendFields(const FlowRecord& record, OutputBuffer& to) {
    const LayoutText& names = layout_texts_.Of(record.shared_layout());
    const auto values = record.values();
    const auto columns = names.columns();
    std::size_t values_size = 0;
    for (const std::size_t column : columns) values_size += values[column].size();
    constexpr std::size_t kQuoteAndComma = 2;
    char* at = to.Reserve(names.total_size() + LayoutText::kSlack + kMostJsonBytes * values_size +
                          kQuoteAndComma * columns.size());
    const bool plain = record.plain();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string_view value = values[columns[i]];
      if (FlowRecord::IsMissing(value)) continue;
      at = names.Write(i, at);
      if (names.quotes(i)) {
        at = plain ? WriteWithin(value, record.line(), at) : WriteJson(value, at);
        *at++ = '"';
      } else {
        at = WriteWithin(WithoutZeros(value), record.line(), at);
      }
      *at++ = ',';
    }
    to.Commit(at);
  }

  static bool TellsGroups(const EnrichedRecord& enriched) {
    return enriched.interface != nullptr && enriched.interface->groups_known;
  }

  void AppendIds(const EnrichedRecord& enriched, OutputBuffer& to) {
    if (!TellsGroups(enriched) || !selection_.Includes(Column::kSgIds)) return;
    AppendColumnName(Column::kSgIds, to);
    AppendOfGroups(group_ids_, enriched, Direction::kIngress, to);
  }

  void AppendAsOf(const EnrichedRecord& enriched, OutputBuffer& to) {
    if (enriched.inventory_as_of.empty() || !selection_.Includes(Column::kInventoryAsOf)) return;
    AppendColumnName(Column::kInventoryAsOf, to);
    AppendQuoted(enriched.inventory_as_of, to);
    to.Append(',');
  }

  void AppendRules(const EnrichedRecord& enriched, OutputBuffer& to) {
    if (!TellsGroups(enriched) || !enriched.direction || !selection_.Includes(Column::kSgRules)) {
      return;
    }
    AppendColumnName(Column::kSgRules, to);
    AppendOfGroups(rule_texts_, enriched, *enriched.direction, to);
  }

  static void AppendRecordId(std::string_view id, OutputBuffer& to) {
    if (id.empty()) return;
    AppendColumnName(Column::kSgflowRecordId, to);
    AppendQuoted(id, to);
    to.Append(',');
  }

  static void AppendOfGroups(GroupTexts& texts, const EnrichedRecord& enriched, Direction direction,
                             OutputBuffer& to) {
    to.Append('[');
    bool first = true;
    for (const GroupIndex group : enriched.interface->groups) {
      const std::string_view text = texts.Of(group, direction);
      if (text.empty()) continue;
      if (!std::exchange(first, false)) to.Append(',');
      to.Append(text);
    }
    to.Append("],");
  }

  std::shared_ptr<const Inventory> inventory_;
  GroupTexts group_ids_;
  GroupTexts rule_texts_;
  LayoutTexts layout_texts_;
  VerdictColumns verdict_columns_;
  FieldSelection selection_;
};

}  // namespace

std::unique_ptr<Encoder> MakeJsonEncoder(std::shared_ptr<const Inventory> inventory,
                                         const FieldSelection& selection) {
  return std::make_unique<JsonEncoder>(std::move(inventory), selection);
}

}  // namespace sgflow
