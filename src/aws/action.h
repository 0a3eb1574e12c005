// Every call that sgflow makes to AWS, what permission it takes and why it is made
// (action_table.inc).
#pragma once

#include <span>
#include <string_view>

namespace sgflow {

struct AwsAction {
  std::string_view service;     // as it signs: ec2
  std::string_view name;        // DescribeSubnets
  std::string_view iam_action;  // ec2:DescribeSubnets; empty: everybody may
  std::string_view resource;    // of a policy, with words in capitals to be put in
  int largest_page = 0;         // MaxResults; 0: there are no pages
  std::string_view why;
};

// In the table's order: EC2's first, where Ec2Action is the index.
std::span<const AwsAction> AwsActions();

}  // namespace sgflow
