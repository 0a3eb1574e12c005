// EC2's describe calls, asked in bulk and read to the end, their answers as the JSON that AWS's CLI
// prints: one reader (documents) then serves files, snapshots and live answers alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"

namespace sgflow {

// The calls that sgflow makes; ec2_action_table.inc has a line for each, from which
// docs/permissions.md and the policies are made.
enum class Ec2Action : std::uint8_t {
  kDescribeNetworkInterfaces,
  kDescribeSecurityGroups,
  kDescribeSecurityGroupRules,
  kDescribeManagedPrefixLists,
  kGetManagedPrefixListEntries,
  kDescribeNetworkAcls,
  kDescribeSubnets,
};

struct Ec2Ask {
  Ec2Action action = Ec2Action::kDescribeNetworkInterfaces;
  std::string filter;               // as network-interface-id; empty: all there are
  std::vector<std::string> values;  // any number: EC2 takes 200 in a call, so they are split
  std::string prefix_list_id;       // of kGetManagedPrefixListEntries alone
};

// Each page is a JSON object with the CLI's one key, as {"NetworkInterfaces": [...]}, and no
// NextToken. The entries of a prefix list come as {"PrefixListId": ..., "Entries": [...]}.
using Ec2Pages = std::vector<std::string>;

class Ec2 {
 public:
  Ec2() = default;
  Ec2(const Ec2&) = delete;
  Ec2& operator=(const Ec2&) = delete;
  virtual ~Ec2() = default;

  // Follows every page to the end, asks in parallel. A fault where any page is missing: what was
  // only partly learned is never taken for whole. Answers stand in the order of the asks.
  [[nodiscard]] virtual std::vector<AwsResult<Ec2Pages>> Ask(std::span<const Ec2Ask> asks) = 0;
};

}  // namespace sgflow
