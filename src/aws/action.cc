#include "aws/action.h"

#include <array>

namespace sgflow {
namespace {

constexpr std::array kActions{
#define SGFLOW_EC2_ACTION(name, largest_page, why) \
  AwsAction{"ec2", #name, "ec2:" #name, "*", largest_page, why},
#define SGFLOW_AWS_ACTION(service, name, iam_action, resource, why) \
  AwsAction{service, #name, iam_action, resource, 0, why},
#include "aws/action_table.inc"
};

}  // namespace

std::span<const AwsAction> AwsActions() { return kActions; }

}  // namespace sgflow
