// A live source over an EC2 in memory, and some interfaces there.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "live/fake_ec2.h"
#include "live/live_source.h"

namespace sgflow::testing {

using Texts = std::vector<std::string>;

inline constexpr const char* kAccount = "111122223333";
inline constexpr const char* kRegion = "eu-west-1";

inline Lacking::Names NamesOf(const Texts& ids, const std::string& account = kAccount) {
  Lacking::Names names;
  for (const std::string& id : ids) names.insert({account, kRegion, id});
  return names;
}
inline Lacking Interfaces(const Texts& ids) { return {.interfaces = NamesOf(ids)}; }
inline Lacking RulesOf(const Texts& groups) { return {.group_rules = NamesOf(groups)}; }

inline Lacking ManyInterfaces(std::size_t first, std::size_t count) {
  Texts ids;
  for (std::size_t i = first; i < first + count; ++i) ids.push_back("eni-" + std::to_string(i));
  return Interfaces(ids);
}

class LiveSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fake_now = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000));
    world_.interfaces["eni-1"] = {.groups = {"sg-1"}, .address = "10.0.1.1"};
    world_.interfaces["eni-2"] = {.groups = {"sg-1", "sg-2"}, .address = "10.0.1.2"};
    world_.interfaces["eni-3"] = {.groups = {"sg-3"}, .address = "10.0.1.3"};
    world_.rules["sg-1"] = {kHttps};
    world_.rules["sg-2"] = {};
    world_.rules["sg-3"] = {kHttps};
    Start({});
  }

  void Start(LiveSourceOptions options) {
    options.clock = FakeNow;
    if (options.region.empty()) options.region = "us-east-1";
    source_ = std::make_unique<LiveSource>(world_.Factory(), std::move(options));
  }

  bool Learn(const Lacking& lacking) {
    const auto learned = source_->Learn(lacking, Deadline::max());
    EXPECT_TRUE(learned);
    return learned && *learned;
  }

  bool Knows(std::string_view interface_id) {
    return source_->Current()->FindLocal(interface_id) != nullptr;
  }
  std::string WhyNot(std::string_view interface_id) {
    return WhyNot(Learnable::kInterface, interface_id);
  }
  std::string WhyNot(Learnable what, std::string_view id) {
    const auto inventory = source_->Current();
    const Unlearned* unlearned = inventory->FindUnlearned(what, id);
    return unlearned == nullptr ? "" : unlearned->reason;
  }
  bool KnowsRules(std::string_view group_id) {
    const auto inventory = source_->Current();
    const SecurityGroup* group = inventory->FindGroup(group_id);
    return group != nullptr && group->rules_known;
  }

  static constexpr const char* kHttps =
      R"("IsEgress":false,"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIpv4":"0.0.0.0/0")";
  static constexpr const char* kFromPeers =
      R"("IsEgress":false,"IpProtocol":"tcp","FromPort":22,"ToPort":22,)"
      R"("ReferencedGroupInfo":{"GroupId":"sg-3"})";

  FakeEc2World world_;
  std::unique_ptr<LiveSource> source_;
};

}  // namespace sgflow::testing
