#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "cli/explain_text.h"
#include "network/protocol.h"
#include "output/json_text.h"

namespace sgflow {
namespace {

// Values one after the other, with the commas between them.
class JsonWriter {
 public:
  JsonWriter& Key(std::string_view name) {
    Separate();
    Quote(name);
    text_ += ':';
    behind_key_ = true;
    return *this;
  }
  JsonWriter& Open(char bracket) {
    Separate();
    text_ += bracket;
    first_ = true;
    return *this;
  }
  JsonWriter& Close(char bracket) {
    text_ += bracket;
    first_ = false;
    return *this;
  }
  void Value(std::string_view text) {
    Separate();
    Quote(text);
  }
  void Value(const std::string& text) { Value(std::string_view(text)); }
  void Value(const char* text) { Value(std::string_view(text)); }
  void Value(std::same_as<bool> auto value) {
    Separate();
    text_ += value ? "true" : "false";
  }
  void Value(std::integral auto number)
    requires(!std::same_as<decltype(number), bool>)
  {
    Separate();
    text_ += std::to_string(number);
  }
  void Null() {
    Separate();
    text_ += "null";
  }

  // What is not known is null.
  void Text(std::string_view name, std::string_view text) {
    Key(name);
    if (text.empty()) {
      Null();
    } else {
      Value(text);
    }
  }
  template <typename T>
  void Number(std::string_view name, const std::optional<T>& number) {
    Key(name);
    if (number) {
      Value(*number);
    } else {
      Null();
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  void Separate() {
    if (!first_ && !behind_key_) text_ += ',';
    first_ = false;
    behind_key_ = false;
  }
  void Quote(std::string_view text) {
    text_ += '"';
    AppendJson(text, text_);
    text_ += '"';
  }

  std::string text_;
  bool first_ = true;
  bool behind_key_ = false;
};

std::string_view DirectionName(const std::optional<Direction>& direction) {
  if (!direction) return {};
  return *direction == Direction::kIngress ? "ingress" : "egress";
}

std::string_view AnswerName(Answer answer) {
  switch (answer) {
    case Answer::kYes:
      return "yes";
    case Answer::kNo:
      return "no";
    case Answer::kUntold:
      break;
  }
  return "cannot-tell";
}

std::string_view OutcomeName(AclOutcome outcome) {
  switch (outcome) {
    case AclOutcome::kAllows:
      return "allows";
    case AclOutcome::kDenies:
      return "denies";
    case AclOutcome::kAllowsSome:
      return "allows-some";
    case AclOutcome::kNotMet:
      return "not-met";
    case AclOutcome::kUnknown:
      return "unknown";
    case AclOutcome::kNotAsked:
      break;
  }
  return {};
}

void WriteInterface(const ExplainedInterface& interface, JsonWriter& to) {
  to.Open('{');
  to.Text("id", interface.id);
  to.Text("name", interface.name);
  to.Text("type", interface.type);
  to.Text("kind", interface.kind);
  to.Text("instance_id", interface.instance_id);
  to.Text("vpc_id", interface.vpc_id);
  to.Text("subnet_id", interface.subnet_id);
  to.Key("addresses").Open('[');
  for (const std::string& address : interface.addresses) to.Value(address);
  to.Close(']');
  if (!interface.groups_known) {
    to.Text("groups", {});
    to.Close('}');
    return;
  }
  to.Key("groups").Open('[');
  for (const ExplainedGroup& group : interface.groups) {
    to.Open('{');
    to.Text("id", group.id);
    to.Text("name", group.name);
    to.Close('}');
  }
  to.Close(']').Close('}');
}

void WritePacket(const Explanation& explanation, JsonWriter& to) {
  to.Key("packet").Open('{');
  to.Text("direction", DirectionName(explanation.direction));
  to.Text("protocol", explanation.protocol ? ProtocolName(*explanation.protocol) : std::string{});
  to.Text("source", explanation.source);
  to.Number("source_port", explanation.source_port);
  to.Text("destination", explanation.destination);
  to.Number("destination_port", explanation.destination_port);
  const auto& icmp = explanation.icmp;
  to.Number("icmp_type", icmp ? std::optional(icmp->type) : std::nullopt);
  to.Number("icmp_code", icmp ? icmp->code : std::nullopt);
  to.Text("action", explanation.action);
  to.Close('}');
}

void WritePeer(const Explanation& explanation, JsonWriter& to) {
  to.Key("peer");
  if (!explanation.peer) {
    to.Null();
    return;
  }
  const ExplainedPeer& peer = *explanation.peer;
  to.Open('{');
  to.Text("address", peer.address);
  to.Text("kind", peer.kind);
  to.Text("aws_service", peer.aws_service);
  to.Text("interface_id", peer.interface_id);
  to.Key("interface");
  if (peer.interface) {
    WriteInterface(*peer.interface, to);
  } else {
    to.Null();
  }
  to.Close('}');
}

void WriteRules(const Explanation& explanation, JsonWriter& to) {
  to.Key("rules").Open('[');
  for (const ExplainedRule& rule : explanation.rules) {
    to.Open('{');
    to.Text("id", rule.id);
    to.Text("group_id", rule.group.id);
    to.Text("group_name", rule.group.name);
    to.Text("direction", DirectionName(rule.direction));
    to.Text("service", rule.service);
    to.Text("source", rule.source);
    to.Text("fits", AnswerName(rule.answer));
    to.Text("why", rule.why);
    to.Close('}');
  }
  to.Close(']');
}

void WriteAcl(std::string_view name, const ExplainedAcl& acl, JsonWriter& to) {
  to.Key(name);
  if (acl.outcome == AclOutcome::kNotAsked) {
    to.Null();
    return;
  }
  to.Open('{');
  to.Text("outcome", OutcomeName(acl.outcome));
  to.Text("id", acl.id);
  to.Key("entry");
  if (acl.id.empty()) {
    to.Null();
  } else {
    to.Value(acl.number);
  }
  to.Text("text", acl.entry);
  to.Key("doubtful").Value(acl.doubtful);
  to.Close('}');
}

void WriteChanges(const Explanation& explanation, JsonWriter& to) {
  to.Key("changes").Open('{');
  to.Text("to", explanation.allowed() ? "deny" : explanation.denied() ? "allow" : "");
  to.Key("steps").Open('[');
  for (const std::vector<ExplainedChange>& step : explanation.changes.steps) {
    to.Open('[');
    for (const ExplainedChange& way : step) {
      to.Open('{');
      to.Text("kind", way.kind);
      to.Text("on", way.on);
      to.Text("what", way.what);
      to.Text("text", way.text);
      to.Close('}');
    }
    to.Close(']');
  }
  to.Close(']');
  to.Text("note", explanation.changes.note);
  to.Close('}');
}

}  // namespace

std::string ExplanationJson(const Explanation& explanation) {
  JsonWriter to;
  to.Open('{');
  to.Text("verdict", NameOf(explanation.kind));
  to.Text("confidence", explanation.confidence ? NameOf(*explanation.confidence) : "");
  to.Text("reason", explanation.reason);
  to.Text("opened_by", explanation.initiator ? NameOf(*explanation.initiator) : "");
  if (!explanation.inventory_as_of.empty()) {
    to.Text("inventory_as_of", explanation.inventory_as_of);
  }
  to.Key("question").Value(explanation.asked);
  WritePacket(explanation, to);
  to.Key("interface");
  if (explanation.interface) {
    WriteInterface(*explanation.interface, to);
  } else {
    to.Null();
  }
  const bool trunk = !explanation.recorded_id.empty();
  to.Text("recorded_interface_id", trunk                   ? explanation.recorded_id
                                   : explanation.interface ? explanation.interface->id
                                                           : explanation.missing_id);
  WritePeer(explanation, to);
  to.Text("judged_direction", DirectionName(explanation.judged_direction));
  WriteRules(explanation, to);
  WriteAcl("network_acl", explanation.acl, to);
  WriteAcl("network_acl_replies", explanation.reply_acl, to);
  WriteChanges(explanation, to);
  to.Close('}');
  return to.Take() + '\n';
}

}  // namespace sgflow
