// All that one account has in one Region, as EC2 tells it.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"
#include "aws/ec2.h"

namespace sgflow {

struct SnapshotElement {
  std::string owner_id;
  std::string json;  // as the CLI prints it, on one line
};

// The kinds that a snapshot lists: the lists' names there, in its order.
inline constexpr std::array<std::string_view, 6> kSnapshotKinds{
    "NetworkInterfaces", "SecurityGroups", "SecurityGroupRules",
    "PrefixLists",       "NetworkAcls",    "Subnets"};

struct SnapshotPart {
  std::string account_id;
  std::string region;
  // Narrowed to these: of those that were asked for the ones that are there. None: all.
  std::optional<std::vector<std::string>> vpc_ids;
  // By kind and id.
  std::array<std::map<std::string, SnapshotElement>, kSnapshotKinds.size()> elements;
  bool prefix_lists_whole = true;     // false: what some of them hold was refused
  std::vector<std::string> warnings;  // what was refused, for people
};

// A fault where any list is missing; only the entries of some prefix lists may be. What changed
// between the calls is asked for again, so that an interface stands there with its groups, and a
// group with its rules. What is not answered by `until` has failed. `vpc_ids` empty: all.
[[nodiscard]] AwsResult<SnapshotPart> CapturePart(Ec2& ec2, std::string account_id,
                                                  std::string region,
                                                  std::vector<std::string> vpc_ids,
                                                  AwsDeadline until);

}  // namespace sgflow
