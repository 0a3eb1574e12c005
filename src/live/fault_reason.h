// Why AWS could not be asked, as a clause for sg_reason.
#pragma once

#include <string>

#include "aws/client.h"
#include "aws/ec2.h"
#include "inventory/inventory.h"

namespace sgflow {

// As "AWS could not be asked for the interface: it denies ec2:DescribeNetworkInterfaces". Printable
// ASCII without quotes and backslashes.
std::string ReasonOf(const AwsFault& fault, Learnable what, Ec2Action action);

}  // namespace sgflow
