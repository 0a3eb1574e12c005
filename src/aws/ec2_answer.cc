#include "aws/ec2_answer.h"

#include <fmt/format.h>

#include <utility>

#include "aws/action.h"
#include "aws/ec2_shapes.h"
#include "aws/fault.h"
#include "aws/xml_reader.h"

namespace sgflow {
namespace {

std::unexpected<AwsFault> BadAnswer(const std::string& what, std::string hint = {}) {
  return std::unexpected(
      MakeFault(AwsFault::Kind::kBadAnswer, "the answer " + what, std::move(hint)));
}

}  // namespace

AwsResult<Ec2Answer> ReadEc2Answer(const Ec2Ask& ask, std::string_view xml) {
  const AwsAction& action = AwsActions()[static_cast<std::size_t>(ask.action)];
  pugi::xml_document document;
  if (auto parsed = ParseXml(xml, document); !parsed) {
    return BadAnswer(parsed.error().message, parsed.error().hint);
  }
  const pugi::xml_node answer = document.document_element();
  const std::string expected = fmt::format("{}Response", action.name);
  if (answer.name() != expected) {
    return BadAnswer(fmt::format("is no <{}>: {}", expected, BeginningOf(xml)));
  }
  Ec2Answer read{.json = "{", .next_token = TextOf(answer.child("nextToken"))};
  read.json.reserve(xml.size());
  if (ask.action == Ec2Action::kGetManagedPrefixListEntries) {
    read.json += "\"PrefixListId\":";
    AppendJsonString(ask.prefix_list_id, read.json);
    read.json += ',';
  }
  const XmlMember& list = ListOf(ask.action);
  read.json += fmt::format("\"{}\":", list.key);
  const auto appended = AppendAsJson(answer.child(list.element.data()), list, read.json);
  if (!appended) return BadAnswer(appended.error().message);
  read.json += '}';
  return read;
}

}  // namespace sgflow
