// How AWS names accounts, Regions and what EC2 has: records and names of files say it, and it goes
// into names of hosts and roles, and into filters. So only what AWS may have written passes.
#pragma once

#include <string_view>

namespace sgflow {

// 111122223333
bool IsAccountId(std::string_view text);

// eu-west-1, us-gov-west-1; of 32 characters at most.
bool IsRegion(std::string_view text);

// Of an interface, group, subnet or prefix list. With wildcards in it an id would ask for
// everything.
bool IsAwsId(std::string_view text);

}  // namespace sgflow
