// What a document or an AWS call says, as plain values with where they stand: the input of
// InventoryBuilder. Ids stand where the inventory has positions.
//
// A member that is empty was not told.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/inventory.h"
#include "network/direction.h"
#include "network/ip_prefix.h"
#include "network/protocol.h"

namespace sgflow {

// What can be listed whole or in part.
enum class ListedKind : std::uint8_t {
  kNetworkInterfaces,
  kSecurityGroups,
  kSecurityGroupRules,
  kPrefixLists,
  kNetworkAcls,
  kSubnets,
};
inline constexpr std::size_t kListedKindCount = 6;

class ListedKinds {
 public:
  void Add(ListedKind kind) { bits_.set(static_cast<std::size_t>(kind)); }
  bool Has(ListedKind kind) const { return bits_.test(static_cast<std::size_t>(kind)); }

 private:
  std::bitset<kListedKindCount> bits_;
};

// `Snapshot.Coverage`: what was listed whole. An absent list does not narrow it.
struct Coverage {
  ListedKinds kinds;
  std::optional<std::vector<std::string>> account_ids;
  std::optional<std::vector<std::string>> regions;
  std::optional<std::vector<std::string>> vpc_ids;
  std::vector<std::string> member_group_ids;  // groups whose interfaces were all listed
  std::vector<std::string> rule_group_ids;    // groups whose rules were all listed
};

struct DocumentDescription {
  std::string file;
  ListedKinds kinds;  // it has a list of these, maybe an empty one
  bool cut = false;   // `NextToken` is set: its lists go on
  std::optional<Snapshot> snapshot;
  // None: as the CLI prints it, so complete unless cut.
  std::optional<Coverage> coverage;
};

// Small, as there are as many as there are rules.
struct Origin {
  static constexpr std::uint32_t kNoElement = 0xFFFFFFFF;

  std::uint32_t document = 0;          // as InventoryBuilder::AddDocument gave it
  std::uint32_t element = kNoElement;  // of the list
  std::string_view list;               // its path; must live until all is built

  // As SecurityGroupRules[0].
  std::string Path() const;
};

struct CarriedGroup {
  std::string id;
  std::string name;

  friend bool operator==(const CarriedGroup&, const CarriedGroup&) = default;
};

struct InterfaceDescription {
  Origin origin;
  NetworkInterface interface;  // its groups stand below
  std::optional<std::vector<CarriedGroup>> groups;
  // False for those inside an instance, which are not all that a VPC has.
  bool listed = true;
  bool addresses_whole = true;  // false: some could not be read and are left out
};

struct PermissionSource {
  RuleSource source;
  SharedText description;
  bool doubtful = false;
  std::shared_ptr<const RuleSpelling> spelling;

  // The same however it is spelled.
  friend bool operator==(const PermissionSource& a, const PermissionSource& b) {
    return a.source == b.source && a.description == b.description && a.doubtful == b.doubtful;
  }
};

// One element of `IpPermissions` or `IpPermissionsEgress`.
struct PermissionDescription {
  Direction direction = Direction::kIngress;
  std::uint32_t index = 0;  // in its list
  std::optional<Protocol> protocol;
  std::int32_t from_port = -1;
  std::int32_t to_port = -1;
  std::vector<PermissionSource> sources;
};

struct GroupDescription {
  Origin origin;
  SecurityGroup group;
  std::optional<std::vector<PermissionDescription>> permissions;
  bool permissions_whole = true;  // both lists were told
};

struct RuleDescription {
  Origin origin;
  std::string group_id;
  std::string group_owner_id;
  Rule rule;
};

struct PrefixListDescription {
  Origin origin;
  PrefixList list;
};

struct AclDescription {
  Origin origin;
  NetworkAcl acl;
  std::vector<std::string> subnet_ids;  // `Associations`
  bool entries_told = true;
  bool associations_told = true;
};

struct SubnetDescription {
  Origin origin;
  Subnet subnet;
};

}  // namespace sgflow
