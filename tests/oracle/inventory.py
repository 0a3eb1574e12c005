"""What AWS had configured, read from the JSON that AWS's CLI prints.

Part of the oracle: plain lists, scanned whole, nothing compiled for lookup.
"""

import ipaddress

# Three answers, never two. "and" is min, "or" is max.
NO, CANNOT_TELL, YES = 0, 1, 2

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
PROTOCOL_NAMES = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6}

TRUNK_TAG = "vpcresources.k8s.aws/trunk-eni-id"
KINDS = (
    "NetworkInterfaces",
    "Reservations",
    "Instances",
    "SecurityGroups",
    "SecurityGroupRules",
    "PrefixLists",
    "Entries",
    "NetworkAcls",
    "Subnets",
)


def protocol_number(text):
    """The protocol's number; None for -1, every protocol."""
    if text == "-1":
        return None
    return PROTOCOL_NAMES.get(text.lower()) or int(text)


class Interface:
    def __init__(self, document, instance=None):
        self.id = document["NetworkInterfaceId"]
        self.type = document.get("InterfaceType", "interface")
        self.vpc = document.get("VpcId")
        self.subnet = document.get("SubnetId")
        self.instance = instance or document.get("Attachment", {}).get("InstanceId")
        self.groups_told = document.get("Groups") is not None
        self.groups = [group["GroupId"] for group in document.get("Groups") or []]
        self.trunk = None
        for tag in document.get("TagSet", []):
            if tag["Key"] == TRUNK_TAG:
                self.trunk = tag["Value"]
        self.primary = document.get("PrivateIpAddress")
        # "its addresses": primary, secondary, IPv6, delegated prefixes; never public ones
        texts = [document.get("PrivateIpAddress")]
        texts += [entry["PrivateIpAddress"] for entry in document.get("PrivateIpAddresses", [])]
        texts += [entry["Ipv6Address"] for entry in document.get("Ipv6Addresses", [])]
        self.addresses = {ipaddress.ip_address(text) for text in texts if text}
        texts = [entry["Ipv4Prefix"] for entry in document.get("Ipv4Prefixes", [])]
        texts += [entry["Ipv6Prefix"] for entry in document.get("Ipv6Prefixes", [])]
        self.prefixes = [ipaddress.ip_network(text, strict=False) for text in texts]

    def has(self, address):
        return address in self.addresses or any(address in prefix for prefix in self.prefixes)


class Cidr:
    def __init__(self, text):
        self.network = ipaddress.ip_network(text, strict=False)


class ListReference:
    def __init__(self, list_id):
        self.list_id = list_id


class GroupReference:
    def __init__(self, document):
        self.group_id = document["GroupId"]
        self.vpc = document.get("VpcId")
        self.peering_status = document.get("PeeringStatus")


class Rule:
    """One rule as AWS numbers it, or one permission of a group without numbered rules."""

    def __init__(self, rule_id, group, egress, document, sources):
        self.id = rule_id
        self.group = group
        self.egress = egress
        self.protocol = protocol_number(document["IpProtocol"])
        self.from_port = document.get("FromPort")
        self.to_port = document.get("ToPort")
        self.sources = sources
        self.document = document

    def names_the_port(self):
        """A TCP or UDP range other than all; for ICMP a type."""
        if self.protocol in (TCP, UDP):
            return self.from_port not in (None, -1) and (self.from_port, self.to_port) != (0, 65535)
        if self.protocol in (ICMP, ICMPV6):
            return self.from_port not in (None, -1)
        return False


class AclEntry:
    def __init__(self, document):
        self.number = document["RuleNumber"]
        self.egress = document["Egress"]
        self.allows = document["RuleAction"] == "allow"
        self.protocol = protocol_number(document["Protocol"])
        self.network = ipaddress.ip_network(
            document.get("CidrBlock") or document["Ipv6CidrBlock"], strict=False
        )
        ports = document.get("PortRange")
        self.ports = (ports["From"], ports["To"]) if ports else (0, 65535)
        self.icmp_type = document.get("IcmpTypeCode", {}).get("Type", -1)

    def matches(self, peer, protocol, destination_port, fragment):
        if peer.version != self.network.version or peer not in self.network:
            return NO
        if self.protocol is None:
            return YES
        if self.protocol != protocol:
            return NO
        if protocol in (TCP, UDP) and self.ports != (0, 65535):
            if fragment:
                return CANNOT_TELL
            return YES if self.ports[0] <= destination_port <= self.ports[1] else NO
        if protocol in (ICMP, ICMPV6) and self.icmp_type != -1:
            return CANNOT_TELL
        return YES


