// An EC2 in memory that counts what it is asked, and a clock that is set by hand.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/action.h"
#include "aws/ec2.h"
#include "live/ec2_places.h"

namespace sgflow::testing {

inline std::chrono::system_clock::time_point fake_now{std::chrono::seconds(1'700'000'000)};
inline std::chrono::system_clock::time_point FakeNow() { return fake_now; }
inline void Sleep(std::chrono::seconds time) { fake_now += time; }

inline std::string Joined(const std::vector<std::string>& texts, std::string_view between = ",") {
  std::string joined;
  for (const std::string& text : texts)
    joined += (joined.empty() ? "" : std::string(between)) + text;
  return joined;
}

inline AwsFault Throttled() {
  return {
      .kind = AwsFault::Kind::kThrottled,
      .code = "RequestLimitExceeded",
      .error = {
          .kind = ErrorKind::kEnvironment, .message = "EC2 throttles", .place = {}, .hint = {}}};
}

inline AwsFault NoAnswer() {
  return {.kind = AwsFault::Kind::kUnreachable,
          .code = {},
          .error = {.kind = ErrorKind::kEnvironment,
                    .message = "EC2 does not answer in time",
                    .place = {},
                    .hint = {}}};
}

inline AwsFault Denied(std::string_view iam_action) {
  return {.kind = AwsFault::Kind::kAccessDenied,
          .code = "UnauthorizedOperation",
          .error = {.kind = ErrorKind::kEnvironment,
                    .message = "AWS denies the call",
                    .place = {},
                    .hint = "allow " + std::string(iam_action)}};
}

struct FakeInterface {
  std::vector<std::string> groups;
  std::string address;
  std::string subnet = "subnet-1";
  std::string type = "interface";
  std::string trunk{};
};

// What an account has in a Region; every place that is asked sees the same.
class FakeEc2World {
 public:
  std::map<std::string, FakeInterface> interfaces;
  std::map<std::string, std::vector<std::string>> rules;  // by group: less id and group
  std::map<std::string, std::vector<std::string>> prefix_lists;
  std::map<std::string, std::pair<std::string, std::string>> subnets;  // CIDR, ACL
  std::map<std::string, std::string> acls;                             // their `Entries`

  std::map<Ec2Action, AwsFault> faults;
  std::string failing_value;  // an ask with it is throttled
  std::function<void()> on_ask = [] {};

  // As "DescribeNetworkInterfaces network-interface-id eni-1,eni-2", one for each call that EC2
  // would see: 200 values at most.
  std::vector<std::string> calls;
  std::vector<AwsDeadline> deadlines;  // of all that was asked
  std::set<Ec2Place> places;

  Ec2Factory Factory() {
    return [this](const Ec2Place& place) -> AwsResult<std::unique_ptr<Ec2>> {
      places.insert(place);
      return std::make_unique<Fake>(*this);
    };
  }

  std::vector<std::string> TakeCalls() { return std::exchange(calls, {}); }

  // Interfaces eni-0 and so on, each with two of the groups sg-0 and so on.
  void AddInstances(std::size_t count, std::size_t groups) {
    for (std::size_t i = 0; i < count; ++i) {
      interfaces["eni-" + std::to_string(i)] = {
          .groups = {"sg-" + std::to_string(i % groups), "sg-" + std::to_string((i + 1) % groups)},
          .address = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1)};
    }
    for (std::size_t i = 0; i < groups; ++i) {
      rules["sg-" + std::to_string(i)] = {
          R"("IsEgress":false,"IpProtocol":"tcp","FromPort":443,"ToPort":443,"CidrIpv4":"0.0.0.0/0")",
          R"("IsEgress":true,"IpProtocol":"-1","FromPort":-1,"ToPort":-1,"CidrIpv4":"0.0.0.0/0")"};
    }
  }

 private:
  class Fake : public Ec2 {
   public:
    explicit Fake(FakeEc2World& world) : world_(world) {}
    std::vector<AwsResult<Ec2Pages>> Ask(std::span<const Ec2Ask> asks) override {
      const std::scoped_lock lock(world_.lock_);
      world_.on_ask();
      std::vector<AwsResult<Ec2Pages>> answers;
      for (const Ec2Ask& ask : asks) {
        world_.deadlines.push_back(ask.deadline);
        answers.push_back(world_.Answer(ask));
      }
      return answers;
    }

   private:
    FakeEc2World& world_;
  };

  AwsResult<Ec2Pages> Answer(const Ec2Ask& ask) {
    const std::string name(AwsActions()[static_cast<std::size_t>(ask.action)].name);
    if (!ask.prefix_list_id.empty()) calls.push_back(name + " " + ask.prefix_list_id);
    for (std::size_t i = 0; i < ask.values.size(); i += 200) {
      const auto first = ask.values.begin() + static_cast<std::ptrdiff_t>(i);
      const auto last =
          first + static_cast<std::ptrdiff_t>(std::min<std::size_t>(200, ask.values.size() - i));
      calls.push_back(name + " " + ask.filter + " " + Joined({first, last}));
    }
    if (const auto fault = faults.find(ask.action); fault != faults.end()) {
      return std::unexpected(fault->second);
    }
    if (std::ranges::find(ask.values, failing_value) != ask.values.end()) {
      return std::unexpected(Throttled());
    }
    const auto is_wanted = [&](const std::string& id) {
      return std::ranges::find(ask.values, id) != ask.values.end();
    };
    std::vector<std::string> found;
    switch (ask.action) {
      case Ec2Action::kDescribeNetworkInterfaces:
        for (const auto& [id, interface] : interfaces) {
          const bool wanted = ask.filter == "network-interface-id" ? is_wanted(id)
                              : ask.filter == "group-id"
                                  ? std::ranges::any_of(interface.groups, is_wanted)
                                  : is_wanted(interface.trunk);
          if (wanted) found.push_back(JsonOf(id, interface));
        }
        return Page("NetworkInterfaces", found);
      case Ec2Action::kDescribeSecurityGroups:
        for (const auto& [id, of_group] : rules) {
          if (!is_wanted(id)) continue;
          found.push_back(R"({"GroupId":")" + id + R"(","GroupName":"name of )" + id +
                          R"(","VpcId":"vpc-1","IpPermissions":[]})");
        }
        return Page("SecurityGroups", found);
      case Ec2Action::kDescribeSecurityGroupRules:
        for (const auto& [id, of_group] : rules) {
          if (!is_wanted(id)) continue;
          for (std::size_t i = 0; i < of_group.size(); ++i) {
            found.push_back(R"({"SecurityGroupRuleId":"sgr-)" + id.substr(3) + "-" +
                            std::to_string(i) + R"(","GroupId":")" + id + "\"," + of_group[i] +
                            "}");
          }
        }
        return Page("SecurityGroupRules", found);
      case Ec2Action::kGetManagedPrefixListEntries: {
        const auto list = prefix_lists.find(ask.prefix_list_id);
        if (list == prefix_lists.end()) {
          return std::unexpected(AwsFault{.kind = AwsFault::Kind::kRefused,
                                          .code = "InvalidPrefixListID.NotFound",
                                          .error = {}});
        }
        // A page for each entry.
        Ec2Pages pages;
        for (const std::string& cidr : list->second) {
          pages.push_back(R"({"PrefixListId":")" + ask.prefix_list_id +
                          R"(","Entries":[{"Cidr":")" + cidr + "\"}]}");
        }
        return pages;
      }
      case Ec2Action::kDescribeNetworkAcls:
        for (const auto& [acl, entries] : acls) {
          std::vector<std::string> associations;
          bool wanted = false;
          for (const auto& [id, subnet] : subnets) {
            if (subnet.second != acl) continue;
            wanted = wanted || is_wanted(id);
            associations.push_back(R"({"SubnetId":")" + id + "\"}");
          }
          if (!wanted) continue;
          found.push_back(R"({"NetworkAclId":")" + acl + R"(","VpcId":"vpc-1","IsDefault":true,)" +
                          R"("Entries":[)" + entries + R"(],"Associations":[)" +
                          Joined(associations) + "]}");
        }
        return Page("NetworkAcls", found);
      case Ec2Action::kDescribeSubnets:
        for (const auto& [id, subnet] : subnets) {
          if (!is_wanted(id)) continue;
          found.push_back(R"({"SubnetId":")" + id + R"(","VpcId":"vpc-1","CidrBlock":")" +
                          subnet.first + "\"}");
        }
        return Page("Subnets", found);
      case Ec2Action::kDescribeManagedPrefixLists:
        break;
    }
    return Ec2Pages{};
  }

  static std::string JsonOf(const std::string& id, const FakeInterface& interface) {
    std::vector<std::string> groups;
    for (const std::string& group : interface.groups) {
      groups.push_back(R"({"GroupId":")" + group + R"(","GroupName":"name of )" + group + "\"}");
    }
    std::string tags;
    if (!interface.trunk.empty()) {
      tags = R"({"Key":"vpcresources.k8s.aws/trunk-eni-id","Value":")" + interface.trunk + "\"}";
    }
    return R"({"NetworkInterfaceId":")" + id + R"(","VpcId":"vpc-1","SubnetId":")" +
           interface.subnet + R"(","InterfaceType":")" + interface.type +
           R"(","PrivateIpAddress":")" + interface.address + R"(","Groups":[)" + Joined(groups) +
           R"(],"TagSet":[)" + tags + "]}";
  }

  static Ec2Pages Page(const std::string& key, const std::vector<std::string>& elements) {
    return {"{\"" + key + "\":[" + Joined(elements) + "]}"};
  }

  std::mutex lock_;
};

}  // namespace sgflow::testing
