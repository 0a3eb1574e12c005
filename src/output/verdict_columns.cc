#include "output/verdict_columns.h"

#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "output/column.h"
#include "output/json_text.h"

namespace sgflow {
namespace {

// Of the longest column's name in quotes, with a colon. A copy of fixed size costs less than one to
// measure.
constexpr std::size_t kColumnNameRoom = 24;

struct ColumnName {
  std::array<char, kColumnNameRoom> text{};
  std::size_t size = 0;
};

const std::array<ColumnName, kColumnCount> kColumnNames = [] {
  std::array<ColumnName, kColumnCount> names;
  for (const ColumnInfo& info : Columns()) {
    const std::string text = '"' + std::string(info.name) + "\":";
    ColumnName& name = names[static_cast<std::size_t>(info.column)];
    name.size = text.copy(name.text.data(), name.text.size());
  }
  return names;
}();

// Requires kColumnNameRoom bytes.
char* WriteColumnName(Column column, char* to) {
  const ColumnName& name = kColumnNames[static_cast<std::size_t>(column)];
  std::memcpy(to, name.text.data(), kColumnNameRoom);
  return to + name.size;
}

// ["a","b"], from anything that gives the text of each.
template <typename Range, typename TextOf>
void AppendArray(const Range& range, const TextOf& text_of, OutputBuffer& to) {
  to.Append('[');
  bool first = true;
  for (const auto& element : range) {
    if (!std::exchange(first, false)) to.Append(',');
    AppendQuoted(text_of(element), to);
  }
  to.Append("],");
}

}  // namespace

void AppendColumnName(Column column, OutputBuffer& to) {
  to.Commit(WriteColumnName(column, to.Reserve(kColumnNameRoom)));
}

void AppendQuoted(std::string_view text, OutputBuffer& to) {
  char* at = to.Reserve(kMostJsonBytes * text.size() + 2);
  *at++ = '"';
  at = WriteJson(text, at);
  *at++ = '"';
  to.Commit(at);
}

void VerdictColumns::Append(const EnrichedRecord& enriched, OutputBuffer& to) const {
  const Verdict& verdict = *enriched.verdict;
  AppendAnswer(enriched, to);
  if (verdict.local != nullptr) {
    AppendText(Column::kLocalInterfaceType, verdict.local->type, to);
    AppendText(Column::kLocalName, verdict.local->name, to);
  }
  AppendPeer(verdict.peer, to);
}

void VerdictColumns::AppendAnswer(const EnrichedRecord& enriched, OutputBuffer& to) const {
  const Verdict& verdict = *enriched.verdict;
  AppendText(Column::kSgVerdict, NameOf(verdict.kind), to);
  if (verdict.confidence) AppendText(Column::kSgConfidence, NameOf(*verdict.confidence), to);
  // Nothing was judged where there is no confidence, so no rule was looked for either.
  if (verdict.confidence && selection_.Includes(Column::kSgMatchedRules)) {
    AppendColumnName(Column::kSgMatchedRules, to);
    AppendArray(
        verdict.matched,
        [this](RuleIndex rule) -> std::string_view { return inventory_->rules()[rule].id; }, to);
  }
  AppendText(Column::kSgReason, enriched.reason, to);
  AppendNearest(enriched, to);
  if (verdict.acl) {
    AppendText(Column::kNaclId, inventory_->acls()[*verdict.acl].id, to);
    if (selection_.Includes(Column::kNaclRule)) {
      AppendColumnName(Column::kNaclRule, to);
      to.Append(std::to_string(verdict.acl_rule));
      to.Append(',');
    }
  }
  if (verdict.initiator) AppendText(Column::kFlowInitiator, NameOf(*verdict.initiator), to);
}

void VerdictColumns::AppendNearest(const EnrichedRecord& enriched, OutputBuffer& to) const {
  if (enriched.nearest.empty() || !selection_.Includes(Column::kSgNearest)) return;
  AppendColumnName(Column::kSgNearest, to);
  to.Append('[');
  bool first = true;
  for (const NearMiss& miss : enriched.nearest) {
    to.Append(std::exchange(first, false) ? "{\"rule\":" : ",{\"rule\":");
    AppendQuoted(inventory_->rules()[miss.rule].id, to);
    to.Append(",\"why\":");
    AppendQuoted(miss.why, to);
    to.Append('}');
  }
  to.Append("],");
}

void VerdictColumns::AppendPeer(const Peer& peer, OutputBuffer& to) const {
  AppendText(Column::kPeerInterfaceId, peer.interface_id, to);
  if (peer.interface != nullptr) {
    AppendText(Column::kPeerInstanceId, peer.interface->instance_id, to);
    if (peer.interface->groups_known && selection_.Includes(Column::kPeerSgIds)) {
      AppendColumnName(Column::kPeerSgIds, to);
      AppendArray(
          peer.interface->groups,
          [this](GroupIndex group) -> std::string_view { return inventory_->groups()[group].id; },
          to);
    }
    AppendText(Column::kPeerName, peer.interface->name, to);
  }
  AppendText(Column::kPeerKind, NameOf(peer.kind), to);
}

void VerdictColumns::AppendText(Column column, std::string_view text, OutputBuffer& to) const {
  if (text.empty() || !selection_.Includes(column)) return;
  constexpr std::size_t kQuotesAndComma = 3;
  char* at = to.Reserve(kColumnNameRoom + kMostJsonBytes * text.size() + kQuotesAndComma);
  at = WriteColumnName(column, at);
  *at++ = '"';
  at = WriteJson(text, at);
  *at++ = '"';
  *at++ = ',';
  to.Commit(at);
}

}  // namespace sgflow
