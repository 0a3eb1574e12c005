#include "output/column.h"

#include <algorithm>
#include <string>

namespace sgflow {
namespace {

constexpr std::array<ColumnInfo, kColumnCount> kColumns{{
    {Column::kSgIds, "sg_ids", "array of strings", true,
     "the interface's security groups, in its order; empty where it has none"},
    {Column::kSgVerdict, "sg_verdict", "string", true,
     "what let the traffic through or kept it out (verdicts.md)"},
    {Column::kSgConfidence, "sg_confidence", "string", true,
     "`exact`, `likely`, `possible` or `ambiguous`"},
    {Column::kSgMatchedRules, "sg_matched_rules", "array of strings", true,
     "the rules that let it through, in the inventory's order; empty for denials"},
    {Column::kSgReason, "sg_reason", "string", true, "the verdict in one sentence"},
    {Column::kSgNearest, "sg_nearest", "array of objects", true,
     "for denials, the rules that come nearest: `rule` and `why`"},
    {Column::kNaclId, "nacl_id", "string", true, "the network ACL that decided"},
    {Column::kNaclRule, "nacl_rule", "integer", true, "the number of its deciding entry"},
    {Column::kFlowInitiator, "flow_initiator", "string", true,
     "who opened the conversation: `local`, `peer` or `unknown`"},
    {Column::kLocalInterfaceType, "local_interface_type", "string", true,
     "`InterfaceType` of the interface that was judged"},
    {Column::kLocalName, "local_name", "string", true, "its Name tag"},
    {Column::kPeerInterfaceId, "peer_interface_id", "string", true,
     "the interface on the other side"},
    {Column::kPeerInstanceId, "peer_instance_id", "string", true, "its instance"},
    {Column::kPeerSgIds, "peer_sg_ids", "array of strings", true, "its security groups"},
    {Column::kPeerName, "peer_name", "string", true, "its Name tag"},
    {Column::kPeerKind, "peer_kind", "string", true, "what the other side is (verdicts.md)"},
    {Column::kInventoryAsOf, "inventory_as_of", "string", true,
     "with an inventory of several times, since when the one was true that the record was judged "
     "by (UTC, as `2026-01-02T03:04:05Z`)"},
    {Column::kSgRules, "sg_rules", "array of objects", false,
     "all rules of the interface's groups for the record's own direction: `id`, `group`, "
     "`protocol`, `ports`, `source`"},
    {Column::kSgflowRecordId, "sgflow_record_id", "string", false,
     "32 hexadecimal digits, the same for every copy of the record; in the Lambda function by "
     "default where `SGFLOW_REINGEST` is set"},
}};

}  // namespace

std::span<const ColumnInfo, kColumnCount> Columns() { return kColumns; }

std::optional<Column> FindColumn(std::string_view name) {
  std::string underscored(name);
  std::ranges::replace(underscored, '-', '_');
  for (const ColumnInfo& info : kColumns) {
    if (info.name == underscored) return info.column;
  }
  return std::nullopt;
}

}  // namespace sgflow
