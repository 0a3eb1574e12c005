#include "whatif/replay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "network/protocol.h"
#include "whatif/whatif_text.h"

namespace sgflow::test {
namespace {

std::string Joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : " ") + value;
  return text;
}

std::string SayRow(std::string_view list, const ChangeGroup& group, const ChangeRow& row) {
  std::string text(list);
  text += ' ' + group.interface;
  if (group.protocol) text += group.direction == Direction::kIngress ? " ingress" : " egress";
  if (list == "cant-tell" && !group.accepted) text += " refused";
  if (group.cause != ChangeCause::kNone) text += ' ' + std::string(NameOf(group.cause));
  if (!group.detail.empty()) text += ' ' + group.detail;
  if (!group.acl.empty()) text += ' ' + group.acl + ' ' + std::to_string(group.acl_rule);
  if (group.ends != Ends::kNotAsked) text += ", " + std::string(NameOf(group.ends));
  if (!group.rules.empty()) text += ", " + Joined(group.rules);
  if (!group.proposed_rules.empty()) text += ", then " + Joined(group.proposed_rules);
  text += ':';
  if (group.protocol) text += ' ' + ProtocolName(*group.protocol);
  if (row.port) text += ' ' + std::to_string(*row.port);
  text += row.peer ? ' ' + row.peer->ToString() : " many";
  return text + " x" + std::to_string(row.tally.records) + '\n';
}

}  // namespace

Replay::Replay(std::shared_ptr<const Inventory> today, const Proposal& proposal,
               const ChangeList::Limits& limits)
    : layout_(*RecordLayout::Parse(kLayout)), whatif_(std::move(today), proposal, limits) {}

Replay& Replay::Add(std::string_view line) {
  line_ = line;
  if (std::ranges::count(line_, ' ') == 8) line_ += " 100 1767225600 1767225660";
  if (!record_.Split(layout_, line_, ' ')) ADD_FAILURE() << "not of the layout: " << line;
  whatif_.Add(record_);
  return *this;
}

std::string Replay::Say() const {
  std::string text;
  const auto say = [&](std::string_view name, const ChangeList& list) {
    for (const ChangeEntry& entry : list.Entries()) {
      for (const ChangeRow& row : entry.rows) text += SayRow(name, entry.group, row);
    }
  };
  say("breaks", whatif_.breaks());
  say("interrupted", whatif_.interrupted());
  say("cant-tell", whatif_.cant_tell());
  say("opens", whatif_.opens());
  return text;
}

}  // namespace sgflow::test
