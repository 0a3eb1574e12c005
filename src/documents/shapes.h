// The shapes of what the AWS CLI prints, each read into a description for the builder.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "documents/json_reader.h"
#include "inventory/description.h"
#include "inventory/inventory_builder.h"

namespace sgflow {

// An element of `NetworkInterfaces`, of describe-network-interfaces.
void ReadInterface(JsonObject& object, const Origin& origin, InventoryBuilder& builder);
// An element of `Instances`, of describe-instances: its interfaces.
void ReadInstance(JsonObject& object, std::uint32_t document, InventoryBuilder& builder);

// An element of `SecurityGroups`, of describe-security-groups.
void ReadGroup(JsonObject& object, const Origin& origin, InventoryBuilder& builder);
// An element of `SecurityGroupRules`, of describe-security-group-rules.
void ReadRule(JsonObject& object, const Origin& origin, InventoryBuilder& builder);

// An element of `PrefixLists`, of describe-prefix-lists (with `Cidrs`) or of
// describe-managed-prefix-lists (without entries; `Entries` may have been added).
void ReadPrefixList(JsonObject& object, const Origin& origin, InventoryBuilder& builder);
// A document of get-managed-prefix-list-entries, with `PrefixListId` added. `cut`: `NextToken` is
// set.
void ReadPrefixListEntries(JsonObject& document, bool cut, const Origin& origin,
                           InventoryBuilder& builder);

// An element of `NetworkAcls`, of describe-network-acls.
void ReadAcl(JsonObject& object, const Origin& origin, InventoryBuilder& builder);
// An element of `Subnets`, of describe-subnets.
void ReadSubnet(JsonObject& object, const Origin& origin, InventoryBuilder& builder);

// sgflow's own `Snapshot`.
void ReadSnapshot(JsonObject& object, DocumentDescription& document);

// `IpProtocol` or `Protocol`: a name, a number, or -1 for all, which is none here. Reports what is
// missing or none of these.
std::optional<Protocol> ReadProtocol(JsonObject& object, std::string_view key);

inline constexpr NumberRange kPortOrType{
    -1, 65535, "no port", "ports go from 0 to 65535, ICMP types and codes to 255; -1 is all"};

}  // namespace sgflow
