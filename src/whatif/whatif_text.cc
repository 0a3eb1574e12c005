#include "whatif/whatif_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <vector>

#include "network/protocol.h"
#include "output/printable_text.h"

namespace sgflow {
namespace {

constexpr std::size_t kGroupsShown = 20;
constexpr std::size_t kRowsShown = 10;
constexpr std::size_t kWidth = 100;

// "  allowed today by  sgr-1, sgr-2", broken where it is too long.
void AppendFact(std::string& to, std::string_view name, const std::vector<std::string>& values) {
  constexpr std::string_view kIndent = "    ";
  constexpr std::size_t kNameWidth = 18;
  std::string line = fmt::format("{}{:<{}}", kIndent, name, kNameWidth);
  const std::size_t start = line.size();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string value = PrintableText(values[i]) + (i + 1 < values.size() ? ", " : "");
    if (line.size() > start && line.size() + value.size() > kWidth) {
      line.erase(line.find_last_not_of(' ') + 1);
      to += line + '\n';
      line.assign(start, ' ');
    }
    line += value;
  }
  to += line + '\n';
}

std::string NameIn(const Inventory& inventory, const std::string& interface_id) {
  const NetworkInterface* interface = inventory.FindInterface(interface_id);
  if (interface == nullptr) return {};
  return interface->name.empty() ? interface->description : interface->name;
}

void AppendHeading(std::string& to, const ChangeGroup& group, const Inventory& today) {
  to += "\n  ";
  to += group.interface.empty() ? "several interfaces" : PrintableText(group.interface);
  if (const std::string name = NameIn(today, group.interface); !name.empty()) {
    to += " (" + PrintableText(name) + ")";
  }
  if (group.protocol) {
    to += group.direction == Direction::kIngress ? ", inbound" : ", outbound";
  }
  to += '\n';
}

std::string RefusedBy(const ChangeGroup& group) {
  if (group.acl.empty()) return std::string(Describe(group.cause));
  return fmt::format(
      "network ACL {}, {} ({})", PrintableText(group.acl),
      group.acl_rule >= 32767 ? "its default deny" : fmt::format("entry {}", group.acl_rule),
      Describe(group.cause));
}

void AppendEnds(std::string& to, const ChangeGroup& group) {
  if (group.cause == ChangeCause::kReplyRuleGone) {
    AppendFact(to, "ends", {"at once; becomes tracked: new connections are accepted"});
  } else if (group.ends == Ends::kAtOnce) {
    AppendFact(to, "ends", {group.acl.empty() ? "at once: it is not tracked" : "at once"});
  } else if (group.ends == Ends::kWhenIdle) {
    AppendFact(to, "ends", {"when idle: established connections are tracked and live on"});
  }
}

std::string ServiceOf(const ChangeGroup& group, const ChangeRow& row) {
  if (!group.protocol) return "-";
  std::string name = ProtocolName(*group.protocol);
  if (!HasPorts(*group.protocol)) return name;
  return row.port ? fmt::format("{} {}", name, *row.port) : name + " many";
}

void AppendRows(std::string& to, const ChangeEntry& entry, bool all) {
  fmt::format_to(std::back_inserter(to), "    {:>9}  {:>8}  {:<19}  {:<19}  {:<10}  {}\n",
                 "records", "bytes", "first seen (UTC)", "last seen", "service",
                 entry.group.direction == Direction::kIngress ? "from" : "to");
  const std::size_t shown = all ? entry.rows.size() : std::min(kRowsShown, entry.rows.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const ChangeRow& row = entry.rows[i];
    fmt::format_to(std::back_inserter(to), "    {:>9}  {:>8}  {:<19}  {:<19}  {:<10}  {}\n",
                   row.tally.records, SizeText(row.tally.bytes), TimeText(row.tally.first),
                   TimeText(row.tally.last), ServiceOf(entry.group, row),
                   row.peer               ? row.peer->ToString()
                   : entry.group.protocol ? "many"
                                          : "-");
  }
  if (shown == entry.rows.size()) return;
  std::uint64_t records = 0;
  for (std::size_t i = shown; i < entry.rows.size(); ++i) records += entry.rows[i].tally.records;
  fmt::format_to(std::back_inserter(to), "    {:>9}  in {} more; --all lists them\n", records,
                 entry.rows.size() - shown);
}

struct Section {
  std::string_view title;
  const ChangeList& list;
};

void AppendEntry(std::string& to, const ChangeEntry& entry, const Inventory& today,
                 const ChangeList& list, const WhatIf& whatif, bool all) {
  const ChangeGroup& group = entry.group;
  AppendHeading(to, group, today);
  if (&list == &whatif.cant_tell()) {
    AppendFact(to, "today", {group.accepted ? "accepted" : "refused"});
    std::string why(Describe(group.cause));
    if (!group.detail.empty()) why += ": " + group.detail;
    AppendFact(to, "why", {why});
    if (!group.rules.empty()) AppendFact(to, "allowed today by", group.rules);
    if (!group.proposed_rules.empty()) AppendFact(to, "then perhaps by", group.proposed_rules);
  } else if (&list == &whatif.opens()) {
    if (!group.proposed_rules.empty()) AppendFact(to, "then allowed by", group.proposed_rules);
  } else {
    const bool replies = group.cause == ChangeCause::kReplyRuleGone;
    if (!group.rules.empty()) {
      AppendFact(to, replies ? "replies pass by" : "allowed today by", group.rules);
    }
    if (!replies) AppendFact(to, "then refused by", {RefusedBy(group)});
    AppendEnds(to, group);
  }
  AppendRows(to, entry, all);
}

void AppendSection(std::string& to, const Section& section, const WhatIf& whatif, bool all) {
  if (section.list.empty()) return;
  const std::vector<ChangeEntry> entries = section.list.Entries();
  fmt::format_to(std::back_inserter(to), "\n{}: {} record{}, {}\n", section.title,
                 section.list.total().records, section.list.total().records == 1 ? "" : "s",
                 SizeText(section.list.total().bytes));
  const std::size_t shown = all ? entries.size() : std::min(kGroupsShown, entries.size());
  for (std::size_t i = 0; i < shown; ++i) {
    AppendEntry(to, entries[i], whatif.today(), section.list, whatif, all);
  }
  if (shown == entries.size()) return;
  std::uint64_t records = 0;
  for (std::size_t i = shown; i < entries.size(); ++i) records += entries[i].tally.records;
  fmt::format_to(std::back_inserter(to),
                 "\n  and {} more groups with {} records; --all lists them\n",
                 entries.size() - shown, records);
}

}  // namespace

