#include "cli/explain_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "network/protocol.h"
#include "output/printable_text.h"

namespace sgflow {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kIndent = 14;  // where the texts behind the labels begin
constexpr std::size_t kShownRules = 10;

enum class Style : std::uint8_t { kPlain, kBold, kGood, kBad, kDoubt, kDim };

std::string_view CodeOf(Style style) {
  switch (style) {
    case Style::kBold:
      return "\x1b[1m";
    case Style::kGood:
      return "\x1b[1;32m";
    case Style::kBad:
      return "\x1b[1;31m";
    case Style::kDoubt:
      return "\x1b[1;33m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kPlain:
      break;
  }
  return {};
}

// Characters, not bytes.
std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string Padded(std::string text, std::size_t width) {
  const std::size_t has = WidthOf(text);
  if (has < width) text.append(width - has, ' ');
  return text;
}

std::string_view Headline(const Explanation& explanation) {
  switch (explanation.kind) {
    case VerdictKind::kAllowedByRule:
      return "ALLOWED by the security groups";
    case VerdictKind::kAllowedAsReturn:
      return "ALLOWED as the reply to an allowed connection";
    case VerdictKind::kAllowedUnexplained:
      return "ALLOWED, but by no rule of the inventory";
    case VerdictKind::kDeniedByNetworkAcl:
      return explanation.replies_refused ? "DENIED by the network ACL, which drops the replies"
                                         : "DENIED by the network ACL";
    case VerdictKind::kDeniedBySecurityGroup:
      return "DENIED by the security groups";
    case VerdictKind::kDeniedByVpc:
      return "DENIED by a setting of the VPC";
    case VerdictKind::kDeniedAfterClose:
      return "DENIED as a late packet of a closed connection";
    case VerdictKind::kDeniedNoConnection:
      return "DENIED as part of no tracked connection";
    case VerdictKind::kDeniedUnexplained:
      return "DENIED, but by nothing in the inventory";
    case VerdictKind::kUnknownInterface:
      return "UNKNOWN INTERFACE";
    case VerdictKind::kNotApplicable:
      if (!explanation.asked) return "NOTHING TO JUDGE";
      return explanation.reply_acl.outcome == AclOutcome::kAllowsSome
                 ? "FILTERED by the network ACL, which drops some of the replies"
                 : "NOT FILTERED";
    case VerdictKind::kNotJudged:
      break;
  }
  return "NOT JUDGED";
}

std::string_view ConfidenceText(Confidence confidence) {
  switch (confidence) {
    case Confidence::kExact:
      return "certain";
    case Confidence::kLikely:
      return "likely, not certain";
    case Confidence::kPossible:
      return "possible: something cannot be told";
    case Confidence::kAmbiguous:
      break;
  }
  return "ambiguous: either side may have opened";
}

std::string_view KindText(std::string_view kind) {
  return kind.empty() || kind == "unknown" ? std::string_view{} : kind;
}

class TextWriter {
 public:
  explicit TextWriter(bool colour) : colour_(colour) {}

  std::string Styled(Style style, std::string_view text) const {
    if (!colour_ || style == Style::kPlain) return std::string(text);
    return fmt::format("{}{}\x1b[0m", CodeOf(style), text);
  }

  // `text` behind the label, wrapped at blanks.
  void Line(std::string_view label, std::string_view text, std::size_t indent = kIndent) {
    Line(label, text, indent, Style::kPlain);
  }

  void Line(std::string_view label, std::string_view text, std::size_t indent, Style style) {
    std::string line = Padded(std::string(label), indent);
    if (!label.empty()) line = Styled(Style::kBold, label) + line.substr(label.size());
    std::string rest = PrintableText(text);
    while (true) {
      std::size_t end = rest.size();
      if (WidthOf(rest) > kColumns - indent) {
        end = rest.rfind(' ', kColumns - indent);
        if (end == std::string::npos || end == 0) end = std::min(rest.find(' '), rest.size());
      }
      text_ += line + Styled(style, std::string_view(rest).substr(0, end)) + '\n';
      if (end >= rest.size()) return;
      rest.erase(0, end + 1);
      line.assign(indent, ' ');
    }
  }

  void Raw(std::string_view line) {
    text_ += line;
    text_ += '\n';
  }
  void Blank() { text_ += '\n'; }

  std::string Take() { return std::move(text_); }

 private:
  bool colour_;
  std::string text_;
};

std::string JoinedBy(const std::vector<std::string>& parts, std::string_view between) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += between;
    text += part;
  }
  return text;
}

std::string EndText(const std::string& address, const std::optional<std::uint16_t>& port) {
  if (!port) return address;
  return address.find(':') == std::string::npos ? fmt::format("{} port {}", address, *port)
                                                : fmt::format("[{}] port {}", address, *port);
}

