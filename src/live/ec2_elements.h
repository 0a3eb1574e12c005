// EC2's answers taken apart, so that each thing can be kept by its id.
#pragma once

#include <string>
#include <vector>

#include "aws/client.h"
#include "aws/ec2.h"

namespace sgflow {

struct Ec2Element {
  std::string id;    // its own; of a rule: its group's
  std::string type;  // of an interface: `InterfaceType`
  // Of an interface the groups that it carries, of a network ACL the subnets that it is of.
  std::vector<std::string> related;
  // As documents reads it, less what is learned otherwise: of a group its id alone. Of a network
  // ACL neither the subnets nor whether it is a default one, which say nothing where not all are
  // known.
  std::string json;
};

// In the answer's order. The entries of a prefix list are one element. kBadAnswer where a page is
// not what Ec2 promises.
[[nodiscard]] AwsResult<std::vector<Ec2Element>> ReadElements(const Ec2Ask& ask,
                                                              const Ec2Pages& pages);

}  // namespace sgflow