std::string_view Describe(ChangeCause cause) {
  switch (cause) {
    case ChangeCause::kNone:
      return "";
    case ChangeCause::kGroups:
      return "the security groups: no rule allows it";
    case ChangeCause::kAclOpening:
      return "the opening packet";
    case ChangeCause::kAclReply:
      return "the replies";
    case ChangeCause::kReplyRuleGone:
      return "the rule that lets the replies of untracked connections pass is gone";
    case ChangeCause::kInterfaceUnknownToday:
      return "today's inventory does not know the interface";
    case ChangeCause::kInterfaceUnknownThen:
      return "the proposed inventory does not know the interface";
    case ChangeCause::kFieldsMissing:
      return "the records lack what a judgement needs";
    case ChangeCause::kUnexplained:
      return "no rule of today explains why it was accepted";
    case ChangeCause::kPossibleToday:
      return "whether today's rule allows it can't be told, and with what is then known it does "
             "not";
    case ChangeCause::kOpenerUnknown:
      return "it hangs on who opened the connection, which the records don't tell";
    case ChangeCause::kPossibleMatch:
      return "whether a proposed rule matches can't be told";
    case ChangeCause::kRulesIncomplete:
      return "not all proposed rules of the interface's groups are known";
    case ChangeCause::kNoGroupsThen:
      return "the interface carries no group in the proposed inventory";
    case ChangeCause::kAclUnknown:
      return "the proposed inventory does not tell the network ACL";
    case ChangeCause::kAclUntold:
      return "what the proposed network ACL does can't be told";
    case ChangeCause::kAclContradicts:
      return "it was accepted, though today's network ACL refuses it";
  }
  return "";
}

