// Why AWS could not be asked, as a clause for sg_reason.
#pragma once

#include <string>
#include <string_view>

#include "aws/client.h"
#include "aws/ec2.h"

namespace sgflow {

// As "AWS could not be asked for the interface: it denies ec2:DescribeNetworkInterfaces". Printable
// ASCII without quotes and backslashes.
std::string ReasonOf(const AwsFault& fault, std::string_view what, Ec2Action action);

}  // namespace sgflow
