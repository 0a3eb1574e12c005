// One page of EC2's, XML in, the CLI's JSON out.
#pragma once

#include <string>
#include <string_view>

#include "aws/ec2.h"

namespace sgflow {

struct Ec2Answer {
  std::string json;        // as Ec2Pages has them
  std::string next_token;  // empty: this page is the last
};

// kBadAnswer where it is no whole answer to what was asked: `the answer is cut off after ...`.
[[nodiscard]] AwsResult<Ec2Answer> ReadEc2Answer(const Ec2Ask& ask, std::string_view xml);

}  // namespace sgflow
