// What records name goes into names of hosts and roles, and into filters: only what AWS may have
// written.
#pragma once

#include <string_view>

namespace sgflow {

bool IsAccountId(std::string_view text);
bool IsRegion(std::string_view text);

// Of an interface, group, subnet or prefix list. With wildcards in it an id would ask for
// everything.
bool IsAwsId(std::string_view text);

}  // namespace sgflow
