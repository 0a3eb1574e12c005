#include <memory>
#include <string>
#include <utility>

#include "documents/shapes.h"

namespace sgflow {
namespace {

RuleSource PrefixSource(const IpPrefix& prefix) {
  RuleSource source;
  source.prefix = prefix;
  return source;
}

RuleSource PrefixListSource(std::string_view id) {
  RuleSource source;
  source.kind = RuleSource::Kind::kPrefixList;
  source.id = id;
  return source;
}

// `key` is the source's CIDR. Null where the document spells both as AWS does.
std::shared_ptr<const RuleSpelling> SpellingOf(std::string_view protocol_text,
                                               std::optional<Protocol> protocol,
                                               const RuleSource& source,
                                               std::string_view cidr_text) {
  const bool same_source =
      source.kind != RuleSource::Kind::kPrefix || source.prefix.IsWrittenAs(cidr_text);
  const bool same_protocol = !protocol || ProtocolName(*protocol) == protocol_text;
  if (same_source && same_protocol) return nullptr;
  return std::make_shared<const RuleSpelling>(
      std::string(protocol_text), same_source ? source.ToString() : std::string(cidr_text));
}

PeeringStatus ToPeeringStatus(std::string_view text) {
  if (text.empty()) return PeeringStatus::kNone;
  if (text == "active") return PeeringStatus::kActive;
  if (text == "deleted") return PeeringStatus::kDeleted;
  return PeeringStatus::kOther;
}

// `ReferencedGroupInfo`, or an element of `UserIdGroupPairs`.
RuleSource ReadReference(JsonObject& object) {
  RuleSource source;
  source.kind = RuleSource::Kind::kSecurityGroup;
  source.id = object.RequiredText("GroupId");
  source.account_id = object.Text("UserId");
  source.vpc_id = object.Text("VpcId");
  source.peering = ToPeeringStatus(object.Text("PeeringStatus"));
  return source;
}

// A rule has one of these and no other.
std::optional<RuleSource> ReadSource(JsonObject& rule) {
  constexpr std::string_view kKeys[] = {"CidrIpv4", "CidrIpv6", "PrefixListId",
                                        "ReferencedGroupInfo"};
  std::string_view found;
  for (const std::string_view key : kKeys) {
    if (!rule.Has(key)) continue;
    if (!found.empty()) {
      rule.Fail({}, "it has two sources, " + std::string(found) + " and " + std::string(key),
                "make two rules of it");
      return std::nullopt;
    }
    found = key;
  }
  if (found.empty()) {
    rule.Fail({}, "it has no source",
              "a rule has CidrIpv4, CidrIpv6, PrefixListId or ReferencedGroupInfo");
    return std::nullopt;
  }
  if (found == "PrefixListId") return PrefixListSource(rule.RequiredText(found));
  std::optional<RuleSource> source;
  if (found == "ReferencedGroupInfo") {
    rule.Object(found, [&](JsonObject& reference) { source = ReadReference(reference); });
    return source;
  }
  const AddressFamily family = found == "CidrIpv4" ? AddressFamily::kIpv4 : AddressFamily::kIpv6;
  if (const auto prefix = rule.Cidr(found, family)) source = PrefixSource(*prefix);
  return source;
}

class PermissionReader {
 public:
  PermissionReader(JsonObject& object, PermissionDescription& permission)
      : object_(object), permission_(permission) {}

  void ReadSources() {
    protocol_text_ = object_.Text("IpProtocol");
    EachCidr("IpRanges", "CidrIp", AddressFamily::kIpv4);
    EachCidr("Ipv6Ranges", "CidrIpv6", AddressFamily::kIpv6);
    object_.EachObject("PrefixListIds", [&](JsonObject& inner) {
      Add(inner, PrefixListSource(inner.RequiredText("PrefixListId")));
    });
    object_.EachObject("UserIdGroupPairs",
                       [&](JsonObject& inner) { Add(inner, ReadReference(inner)); });
    if (!any_) {
      object_.Fail({}, "it has no source",
                   "a permission has IpRanges, Ipv6Ranges, PrefixListIds or UserIdGroupPairs");
    }
  }

 private:
  void EachCidr(std::string_view list, std::string_view key, AddressFamily family) {
    object_.EachObject(list, [&](JsonObject& inner) {
      any_ = true;
      if (!inner.Has(key)) {
        inner.RequiredText(key);
      } else if (const auto prefix = inner.Cidr(key, family)) {
        Add(inner, PrefixSource(*prefix), inner.Text(key));
      }
    });
  }

