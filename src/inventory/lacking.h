// What answers hung on and the inventory did not have: what a source that can learn is asked for.
#pragma once

#include <compare>
#include <set>
#include <string>

namespace sgflow {

struct Lacking {
  // As the record says whose it is; either may be empty.
  struct Name {
    std::string account_id;
    std::string region;
    std::string id;

    friend auto operator<=>(const Name&, const Name&) = default;
  };
  using Names = std::set<Name>;

  Names interfaces{};     // eni-...
  Names group_rules{};    // sg-...: groups of these interfaces, whose rules are not known
  Names prefix_lists{};   // pl-...
  Names member_groups{};  // sg-...: groups that rules reference, whose members are not known
  Names subnets{};        // subnet-...: whose network ACL is not known, of refused records

  // eni-...: trunks with a record of an address that neither they nor a branch of theirs has: a pod
  // that has come since.
  Names trunks{};

  bool empty() const {
    return interfaces.empty() && group_rules.empty() && prefix_lists.empty() &&
           member_groups.empty() && subnets.empty() && trunks.empty();
  }
};

}  // namespace sgflow