void WritePacket(const Explanation& explanation, TextWriter& to) {
  std::vector<std::string> parts;
  if (explanation.protocol) {
    const std::string name = ProtocolName(*explanation.protocol);
    const bool number = !name.empty() && name[0] >= '0' && name[0] <= '9';
    parts.push_back(number ? "protocol " + name : name);
  }
  if (explanation.icmp) {
    parts.push_back(fmt::format("type {}", explanation.icmp->type));
    if (explanation.icmp->code) parts.push_back(fmt::format("code {}", *explanation.icmp->code));
  }
  if (!explanation.source.empty()) {
    parts.push_back("from " + EndText(explanation.source, explanation.source_port));
  }
  if (!explanation.destination.empty()) {
    parts.push_back("to " + EndText(explanation.destination, explanation.destination_port));
  }
  std::string text = JoinedBy(parts, " ");
  if (explanation.direction) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", DirectionWord(*explanation.direction));
  }
  if (!explanation.action.empty()) text += ", " + explanation.action;
  if (!text.empty()) to.Line(explanation.asked ? "Question" : "Record", text);
}

void WriteGroups(const ExplainedInterface& interface, TextWriter& to) {
  std::string text;
  for (const ExplainedGroup& group : interface.groups) {
    text += (text.empty() ? "" : ", ") + group.ToString();
  }
  if (text.empty()) text = interface.groups_known ? "none" : "not told by the inventory";
  to.Line("  groups", text);
}

std::string InterfaceText(const ExplainedInterface& interface) {
  const std::string_view kind = KindText(interface.kind);
  const std::string type = kind.empty() ? interface.type : std::string(kind);
  return JoinedBy({interface.id, interface.name, type, interface.instance_id}, "  ");
}

void WriteWho(const Explanation& explanation, TextWriter& to) {
  if (explanation.interface) {
    to.Line("Interface", InterfaceText(*explanation.interface));
    to.Line("  addresses", JoinedBy(explanation.interface->addresses, ", "));
    WriteGroups(*explanation.interface, to);
    if (!explanation.recorded_id.empty()) {
      to.Line("  trunk", explanation.recorded_id + ", whose record this is");
    }
  } else if (!explanation.missing_id.empty()) {
    to.Line("Interface", explanation.missing_id + "  not in the inventory");
  }
  if (!explanation.peer) return;
  const ExplainedPeer& peer = *explanation.peer;
  const std::string service = peer.aws_service.empty() ? "" : "AWS service " + peer.aws_service;
  if (!peer.interface) {
    to.Line("Peer",
            JoinedBy({peer.address, std::string(KindText(peer.kind)), service, peer.interface_id},
                     "  "));
    return;
  }
  to.Line("Peer", JoinedBy({peer.address, InterfaceText(*peer.interface), service}, "  "));
  WriteGroups(*peer.interface, to);
}

std::string_view AnswerText(Answer answer) {
  switch (answer) {
    case Answer::kYes:
      return "yes";
    case Answer::kNo:
      return "no";
    case Answer::kUntold:
      break;
  }
  return "can't tell";
}

Style StyleOf(Answer answer) {
  switch (answer) {
    case Answer::kYes:
      return Style::kGood;
    case Answer::kNo:
      return Style::kPlain;
    case Answer::kUntold:
      break;
  }
  return Style::kDoubt;
}

void WriteRules(const Explanation& explanation, Direction direction,
                const ExplainTextOptions& options, TextWriter& to) {
  std::vector<const ExplainedRule*> rules;
  std::size_t matching = 0;
  std::size_t untold = 0;
  std::size_t group_width = 0;
  std::size_t id_width = 0;
  for (const ExplainedRule& rule : explanation.rules) {
    if (rule.direction != direction) continue;
    rules.push_back(&rule);
    if (rule.answer == Answer::kYes) ++matching;
    if (rule.answer == Answer::kUntold) ++untold;
    group_width = std::max(group_width, WidthOf(PrintableText(rule.group.label())));
    id_width = std::max(id_width, WidthOf(PrintableText(rule.id)));
  }
  std::string title(DirectionWord(direction));
  title[0] = static_cast<char>(title[0] - 'a' + 'A');
  title += fmt::format(" rules of the interface's groups: {}", rules.size());
  if (!rules.empty()) {
    title += matching == 0 ? ", none fits"
                           : fmt::format(", {} fit{}", matching, matching == 1 ? "s" : "");
  }
  if (untold != 0) title += fmt::format(", {} can't be told", untold);
  if (explanation.initiator == Initiator::kUnknown) {
    title +=
        direction == explanation.direction ? " (if it opens a connection)" : " (if it is a reply)";
  } else if (direction == explanation.direction && direction != explanation.judged_direction) {
    title += " (not needed by a reply)";
  }
  to.Blank();
  to.Raw(to.Styled(Style::kBold, title));
  const std::size_t shown = options.all_rules
                                ? rules.size()
                                : std::min(rules.size(), std::max(kShownRules, matching + untold));
  constexpr std::size_t kAnswerWidth = 12;
  for (std::size_t i = 0; i < shown; ++i) {
    const ExplainedRule& rule = *rules[i];
    const std::string_view answer = AnswerText(rule.answer);
    to.Raw(fmt::format(
        "  {}{}{}  {}  {}{}{}", to.Styled(StyleOf(rule.answer), answer),
        std::string(kAnswerWidth - answer.size(), ' '), Padded(PrintableText(rule.id), id_width),
        Padded(PrintableText(rule.group.label()), group_width), rule.service,
        direction == Direction::kIngress ? " from " : " to ", PrintableText(rule.source)));
    to.Line("", rule.why, kIndent, Style::kDim);
  }
  if (shown < rules.size()) {
    to.Line("", fmt::format("... and {} more that do not fit (--all-rules shows them)",
                            rules.size() - shown));
  }
}