std::string_view NameOf(ChangeCause cause) {
  switch (cause) {
    case ChangeCause::kNone:
      return "none";
    case ChangeCause::kGroups:
      return "security-groups";
    case ChangeCause::kAclOpening:
      return "network-acl";
    case ChangeCause::kAclReply:
      return "network-acl-replies";
    case ChangeCause::kReplyRuleGone:
      return "reply-rule-gone";
    case ChangeCause::kInterfaceUnknownToday:
      return "interface-unknown-today";
    case ChangeCause::kInterfaceUnknownThen:
      return "interface-unknown-then";
    case ChangeCause::kFieldsMissing:
      return "fields-missing";
    case ChangeCause::kUnexplained:
      return "unexplained-today";
    case ChangeCause::kPossibleToday:
      return "possible-match-today";
    case ChangeCause::kOpenerUnknown:
      return "opener-unknown";
    case ChangeCause::kPossibleMatch:
      return "possible-match";
    case ChangeCause::kRulesIncomplete:
      return "rules-incomplete";
    case ChangeCause::kNoGroupsThen:
      return "no-groups-then";
    case ChangeCause::kAclUnknown:
      return "network-acl-unknown";
    case ChangeCause::kAclUntold:
      return "network-acl-untold";
    case ChangeCause::kAclContradicts:
      return "network-acl-contradicts";
  }
  return "";
}

std::string_view NameOf(Ends ends) {
  switch (ends) {
    case Ends::kNotAsked:
      return "";
    case Ends::kAtOnce:
      return "at once";
    case Ends::kWhenIdle:
      return "when idle";
  }
  return "";
}

std::string SizeText(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 7> kUnits{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // What would be rounded to four digits is one of the next unit.
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  if (unit == 0) return fmt::format("{} B", bytes);
  return value < 9.95 ? fmt::format("{:.1f} {}", value, kUnits[unit])
                      : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

std::string TimeText(std::uint64_t unix_seconds) {
  constexpr std::uint64_t kEndOfYear9999 = 253'402'300'800;
  if (unix_seconds == 0 || unix_seconds >= kEndOfYear9999) return "-";
  const std::chrono::sys_seconds time{
      std::chrono::seconds(static_cast<std::int64_t>(unix_seconds))};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::size_t RowCount(const std::vector<ChangeEntry>& entries) {
  std::size_t count = 0;
  for (const ChangeEntry& entry : entries) count += entry.rows.size();
  return count;
}

std::string WhatIfText(const WhatIf& whatif, const WhatIfTextOptions& options) {
  const WhatIfCounters& counters = whatif.counters();
  const std::uint64_t broken = whatif.breaks().total().records;
  const std::uint64_t interrupted = whatif.interrupted().total().records;
  std::string text;
  if (broken == 0 && interrupted == 0) {
    text = fmt::format("nothing of {} accepted records would break", counters.accepted);
  } else {
    text = fmt::format("{} of {} accepted records would be refused", broken, counters.accepted);
    if (interrupted != 0) text += fmt::format(", {} interrupted", interrupted);
  }
  fmt::format_to(
      std::back_inserter(text), "; {} of {} refused would be accepted; {} CAN'T BE TOLD\n",
      whatif.opens().total().records, counters.refused, whatif.cant_tell().total().records);
  if (counters.acl_unknown != 0) {
    fmt::format_to(std::back_inserter(text),
                   "network ACLs of {} accepted records are in neither inventory: taken to stay\n",
                   counters.acl_unknown);
  }
  for (const Section& section :
       {Section{"ACCEPTED TODAY, WOULD BE REFUSED", whatif.breaks()},
        Section{"ESTABLISHED CONNECTIONS WOULD BREAK, NEW ONES NOT", whatif.interrupted()},
        Section{"CAN'T BE TOLD, so not safe", whatif.cant_tell()},
        Section{"REFUSED TODAY, WOULD BE ACCEPTED", whatif.opens()}}) {
    AppendSection(text, section, whatif, options.all);
  }
  return text;
}

}  // namespace sgflow
