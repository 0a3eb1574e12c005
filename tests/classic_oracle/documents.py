"""What the AWS CLI's JSON documents say about interfaces, groups and rules."""

import contextlib
import ipaddress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Rule:
    """One rule with one source. The texts are the document's own."""

    rule_id: str
    group_id: str
    egress: bool
    protocol: str
    from_port: int
    to_port: int
    source: str


@dataclass
class Interface:
    interface_id: str
    vpc_id: str
    instance_id: str
    group_ids: list[str]
    networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = field(default_factory=list)

    def owns(self, text: str | None) -> bool:
        """Is this one of the interface's own addresses?"""
        try:
            address = ipaddress.ip_address(text or "")
        except ValueError:
            return False
        return any(address in network for network in self.networks)


class Configuration:
    """Interfaces by id, and the rules of each group in the documents' order."""

    def __init__(self, *documents: dict):
        self.interfaces: dict[str, Interface] = {}
        self.listed_rules: dict[str, list[Rule]] = {}
        self.permission_rules: dict[str, list[Rule]] = {}
        # Groups with permissions, be they none, and those that a document has listed by name.
        self.groups_with_rules: set[str] = set()
        # The documents list the rules of all groups that can be seen, and all of each.
        self.lists_all_rules = False
        self.is_cut = False
        for document in documents:
            self._note_what_is_listed(document)
            for described in _described_interfaces(document):
                interface = _interface(described)
                self.interfaces[interface.interface_id] = interface
            for listed in document.get("SecurityGroupRules", []):
                rule = _listed_rule(listed)
                rules = self.listed_rules.setdefault(rule.group_id, [])
                if rule not in rules:
                    rules.append(rule)
            for group in document.get("SecurityGroups", []):
                self.permission_rules[group["GroupId"]] = _permission_rules(group)

    def _note_what_is_listed(self, document: dict) -> None:
        has_rules = "SecurityGroupRules" in document
        if document.get("NextToken") and (has_rules or "SecurityGroups" in document):
            self.is_cut = True
        coverage = document.get("Snapshot", {}).get("Coverage")
        if coverage is None:
            self.lists_all_rules |= has_rules
        else:
            self.groups_with_rules.update(coverage.get("RulesOfGroupIds", []))
        for group in document.get("SecurityGroups", []):
            if "IpPermissions" in group or "IpPermissionsEgress" in group:
                self.groups_with_rules.add(group["GroupId"])

    def lists_rules_of(self, group_id: str) -> bool:
        """Whether one that is not here is none. `Kinds` of a `Coverage` are not looked at."""
        known = self.lists_all_rules or group_id in self.groups_with_rules
        return known and not self.is_cut

    def rules(self, group_id: str, egress: bool) -> list[Rule]:
        """A group that has rules of its own ignores its permissions."""
        rules = self.listed_rules.get(group_id) or self.permission_rules.get(group_id, [])
        return [rule for rule in rules if rule.egress == egress]


def _described_interfaces(document: dict) -> list[dict]:
    interfaces = list(document.get("NetworkInterfaces", []))
    instances = list(document.get("Instances", []))
    for reservation in document.get("Reservations", []):
        instances += reservation.get("Instances", [])
    for instance in instances:
        interfaces += instance.get("NetworkInterfaces", [])
    return interfaces


def _interface(described: dict) -> Interface:
    texts = []
    if "PrivateIpAddress" in described:
        texts.append(described["PrivateIpAddress"])
    texts += [each["PrivateIpAddress"] for each in described.get("PrivateIpAddresses", [])]
    texts += [each["Ipv6Address"] for each in described.get("Ipv6Addresses", [])]
    texts += [each["Ipv4Prefix"] for each in described.get("Ipv4Prefixes", [])]
    texts += [each["Ipv6Prefix"] for each in described.get("Ipv6Prefixes", [])]
    return Interface(
        interface_id=described["NetworkInterfaceId"],
        vpc_id=described.get("VpcId", ""),
        instance_id=described.get("Attachment", {}).get("InstanceId", ""),
        group_ids=[group["GroupId"] for group in described.get("Groups", [])],
        networks=_networks(texts),
    )


def _networks(texts: list[str]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Documents have been seen with an address written `10-0-0-157`: it is nobody's."""
    networks = []
    for text in texts:
        with contextlib.suppress(ValueError):
            networks.append(ipaddress.ip_network(text))
    return networks


def _listed_rule(listed: dict) -> Rule:
    if "CidrIpv4" in listed:
        source = listed["CidrIpv4"]
    elif "CidrIpv6" in listed:
        source = listed["CidrIpv6"]
    elif "PrefixListId" in listed:
        source = listed["PrefixListId"]
    else:
        source = listed["ReferencedGroupInfo"]["GroupId"]
    return Rule(
        rule_id=listed["SecurityGroupRuleId"],
        group_id=listed["GroupId"],
        egress=listed["IsEgress"],
        protocol=listed["IpProtocol"],
        from_port=listed.get("FromPort", -1),
        to_port=listed.get("ToPort", -1),
        source=source,
    )


# A permission holds any number of sources of four kinds; each is a rule.
SOURCE_KINDS = [
    ("IpRanges", "CidrIp"),
    ("Ipv6Ranges", "CidrIpv6"),
    ("PrefixListIds", "PrefixListId"),
    ("UserIdGroupPairs", "GroupId"),
]


def _permission_rules(group: dict) -> list[Rule]:
    rules = []
    for key, egress in (("IpPermissions", False), ("IpPermissionsEgress", True)):
        for index, permission in enumerate(group.get(key, [])):
            for kind, member in SOURCE_KINDS:
                for source in permission.get(kind, []):
                    rules.append(
                        Rule(
                            rule_id=f"{group['GroupId']}/{key}/{index}",
                            group_id=group["GroupId"],
                            egress=egress,
                            protocol=permission["IpProtocol"],
                            from_port=permission.get("FromPort", -1),
                            to_port=permission.get("ToPort", -1),
                            source=source[member],
                        )
                    )
    return rules