  void Add(JsonObject& inner, RuleSource source, std::string_view cidr_text = {}) {
    any_ = true;
    auto spelling = SpellingOf(protocol_text_, permission_.protocol, source, cidr_text);
    PermissionSource described{.source = std::move(source),
                               .description = SharedText(inner.Text("Description")),
                               .doubtful = false,
                               .spelling = std::move(spelling)};
    inner.Finish();
    described.doubtful = inner.doubtful();
    permission_.sources.push_back(std::move(described));
  }

  JsonObject& object_;
  PermissionDescription& permission_;
  std::string_view protocol_text_;
  bool any_ = false;
};

// False where the list is not told.
bool ReadPermissions(JsonObject& group, Direction direction, std::string_view key,
                     std::optional<std::vector<PermissionDescription>>& permissions) {
  const bool told = group.EachObject(key, [&](JsonObject& object, std::size_t index) {
    PermissionDescription permission;
    permission.direction = direction;
    permission.index = static_cast<std::uint32_t>(index);
    permission.protocol = ReadProtocol(object, "IpProtocol");
    permission.from_port = object.Number("FromPort", kPortOrType).value_or(-1);
    permission.to_port = object.Number("ToPort", kPortOrType).value_or(-1);
    PermissionReader(object, permission).ReadSources();
    object.Finish();
    if (!permissions) permissions.emplace();
    if (object.doubtful_itself()) {
      for (PermissionSource& source : permission.sources) source.doubtful = true;
    }
    permissions->push_back(std::move(permission));
  });
  if (told && !permissions) permissions.emplace();
  return told;
}

}  // namespace

std::optional<Protocol> ReadProtocol(JsonObject& object, std::string_view key) {
  const std::string_view text = object.RequiredText(key);
  if (text.empty() || text == "-1") return std::nullopt;
  const auto protocol = ParseProtocol(text);
  if (!protocol) {
    object.Fail(key, '"' + std::string(text) + "\" is no protocol",
                "a protocol is tcp, udp, icmp, icmpv6, a number from 0 to 255, or -1 for all");
  }
  return protocol;
}

void ReadGroup(JsonObject& object, const Origin& origin, InventoryBuilder& builder) {
  GroupDescription description;
  description.origin = origin;
  description.group.id = object.RequiredText("GroupId");
  description.group.name = object.Text("GroupName");
  description.group.vpc_id = object.Text("VpcId");
  description.group.owner_id = object.Text("OwnerId");
  auto& permissions = description.permissions;
  const bool ingress = ReadPermissions(object, Direction::kIngress, "IpPermissions", permissions);
  const bool egress =
      ReadPermissions(object, Direction::kEgress, "IpPermissionsEgress", permissions);
  description.permissions_whole = ingress == egress;
  object.Finish();
  description.group.doubtful = object.doubtful_itself();
  builder.Add(std::move(description));
}

void ReadRule(JsonObject& object, const Origin& origin, InventoryBuilder& builder) {
  RuleDescription description;
  description.origin = origin;
  Rule& rule = description.rule;
  // Made, not assigned to: a text that is assigned to takes more than its length.
  rule.id = std::string(object.RequiredText("SecurityGroupRuleId"));
  description.group_id = object.RequiredText("GroupId");
  description.group_owner_id = object.Text("GroupOwnerId");
  const auto is_egress = object.RequiredFlag("IsEgress");
  rule.direction = is_egress.value_or(false) ? Direction::kEgress : Direction::kIngress;
  rule.protocol = ReadProtocol(object, "IpProtocol");
  rule.from_port = object.Number("FromPort", kPortOrType).value_or(-1);
  rule.to_port = object.Number("ToPort", kPortOrType).value_or(-1);
  if (auto source = ReadSource(object)) {
    const std::string_view ipv4 = object.Text("CidrIpv4");
    rule.spelling = SpellingOf(object.Text("IpProtocol"), rule.protocol, *source,
                               ipv4.empty() ? object.Text("CidrIpv6") : ipv4);
    rule.source = std::move(*source);
  }
  rule.description = object.Text("Description");
  object.Finish();
  rule.doubtful = object.doubtful();
  builder.Add(std::move(description));
}

}  // namespace sgflow