std::string AclText(const ExplainedAcl& acl, std::string_view what) {
  switch (acl.outcome) {
    case AclOutcome::kNotAsked:
      return {};
    case AclOutcome::kNotMet:
      return "not met: both sides are in one subnet";
    case AclOutcome::kUnknown:
      return "not known: the inventory does not tell the subnet's ACL";
    case AclOutcome::kAllows:
    case AclOutcome::kAllowsSome:
    case AclOutcome::kDenies:
      break;
  }
  const bool allows = acl.outcome == AclOutcome::kAllows;
  std::string text =
      fmt::format("entry {} of {} {} {}: {}", acl.number, acl.id, allows ? "allows" : "denies",
                  what, acl.entry.empty() ? std::string("the default") : acl.entry);
  if (acl.may_be_otherwise) {
    text += ", if no earlier entry that cannot be told fits";
  } else if (acl.doubtful) {
    text += ", or an earlier one that cannot be told";
  }
  return text;
}

void WriteAcl(const Explanation& explanation, TextWriter& to) {
  std::string text = AclText(explanation.acl, "it");
  if (text.empty()) return;
  if (explanation.acl.outcome == AclOutcome::kDenies && explanation.action == "ACCEPT") {
    text += ". The record says otherwise: the inventory is of another time";
  }
  to.Blank();
  to.Line("Network ACL", text);
  const bool has_entry = !explanation.reply_acl.id.empty();
  if (!has_entry) return;
  const bool some = explanation.reply_acl.outcome == AclOutcome::kAllowsSome;
  to.Line("", AclText(explanation.reply_acl, some ? "some of the replies" : "the replies"));
}

void WriteChanges(const Explanation& explanation, TextWriter& to) {
  const ExplainedChanges& changes = explanation.changes;
  if (changes.steps.empty() && changes.note.empty()) return;
  to.Blank();
  std::string_view label = explanation.allowed() ? "To stop it" : "To allow it";
  std::string_view joint;
  for (const std::vector<ExplainedChange>& step : changes.steps) {
    for (const ExplainedChange& way : step) {
      const std::string text = std::string(joint) + way.text;
      to.Line(label, text);
      label = {};
      joint = "or  ";
    }
    joint = "and ";
  }
  if (!changes.note.empty()) to.Line(label, changes.note);
}

}  // namespace

std::string ExplanationText(const Explanation& explanation, const ExplainTextOptions& options) {
  TextWriter to(options.colour);
  const Style style = explanation.allowed()  ? Style::kGood
                      : explanation.denied() ? Style::kBad
                                             : Style::kDoubt;
  std::string headline(Headline(explanation));
  if (explanation.asked && explanation.confidence) {
    const bool sure = explanation.confidence == Confidence::kExact;
    headline = (sure ? "WOULD BE " : "MAY BE ") + headline;
  }
  headline = to.Styled(style, headline);
  if (explanation.confidence) {
    headline += fmt::format(" ({})", ConfidenceText(*explanation.confidence));
  }
  to.Raw(headline);
  to.Line("", explanation.reason, 0);
  to.Blank();
  WritePacket(explanation, to);
  WriteWho(explanation, to);
  if (!explanation.inventory_as_of.empty()) to.Line("inventory", explanation.inventory_as_of);
  if (explanation.judged_direction) {
    const Direction judged = *explanation.judged_direction;
    WriteRules(explanation, judged, options, to);
    const bool both = std::ranges::any_of(
        explanation.rules, [&](const ExplainedRule& rule) { return rule.direction != judged; });
    if (both) WriteRules(explanation, Opposite(judged), options, to);
  }
  WriteAcl(explanation, to);
  WriteChanges(explanation, to);
  return to.Take();
}

}  // namespace sgflow