class Acl:
    def __init__(self, document):
        self.id = document["NetworkAclId"]
        self.vpc = document.get("VpcId")
        self.is_default = document.get("IsDefault", False)
        self.subnets = {a["SubnetId"] for a in document.get("Associations", []) if "SubnetId" in a}
        self.entries = [AclEntry(entry) for entry in document.get("Entries", [])]
        numbers = [(entry.egress, entry.number) for entry in self.entries]
        self.number_twice = len(numbers) != len(set(numbers))


class Subnet:
    def __init__(self, document):
        self.id = document["SubnetId"]
        self.vpc = document.get("VpcId")
        texts = [document["CidrBlock"]] if document.get("CidrBlock") else []
        texts += [
            association["Ipv6CidrBlock"]
            for association in document.get("Ipv6CidrBlockAssociationSet", [])
            if association.get("Ipv6CidrBlockState", {}).get("State") in (None, "associated")
        ]
        self.networks = [ipaddress.ip_network(text, strict=False) for text in texts]


class Inventory:
    def __init__(self, documents):
        self.interfaces = {}
        self.described_groups = {}  # id -> its VPC, as SecurityGroups gives it
        self.rules = []  # in inventory order
        self.prefix_lists = {}  # id -> networks, or None where no entries were given
        self.acls = {}
        self.subnets = {}
        self.cut_kinds = set()  # kinds whose document has a set NextToken
        self.cut_lists = set()  # prefix lists whose own entries were cut off by one
        for document in documents:
            if document.get("NextToken"):
                self.cut_kinds |= {kind for kind in KINDS if kind in document}
            self._read_interfaces(document)
            self._read_prefix_lists(document)
            for acl in document.get("NetworkAcls", []):
                self.acls[acl["NetworkAclId"]] = Acl(acl)
            for subnet in document.get("Subnets", []):
                self.subnets[subnet["SubnetId"]] = Subnet(subnet)
        self._read_rules(documents)
        self.groups_with_rules = {rule.group for rule in self.rules}
        self.carried_groups = {
            group for interface in self.interfaces.values() for group in interface.groups
        }
        # "Files from the CLI are taken as complete for the VPCs whose interfaces they hold,
        # unless a set NextToken says otherwise."
        self.complete_vpcs = {interface.vpc for interface in self.interfaces.values()}
        if self.cut_kinds & {"NetworkInterfaces", "Reservations", "Instances"}:
            self.complete_vpcs = set()
        self.rules_are_complete = not self.cut_kinds & {"SecurityGroups", "SecurityGroupRules"}

    def _read_interfaces(self, document):
        for interface in document.get("NetworkInterfaces", []):
            self.interfaces[interface["NetworkInterfaceId"]] = Interface(interface)
        instances = list(document.get("Instances", []))
        for reservation in document.get("Reservations", []):
            instances += reservation.get("Instances", [])
        for instance in instances:
            for interface in instance.get("NetworkInterfaces", []):
                self.interfaces[interface["NetworkInterfaceId"]] = Interface(
                    interface, instance["InstanceId"]
                )

    def _read_prefix_lists(self, document):
        for prefix_list in document.get("PrefixLists", []):
            texts = None
            if "Entries" in prefix_list:
                texts = [entry["Cidr"] for entry in prefix_list["Entries"]]
            elif "Cidrs" in prefix_list:
                texts = prefix_list["Cidrs"]
            self._add_prefix_list(prefix_list["PrefixListId"], texts)
        if "Entries" in document and "PrefixListId" in document:
            self._add_prefix_list(
                document["PrefixListId"], [entry["Cidr"] for entry in document["Entries"]]
            )
            if document.get("NextToken"):
                self.cut_lists.add(document["PrefixListId"])

    def _add_prefix_list(self, list_id, texts):
        known = self.prefix_lists.get(list_id)
        if texts is None:
            self.prefix_lists[list_id] = known
        else:
            self.prefix_lists[list_id] = (known or []) + [
                ipaddress.ip_network(text, strict=False) for text in texts
            ]

    def _read_rules(self, documents):
        for document in documents:
            for row in document.get("SecurityGroupRules", []):
                if "CidrIpv4" in row:
                    source = Cidr(row["CidrIpv4"])
                elif "CidrIpv6" in row:
                    source = Cidr(row["CidrIpv6"])
                elif "PrefixListId" in row:
                    source = ListReference(row["PrefixListId"])
                else:
                    source = GroupReference(row["ReferencedGroupInfo"])
                self.rules.append(
                    Rule(row["SecurityGroupRuleId"], row["GroupId"], row["IsEgress"], row, [source])
                )
        # "A group with rules in SecurityGroupRules has those; one without has its
        # IpPermissions/IpPermissionsEgress (the rule then is named sg-.../IpPermissions/0)."
        numbered = {rule.group for rule in self.rules}
        for document in documents:
            for group in document.get("SecurityGroups", []):
                self.described_groups[group["GroupId"]] = group.get("VpcId")
                if group["GroupId"] in numbered:
                    continue
                for key in ("IpPermissions", "IpPermissionsEgress"):
                    for index, permission in enumerate(group.get(key, [])):
                        self.rules.append(
                            Rule(
                                f"{group['GroupId']}/{key}/{index}",
                                group["GroupId"],
                                key == "IpPermissionsEgress",
                                permission,
                                self._sources_of_permission(permission),
                            )
                        )

    @staticmethod
    def _sources_of_permission(permission):
        sources = [Cidr(entry["CidrIp"]) for entry in permission.get("IpRanges", [])]
        sources += [Cidr(entry["CidrIpv6"]) for entry in permission.get("Ipv6Ranges", [])]
        sources += [
            ListReference(entry["PrefixListId"]) for entry in permission.get("PrefixListIds", [])
        ]
        sources += [GroupReference(entry) for entry in permission.get("UserIdGroupPairs", [])]
        return sources

    def in_vpc(self, vpc, address):
        """The interface that has the address in that VPC."""
        for interface in self.interfaces.values():
            if interface.vpc == vpc and interface.has(address):
                return interface
        return None

    def members(self, group):
        return [i for i in self.interfaces.values() if group in i.groups]

    def is_lacking(self, group):
        # "A group is lacking when it is not in SecurityGroups, owns no rule and is carried
        # by no interface (being referenced doesn't count)."
        return (
            group not in self.described_groups
            and group not in self.groups_with_rules
            and group not in self.carried_groups
        )

    def is_undescribed(self, group):
        # "A group that an interface carries and the inventory does not describe
        # (no SecurityGroups entry, no rule of its own)."
        return group not in self.described_groups and group not in self.groups_with_rules

    def branches_of(self, trunk):
        """The branch interfaces of an EKS trunk; none for any other interface."""
        named = [i for i in self.interfaces.values() if i.type == "branch" and i.trunk == trunk.id]
        if trunk.type != "trunk" and not named:
            return []
        return named + [
            i
            for i in self.interfaces.values()
            if i.type == "branch" and i.trunk is None and i.vpc == trunk.vpc
        ]

    def acl_of(self, subnet, vpc):
        """(the subnet's ACL or None when it is unknown, how that was found)."""
        associated = [acl for acl in self.acls.values() if subnet and subnet in acl.subnets]
        if len(associated) > 1:
            return None, "two"  # "a subnet under two ACLs (its ACL is then unknown)"
        if associated:
            found, how = associated[0], "association"
        else:
            # "A subnet without an association has the VPC's default ACL."
            if subnet is None or "NetworkAcls" in self.cut_kinds:
                return None, "unknown"
            defaults = [acl for acl in self.acls.values() if acl.is_default and acl.vpc == vpc]
            if len(defaults) != 1:
                return None, "unknown"
            found, how = defaults[0], "default"
        if found.number_twice:
            return None, "unknown"
        return found, how
