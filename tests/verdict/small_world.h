// A small VPC to hold records against: one server, its neighbours, groups and an ACL.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flowlog/flow_record.h"
#include "inventory/inventory.h"
#include "verdict/explanation.h"
#include "verdict/judge.h"

namespace sgflow::test {

// From the JSON that the AWS CLI prints. Fails the test where it is no inventory.
std::shared_ptr<const Inventory> InventoryOf(std::string_view json);

// eni-server 10.0.0.10 in subnet-web carries sg-server with the given SecurityGroupRules (without
// the group's id); eni-client 10.0.1.20 carries sg-client. `more` is further JSON members.
std::shared_ptr<const Inventory> ServerWith(std::string_view rules, std::string_view more = "");

// "sgr-https" in from 0.0.0.0/0 on tcp 443 and the like, for ServerWith.
std::string InRule(std::string_view id, std::string_view protocol, int from_port, int to_port,
                   std::string_view source);
std::string OutRule(std::string_view id, std::string_view protocol, int from_port, int to_port,
                    std::string_view source);

// Judges lines of "interface-id flow-direction srcaddr srcport dstaddr dstport protocol tcp-flags
// action", or of another layout.
class Bench {
 public:
  static constexpr std::string_view kLayout =
      "interface-id flow-direction srcaddr srcport dstaddr dstport protocol tcp-flags action";

  explicit Bench(std::shared_ptr<const Inventory> inventory, std::string_view layout = kLayout);

  // Valid until the next call.
  Verdict Decide(std::string_view line);
  // "allowed-by-rule exact peer sgr-https", "denied-by-network-acl exact unknown acl-web 50".
  std::string Say(std::string_view line);
  std::string Reason(std::string_view line);
  // "sgr-https: allows tcp 443 only from 10.0.0.0/8", one a line.
  std::string Nearest(std::string_view line);
  std::string PeerOf(std::string_view line);

  Judge& judge() { return judge_; }

 private:
  std::shared_ptr<const RecordLayout> layout_;
  FlowRecord record_;
  std::string line_;
  Judge judge_;
  Explainer explainer_;
  Conversations conversations_;
};

std::string Describe(const Verdict& verdict, const Inventory& inventory);

}  // namespace sgflow::test
