// AWS Config's spelling of a resource in that of the AWS CLI, so that one reader does for both.
#pragma once

#include <simdjson.h>

#include <string>

namespace sgflow {

// The members that sgflow reads, under the CLI's names: groupId is GroupId. Of a permission's IPv4
// ranges, which come as texts (`ipRanges`, all there is in 2017) and as objects (`ipv4Ranges`), the
// objects count where they are. Members that are null are left out.
std::string ConfigAsCliJson(simdjson::dom::element configuration);

}  // namespace sgflow
