#include "verdict/small_world.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "documents/documents.h"

namespace sgflow::test {
namespace {

std::string RuleOf(std::string_view id, bool egress, std::string_view protocol, int from_port,
                   int to_port, std::string_view source) {
  std::string text = R"({"SecurityGroupRuleId":")" + std::string(id) +
                     R"(","GroupId":"sg-server","IsEgress":)" + (egress ? "true" : "false") +
                     R"(,"IpProtocol":")" + std::string(protocol) + R"(","FromPort":)" +
                     std::to_string(from_port) + R"(,"ToPort":)" + std::to_string(to_port) + ',';
  if (source.starts_with("pl-")) {
    text += R"("PrefixListId":")" + std::string(source) + '"';
  } else if (source.starts_with("sg-")) {
    text += R"("ReferencedGroupInfo":{"GroupId":")" + std::string(source) + R"("})";
  } else {
    text += source.find(':') == std::string_view::npos ? R"("CidrIpv4":")" : R"("CidrIpv6":")";
    text += std::string(source) + '"';
  }
  return text + '}';
}

}  // namespace

std::shared_ptr<const Inventory> InventoryOf(std::string_view json) {
  const Document document{.name = "test.json", .text = json};
  auto loaded = LoadInventory({&document, 1});
  if (!loaded) {
    for (const Error& error : loaded.error()) ADD_FAILURE() << error.message;
    std::abort();
  }
  return loaded->inventory;
}

std::shared_ptr<const Inventory> ServerWith(std::string_view rules, std::string_view more) {
  std::string json = R"({"NetworkInterfaces":[
    {"NetworkInterfaceId":"eni-server","InterfaceType":"interface","VpcId":"vpc-main",
     "SubnetId":"subnet-web","PrivateIpAddress":"10.0.0.10",
     "PrivateIpAddresses":[{"Primary":true,"PrivateIpAddress":"10.0.0.10"}],
     "Groups":[{"GroupId":"sg-server","GroupName":"server"}]},
    {"NetworkInterfaceId":"eni-client","InterfaceType":"interface","VpcId":"vpc-main",
     "SubnetId":"subnet-app","PrivateIpAddress":"10.0.1.20",
     "PrivateIpAddresses":[{"Primary":true,"PrivateIpAddress":"10.0.1.20"}],
     "Groups":[{"GroupId":"sg-client","GroupName":"client"}]},
    {"NetworkInterfaceId":"eni-bare","InterfaceType":"nat_gateway","VpcId":"vpc-main",
     "SubnetId":"subnet-web","PrivateIpAddress":"10.0.0.40",
     "PrivateIpAddresses":[{"Primary":true,"PrivateIpAddress":"10.0.0.40"}],"Groups":[]},
    {"NetworkInterfaceId":"eni-untold","VpcId":"vpc-main","SubnetId":"subnet-web",
     "PrivateIpAddress":"10.0.0.41"}],
    "SecurityGroups":[{"GroupId":"sg-server","GroupName":"server","VpcId":"vpc-main"},
     {"GroupId":"sg-client","GroupName":"client","VpcId":"vpc-main"},
     {"GroupId":"sg-empty","GroupName":"empty","VpcId":"vpc-main"}],
    "SecurityGroupRules":[)";
  json += rules;
  json += "]";
  json += more;
  json += "}";
  return InventoryOf(json);
}

std::string InRule(std::string_view id, std::string_view protocol, int from_port, int to_port,
                   std::string_view source) {
  return RuleOf(id, false, protocol, from_port, to_port, source);
}

std::string OutRule(std::string_view id, std::string_view protocol, int from_port, int to_port,
                    std::string_view source) {
  return RuleOf(id, true, protocol, from_port, to_port, source);
}

Bench::Bench(std::shared_ptr<const Inventory> inventory, std::string_view layout)
    : layout_(*RecordLayout::Parse(layout)),
      judge_(std::move(inventory)),
      explainer_(judge_.shared_index()) {}

Verdict Bench::Decide(std::string_view line) {
  line_ = line;
  if (!record_.Split(layout_, line_, ' ')) ADD_FAILURE() << "not of the layout: " << line;
  return judge_.Decide(record_, conversations_);
}

std::string Bench::Say(std::string_view line) {
  return Describe(Decide(line), judge_.index().inventory());
}

std::string Bench::Reason(std::string_view line) {
  return std::string(explainer_.Reason(Decide(line)));
}

std::string Bench::Nearest(std::string_view line) {
  std::string text;
  for (const NearMiss& miss : explainer_.Nearest(Decide(line))) {
    text += judge_.index().inventory().rules()[miss.rule].id + ": " + miss.why + "\n";
  }
  return text;
}

std::string Bench::PeerOf(std::string_view line) {
  const Verdict verdict = Decide(line);
  std::string text(NameOf(verdict.peer.kind));
  if (!verdict.peer.interface_id.empty()) text += ' ' + std::string(verdict.peer.interface_id);
  return text;
}

std::string Describe(const Verdict& verdict, const Inventory& inventory) {
  std::string text(NameOf(verdict.kind));
  if (verdict.confidence) text += ' ' + std::string(NameOf(*verdict.confidence));
  if (verdict.initiator) text += ' ' + std::string(NameOf(*verdict.initiator));
  for (const RuleIndex rule : verdict.matched) text += ' ' + inventory.rules()[rule].id;
  if (verdict.acl) {
    text += ' ' + inventory.acls()[*verdict.acl].id + ' ' + std::to_string(verdict.acl_rule);
  }
  return text;
}

}  // namespace sgflow::test
