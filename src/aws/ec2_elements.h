// EC2's answers taken apart, so that each thing can be kept by its id.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client.h"
#include "aws/ec2.h"

namespace sgflow {

struct Ec2Element {
  std::string id;
  std::string owner_id;
  std::string vpc_id;
  std::string type;  // of an interface: `InterfaceType`
  // Of an interface the groups that it carries, of a rule the group that it is one of, of a network
  // ACL the subnets that it is of.
  std::vector<std::string> related;
  std::string json;  // as the CLI prints it, on one line, less what stands in `apart`
  // Members of the same object, as "KEY":VALUE,"KEY":VALUE, that not everybody wants: of a group
  // its permissions, which tell its rules once more without their ids; of a rule its tags and its
  // ARN, which are a third of it and decide nothing; of a network ACL its subnets and whether it is
  // a default one, which tell nothing where not all are known; a prefix list's entries.
  std::string apart;
};

// Puts members into an object, behind those that it has.
void AppendMembers(std::string_view members, std::string& json);

// Of some of an answer's pages, in their order; the entries of a prefix list are one element, so of
// all of them. kBadAnswer where a page is not what Ec2 promises.
[[nodiscard]] AwsResult<std::vector<Ec2Element>> ReadElements(const Ec2Ask& ask,
                                                              std::span<const std::string> pages);

}  // namespace sgflow
