#include "whatif/whatif_json.h"

#include <fmt/format.h>

#include <iterator>
#include <string_view>
#include <vector>

#include "network/protocol.h"
#include "output/json_text.h"
#include "output/printable_text.h"
#include "whatif/whatif_text.h"

namespace sgflow {
namespace {

void AppendString(std::string& to, std::string_view text) {
  to += '"';
  // Ids of a log need not be UTF-8.
  AppendJson(PrintableText(text), to);
  to += '"';
}

void AppendMember(std::string& to, std::string_view key, std::string_view text) {
  fmt::format_to(std::back_inserter(to), R"("{}":)", key);
  AppendString(to, text);
  to += ',';
}

void AppendList(std::string& to, std::string_view key, const std::vector<std::string>& values) {
  fmt::format_to(std::back_inserter(to), R"("{}":[)", key);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) to += ',';
    AppendString(to, values[i]);
  }
  to += "],";
}

void AppendTally(std::string& to, const Tally& tally) {
  fmt::format_to(std::back_inserter(to), R"("records":{},"bytes":{})", tally.records, tally.bytes);
  if (tally.first != 0) fmt::format_to(std::back_inserter(to), R"(,"first":{})", tally.first);
  if (tally.last != 0) fmt::format_to(std::back_inserter(to), R"(,"last":{})", tally.last);
}

void AppendEntry(std::string& to, const ChangeEntry& entry) {
  const ChangeGroup& group = entry.group;
  to += '{';
  if (!group.interface.empty()) AppendMember(to, "interface", group.interface);
  if (group.protocol) {
    AppendMember(to, "direction", group.direction == Direction::kIngress ? "ingress" : "egress");
    AppendMember(to, "protocol", ProtocolName(*group.protocol));
  }
  AppendMember(to, "today", group.accepted ? "accepted" : "refused");
  if (group.cause != ChangeCause::kNone) AppendMember(to, "cause", NameOf(group.cause));
  if (!group.detail.empty()) AppendMember(to, "missing", group.detail);
  if (group.ends != Ends::kNotAsked) AppendMember(to, "ends", NameOf(group.ends));
  if (group.cause == ChangeCause::kReplyRuleGone) to += R"("becomes_tracked":true,)";
  AppendList(to, "rules", group.rules);
  AppendList(to, "proposed_rules", group.proposed_rules);
  if (!group.acl.empty()) {
    AppendMember(to, "nacl_id", group.acl);
    fmt::format_to(std::back_inserter(to), R"("nacl_rule":{},)", group.acl_rule);
  }
  AppendTally(to, entry.tally);
  to += R"(,"connections":[)";
  bool first = true;
  for (const ChangeRow& row : entry.rows) {
    to += first ? "{" : ",{";
    first = false;
    if (row.peer) AppendMember(to, "peer", row.peer->ToString());
    if (row.port) fmt::format_to(std::back_inserter(to), R"("port":{},)", *row.port);
    AppendTally(to, row.tally);
    to += '}';
  }
  to += "]}";
}

void AppendSection(std::string& to, std::string_view key, const ChangeList& list) {
  fmt::format_to(std::back_inserter(to), ",\n\"{}\":[", key);
  bool first = true;
  for (const ChangeEntry& entry : list.Entries()) {
    to += first ? "\n" : ",\n";
    first = false;
    AppendEntry(to, entry);
  }
  to += ']';
}

}  // namespace

std::string WhatIfJson(const WhatIf& whatif) {
  const WhatIfCounters& counters = whatif.counters();
  std::string text = fmt::format(
      R"({{"summary":{{"records":{},"accepted":{},"refused":{},"without_traffic":{},"unchanged":{},)"
      R"("breaks":{},"interrupted":{},"opens":{},"cant_tell":{},"acl_unknown":{}}})",
      counters.records, counters.accepted, counters.refused, counters.without_traffic,
      counters.unchanged, whatif.breaks().total().records, whatif.interrupted().total().records,
      whatif.opens().total().records, whatif.cant_tell().total().records, counters.acl_unknown);
  AppendSection(text, "breaks", whatif.breaks());
  AppendSection(text, "interrupted", whatif.interrupted());
  AppendSection(text, "cant_tell", whatif.cant_tell());
  AppendSection(text, "opens", whatif.opens());
  text += "}\n";
  return text;
}

}  // namespace sgflow
