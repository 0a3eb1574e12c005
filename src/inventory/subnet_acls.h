// Which network ACL each subnet has.
#pragma once

#include <span>
#include <vector>

#include "inventory/completeness.h"
#include "inventory/description.h"
#include "inventory/inventory.h"
#include "inventory/inventory_report.h"

namespace sgflow {

struct SubnetAcls {
  std::vector<NetworkAcl> acls;
  std::vector<Subnet> subnets;
};

// A subnet has the ACL that names it in its associations, else, where the VPC's ACLs are all
// known, the VPC's default one (AWS's VPC guide, "Network ACL basics"). The subnets are those
// described, associated or with an interface. Warns of what leaves an ACL unknown.
SubnetAcls ResolveSubnetAcls(std::vector<AclDescription> acls,
                             std::vector<SubnetDescription> subnets,
                             std::span<const NetworkInterface> interfaces,
                             const Completeness& completeness,
                             std::span<const DocumentDescription> documents,
                             InventoryReport& report);

}  // namespace sgflow
