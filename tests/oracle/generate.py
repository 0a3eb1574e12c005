"""Random inventories and flow logs for the oracle, from a seed.

Few addresses, ports and groups, so that things collide. One case is one inventory document and
one log file with a header line; every record has its own `start`.

    python3 tests/oracle/generate.py --seed 1 --records 500 --output DIRECTORY
"""

import argparse
import ipaddress
import json
import pathlib
import random
from dataclasses import dataclass, replace

# Things that can be left out, for bringing a program up step by step.
FEATURES = (
    "balancers",
    "branches",
    "conversations",
    "delegated-prefixes",
    "fragments",
    "missing-fields",
    "next-hop",
    "next-token",
    "no-direction",
    "no-interface-id",
    "permissions",
    "same-addresses",
    "several-sources",
    "transit-gateway",
    "two-acls",
    "uncovered",
    "undescribed",
)

V2 = (
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
    "start end action log-status"
).split()
V5 = (
    V2
    + (
        "vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id "
        "sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service "
        "flow-direction traffic-path"
    ).split()
)
V11 = (
    V5
    + (
        "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn "
        "ecs-container-instance-id ecs-container-id ecs-second-container-id "
        "ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason "
        "resource-id encryption-status instance-tag instance-tag-2 interface-tag "
        "interface-tag-2 asg-tag asg-tag-2 interface-type next-hop-interface-id "
        "next-hop-subnet-id next-hop-az-id next-hop-vpc-id next-hop-interface-type"
    ).split()
)
CLASSIC = sorted(V5)
TRANSIT_GATEWAY = (
    "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id "
    "tgw-dst-vpc-account-id tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id "
    "tgw-src-eni tgw-dst-eni tgw-src-az-id tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr "
    "srcport dstport protocol packets bytes start end log-status type packets-lost-no-route "
    "packets-lost-blackhole packets-lost-mtu-exceeded packets-lost-ttl-expired tcp-flags region "
    "flow-direction pkt-src-aws-service pkt-dst-aws-service"
).split()

ACCOUNT = "123456789012"
START = 1767225600
EXTERNAL4 = ("198.51.100.7", "198.51.100.8", "203.0.113.9", "192.0.2.10")
EXTERNAL6 = ("2001:db8:ffff::7", "2001:db8:ffff::8", "2001:db8:fffe::9")
PORTS = (22, 53, 80, 123, 443, 1023, 1024, 5432, 8080, 32767, 32768, 40000, 50000, 65535)
PORT_RANGES = (
    (22, 22),
    (53, 53),
    (80, 80),
    (443, 443),
    (0, 1023),
    (1024, 65535),
    (5432, 8080),
    (32768, 65535),
    (0, 65535),
    (0, 65534),
    (1, 65535),
    (443, 8080),
    (0, 0),
)
FLAGS = (
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    1,
    2,
    2,
    2,
    2,
    3,
    4,
    4,
    5,
    6,
    7,
    18,
    18,
    18,
    19,
    22,
    23,
    8,
    16,
    32,
    None,
)
PROTOCOLS = (6,) * 11 + (17,) * 4 + (1, 1, 58, 58, 47, 50, 132)
RULE_PROTOCOLS = (
    ("tcp",) * 9
    + ("6",)
    + ("udp",) * 3
    + ("17",)
    + ("-1",) * 4
    + ("icmp", "icmp", "1", "icmpv6", "icmpv6", "58", "47", "50", "132")
)


class Interface:
    """One interface of the generated world."""

    def __init__(self, interface_id, kind, vpc, subnet):
        self.id, self.type, self.vpc, self.subnet = interface_id, kind, vpc, subnet
        self.addresses, self.prefixes, self.groups = [], [], []
        self.instance = self.trunk = None

    def document(self):
        four = [a for a in self.addresses if a.version == 4]
        document = {
            "NetworkInterfaceId": self.id,
            "InterfaceType": self.type,
            "OwnerId": ACCOUNT,
            "VpcId": self.vpc.id,
            "SubnetId": self.subnet.id,
            "Status": "in-use",
            "PrivateIpAddress": str(four[0]),
            "PrivateIpAddresses": [
                {"Primary": a is four[0], "PrivateIpAddress": str(a)} for a in four
            ],
            "Ipv6Addresses": [{"Ipv6Address": str(a)} for a in self.addresses if a.version == 6],
            "TagSet": (
                [{"Key": "vpcresources.k8s.aws/trunk-eni-id", "Value": self.trunk}]
                if self.trunk
                else []
            ),
        }
        # Of some that have none it is not told.
        if self.groups or sum(self.id.encode()) % 3:
            document["Groups"] = [{"GroupId": g, "GroupName": g} for g in self.groups]
        for version in (4, 6):
            prefixes = [p for p in self.prefixes if p.version == version]
            if prefixes:
                document[f"Ipv{version}Prefixes"] = [
                    {f"Ipv{version}Prefix": str(p)} for p in prefixes
                ]
        if self.instance:
            document["Attachment"] = {
                "InstanceId": self.instance,
                "DeviceIndex": 0,
                "Status": "attached",
            }
        return document

    def any_address(self, rng, version):
        """One of its addresses of that family, or one from a delegated prefix."""
        known = [a for a in self.addresses if a.version == version]
        known += [p[rng.randrange(4)] for p in self.prefixes if p.version == version]
        if not known:
            return None
        return known[0] if rng.random() < 0.5 else rng.choice(known)

    def primary(self, version):
        return next((a for a in self.addresses if a.version == version), None)


class Subnet:
    def __init__(self, subnet_id, vpc, four, six):
        self.id, self.vpc = subnet_id, vpc
        self.four, self.six = ipaddress.ip_network(four), ipaddress.ip_network(six)
        self.next_host, self.next_prefix = 4, 0

    def host(self):
        self.next_host += 1
        return self.four[self.next_host]

    def host6(self):
        self.next_host += 1
        return self.six[self.next_host]

    def prefix(self):
        self.next_prefix += 1
        return list(self.four.subnets(new_prefix=28))[3 + self.next_prefix]

    def prefix6(self):
        self.next_prefix += 1
        return ipaddress.ip_network((int(self.six[0]) + (self.next_prefix << 48), 80))

    def unused(self, version):
        return self.four[62] if version == 4 else self.six[0xFFFE]


class Vpc:
    def __init__(self, vpc_id, number):
        self.id = vpc_id
        self.subnets = [
            Subnet(
                f"subnet-{vpc_id[-1]}{i}",
                self,
                f"10.{number}.0.{128 * i}/25",
                f"2001:db8:{number}:{i}::/64",
            )
            for i in range(2)
        ]
        self.interfaces = []


@dataclass(frozen=True)
class Flow:
    """A conversation as one side of it is logged, before it becomes a line."""

    interface: Interface
    local: object  # the true local address
    local_seen: object  # what srcaddr or dstaddr shows
    peer: object
    peer_seen: object
    protocol: int
    local_port: int
    peer_port: int
    egress: bool


class Case:
    def __init__(self, seed, records=500, skip=()):
        unknown = set(skip) - set(FEATURES)
        if unknown:
            raise ValueError(f"unknown features {sorted(unknown)}; known: {FEATURES}")
        self.rng = random.Random(seed)
        self.skip = set(skip)
        self.inventory = self.make_inventory()
        self.fields = self.make_layout()
        self.recent = []
        self.records = [self.make_record(index) for index in range(records)]

    def chance(self, probability, feature=None):
        # always draws, so that leaving a feature out disturbs the rest little
        drawn = self.rng.random() < probability
        return drawn and feature not in self.skip

    # ---- the inventory ----

    def make_inventory(self):
        rng = self.rng
        self.main, self.second = Vpc("vpc-a", 0), Vpc("vpc-b", 1)
        third = Vpc("vpc-c", 0 if self.chance(0.6, "same-addresses") else 2)
        self.vpcs = [self.main, self.second, third]
        self.counter = 0
        self.choose_groups()
        for vpc, count in ((self.main, 7), (self.second, 3), (third, 2)):
            for _ in range(count):
                self.add_interface(vpc, self.choose_type(vpc))
        if self.chance(0.5, "branches"):
            self.add_trunk()
        self.interfaces = [i for vpc in self.vpcs for i in vpc.interfaces]
        if self.chance(0.3):  # one group in two VPCs
            rng.choice(self.second.interfaces).groups.append(self.main_groups[0])
        document = {"NetworkInterfaces": []}
        self.add_interface_documents(document)
        self.add_prefix_lists(document)
        self.add_groups_and_rules(document)
        self.add_acls_and_subnets(document)
        if self.chance(0.06, "next-token"):
            document["NextToken"] = "token"
        return document

    def choose_groups(self):
        self.main_groups = [f"sg-a{i}" for i in range(4)]
        self.second_groups = ["sg-b0", "sg-b1"]
        self.third_groups = ["sg-c0"]
        self.group_vpcs = {
            g: f"vpc-{g[3]}" for g in self.main_groups + self.second_groups + self.third_groups
        }
        self.group_vpcs["sg-nobody"] = "vpc-a"
        if "uncovered" not in self.skip:
            self.group_vpcs["sg-far"] = "vpc-d"
        self.with_rules = list(self.main_groups + self.second_groups + self.third_groups)
        self.described = set(self.group_vpcs)
        self.described.discard("sg-a3")  # rules, but no SecurityGroups entry
        if self.chance(0.5):
            self.with_rules.remove("sg-a2")  # described, no rules
        if self.chance(0.5):
            self.with_rules.append("sg-rules")  # owns rules and nothing else
        self.targets = self.with_rules + ["sg-nobody", "sg-lacking", "sg-rules"]
        if "uncovered" not in self.skip:
            self.targets += ["sg-far"]

    def choose_type(self, vpc):
        kinds = ["interface"] * 10 + [
            "lambda",
            "vpc_endpoint",
            "nat_gateway",
            "gateway_load_balancer_endpoint",
        ]
        if "balancers" not in self.skip:
            kinds += ["network_load_balancer"] * 2
        return self.rng.choice(kinds)

    def add_interface(self, vpc, kind):
        rng = self.rng
        self.counter += 1
        subnet = rng.choice(vpc.subnets)
        new = Interface(f"eni-{vpc.id[-1]}{self.counter}", kind, vpc, subnet)
        new.addresses.append(subnet.host())
        if self.chance(0.35):
            new.addresses.append(subnet.host())
        if self.chance(0.5):
            new.addresses.append(subnet.host6())
        if self.chance(0.25, "delegated-prefixes") and subnet.next_prefix < 3:
            new.prefixes.append(subnet.prefix())
        if self.chance(0.15, "delegated-prefixes") and subnet.next_prefix < 3:
            new.prefixes.append(subnet.prefix6())
        if kind not in ("nat_gateway", "gateway_load_balancer_endpoint"):
            groups = {"a": self.main_groups, "b": self.second_groups, "c": self.third_groups}[
                vpc.id[-1]
            ]
            count = min(len(groups), rng.choice((0, 1, 1, 1, 2, 2, 3)))
            new.groups = rng.sample(groups, count)
            if self.chance(0.1, "undescribed"):
                new.groups.append("sg-undescribed")
        if kind == "interface" and self.chance(0.7):
            new.instance = f"i-{self.counter - self.counter % 2}"
        vpc.interfaces.append(new)
        return new

    def add_trunk(self):
        trunk = self.add_interface(self.main, "trunk")
        trunk.instance = "i-trunk"
        for tag in (trunk.id, None, "eni-other-trunk"):
            if self.chance(0.7):
                branch = self.add_interface(self.main, "branch")
                branch.trunk = tag

    def add_interface_documents(self, document):
        """Most of them plainly, sometimes those of one instance as describe-instances does."""
        instances = sorted({i.instance for i in self.interfaces if i.instance})
        nested = self.rng.choice(instances) if instances and self.chance(0.2) else None
        mine = []
        for interface in self.interfaces:
            if nested and interface.instance == nested:
                mine.append(interface.document())
            else:
                document["NetworkInterfaces"].append(interface.document())
        if nested:
            for entry in mine:
                del entry["Attachment"]["InstanceId"]
            document["Reservations"] = [
                {"Instances": [{"InstanceId": nested, "NetworkInterfaces": mine}]}
            ]
        self.rng.shuffle(document["NetworkInterfaces"])

    def add_prefix_lists(self, document):
        def some():
            return [str(self.any_network()) for _ in range(self.rng.randrange(1, 4))]

        document["PrefixLists"] = [
            {"PrefixListId": "pl-entries", "Entries": [{"Cidr": c} for c in some()]},
            {"PrefixListId": "pl-cidrs", "Cidrs": some()},
            {"PrefixListId": "pl-empty", "Entries": []},
            {"PrefixListId": "pl-unread", "MaxEntries": 10},
        ]
        document["PrefixListId"] = "pl-beside"
        document["Entries"] = [{"Cidr": c} for c in some()]
        self.lists = ["pl-entries", "pl-cidrs", "pl-empty", "pl-unread", "pl-beside", "pl-lacking"]

    def any_network(self, version=None):
        rng = self.rng
        version = version or rng.choice((4, 4, 6))
        if version == 4:
            return ipaddress.ip_network(
                rng.choice(
                    ["0.0.0.0/0"] * 3
                    + [
                        "10.0.0.0/8",
                        "10.0.0.0/25",
                        "10.0.0.128/25",
                        "10.1.0.0/24",
                        "198.51.100.0/24",
                        "198.51.100.7/32",
                        "203.0.113.0/24",
                    ]
                    + [str(self.known_address(4))]
                )
            )
        return ipaddress.ip_network(
            rng.choice(
                ["::/0"] * 3
                + [
                    "2001:db8::/32",
                    "2001:db8:0:1::/64",
                    "2001:db8:ffff::/48",
                    "2001:db8:ffff::7/128",
                ]
                + [str(self.known_address(6))]
            )
        )

    def known_address(self, version):
        known = [a for i in self.interfaces for a in i.addresses if a.version == version]
        return self.rng.choice(known) if known else ipaddress.ip_address("2001:db8::1")

    def any_rule(self, egress):
        """Protocol, ports and source, as SecurityGroupRules has them."""
        rng = self.rng
        protocol = rng.choice(RULE_PROTOCOLS)
        if protocol in ("tcp", "udp", "6", "17"):
            ports = rng.choice(PORT_RANGES)
        elif protocol in ("icmp", "icmpv6", "1", "58"):
            ports = rng.choice(((-1, -1), (8, 0), (3, -1), (128, 0)))
        else:
            ports = (-1, -1)
        rule = {
            "IsEgress": egress,
            "IpProtocol": protocol,
            "FromPort": ports[0],
            "ToPort": ports[1],
        }
        kind = rng.random()
        if kind < 0.35:
            rule["CidrIpv4"] = str(self.any_network(4))
        elif kind < 0.5:
            rule["CidrIpv6"] = str(self.any_network(6))
        elif kind < 0.65:
            rule["PrefixListId"] = rng.choice(self.lists)
        else:
            rule["ReferencedGroupInfo"] = self.any_reference()
        return rule

    def any_reference(self):
        rng = self.rng
        group = rng.choice(self.main_groups * 2 + self.second_groups * 2 + self.targets)
        reference = {"GroupId": group, "UserId": ACCOUNT}
        home = self.group_vpcs.get(group)
        if home != "vpc-a" and home and self.chance(0.6):
            reference["VpcId"] = home
        elif group == "sg-lacking" and self.chance(0.3, "uncovered"):
            reference["VpcId"] = "vpc-d"
        if home != "vpc-a":
            status = rng.choice(
                (
                    "active",
                    "active",
                    "deleted",
                    "pending-acceptance",
                    "pending-acceptance",
                    None,
                    None,
                )
            )
            if status:
                reference["VpcPeeringConnectionId"] = "pcx-1"
                reference["PeeringStatus"] = status
        return reference

    def add_groups_and_rules(self, document):
        rng = self.rng
        rows, self.rule_count = [], 0
        permissions = {}
        for group in self.with_rules:
            rules = [self.any_rule(False) for _ in range(rng.choice((0, 1, 2, 3, 4, 6, 8)))]
            if self.chance(0.45):
                everything = {"IsEgress": True, "IpProtocol": "-1", "FromPort": -1, "ToPort": -1}
                rules.append(dict(everything, CidrIpv4="0.0.0.0/0"))
                if self.chance(0.5):
                    rules.append(dict(everything, CidrIpv6="::/0"))
            else:
                rules += [self.any_rule(True) for _ in range(rng.choice((0, 1, 2, 4, 8)))]
            if group not in self.described or not self.chance(0.25, "permissions"):
                for rule in rules:
                    self.rule_count += 1
                    rows.append(
                        {
                            "SecurityGroupRuleId": f"sgr-{self.rule_count:02}",
                            "GroupId": group,
                            "GroupOwnerId": ACCOUNT,
                            **rule,
                            "Tags": [],
                        }
                    )
                # printed by describe-security-groups as well; not to be read then
                if rules and self.chance(0.3, "permissions"):
                    permissions[group] = rules
            else:
                permissions[group] = rules
        rng.shuffle(rows)
        document["SecurityGroupRules"] = rows
        document["SecurityGroups"] = []
        for group in sorted(self.described):
            entry = {
                "GroupId": group,
                "GroupName": group,
                "Description": "",
                "OwnerId": ACCOUNT,
                "VpcId": self.group_vpcs[group],
            }
            if group in permissions:
                entry.update(self.as_permissions(permissions[group]))
            document["SecurityGroups"].append(entry)
        rng.shuffle(document["SecurityGroups"])

    def as_permissions(self, rules):
        found = {"IpPermissions": [], "IpPermissionsEgress": []}
        for rule in rules:
            permissions = found["IpPermissionsEgress" if rule["IsEgress"] else "IpPermissions"]
            if permissions and self.chance(0.3, "several-sources"):
                permission = permissions[-1]  # its source joins the one before
            else:
                permission = {
                    "IpProtocol": rule["IpProtocol"],
                    "IpRanges": [],
                    "Ipv6Ranges": [],
                    "PrefixListIds": [],
                    "UserIdGroupPairs": [],
                }
                if rule["IpProtocol"] != "-1":
                    permission["FromPort"] = rule["FromPort"]
                    permission["ToPort"] = rule["ToPort"]
                permissions.append(permission)
            if "CidrIpv4" in rule:
                permission["IpRanges"].append({"CidrIp": rule["CidrIpv4"]})
            elif "CidrIpv6" in rule:
                permission["Ipv6Ranges"].append({"CidrIpv6": rule["CidrIpv6"]})
            elif "PrefixListId" in rule:
                permission["PrefixListIds"].append({"PrefixListId": rule["PrefixListId"]})
            else:
                permission["UserIdGroupPairs"].append(rule["ReferencedGroupInfo"])
        return found

    def add_acls_and_subnets(self, document):
        rng = self.rng
        document["NetworkAcls"], document["Subnets"] = [], []
        for vpc in self.vpcs:
            default = None
            if self.chance(0.8):
                default = self.any_acl(vpc, f"acl-{vpc.id[-1]}", True)
                document["NetworkAcls"].append(default)
            for index, subnet in enumerate(vpc.subnets):
                if self.chance(0.6):
                    own = self.any_acl(vpc, f"acl-{vpc.id[-1]}{index}", False)
                    own["Associations"].append(self.association(own, subnet))
                    document["NetworkAcls"].append(own)
                    if default and self.chance(0.07, "two-acls"):
                        default["Associations"].append(self.association(default, subnet))
                elif default and self.chance(0.4):
                    default["Associations"].append(self.association(default, subnet))
                if self.chance(0.7):
                    document["Subnets"].append(
                        {
                            "SubnetId": subnet.id,
                            "VpcId": vpc.id,
                            "CidrBlock": str(subnet.four),
                            "Ipv6CidrBlockAssociationSet": [
                                {
                                    "Ipv6CidrBlock": str(subnet.six),
                                    "Ipv6CidrBlockState": {"State": "associated"},
                                }
                            ],
                        }
                    )
        rng.shuffle(document["NetworkAcls"])

    @staticmethod
    def association(acl, subnet):
        return {
            "NetworkAclAssociationId": f"aclassoc-{acl['NetworkAclId'][4:]}-{subnet.id[7:]}",
            "NetworkAclId": acl["NetworkAclId"],
            "SubnetId": subnet.id,
        }

    def any_acl(self, vpc, acl_id, is_default):
        rng, entries = self.rng, []
        for egress in (False, True):
            numbers = rng.sample(range(1, 300), 4)
            for number in numbers[: rng.choice((0, 0, 1, 2, 4))]:
                entries.append(self.any_acl_entry(egress, number))
            for version, probability, number in ((4, 0.8, 1000), (6, 0.7, 1001)):
                if self.chance(probability):
                    entries.append(
                        self.acl_entry(
                            egress,
                            number,
                            "-1",
                            "allow",
                            ipaddress.ip_network("0.0.0.0/0" if version == 4 else "::/0"),
                        )
                    )
                if self.chance(0.6):
                    entries.append(
                        self.acl_entry(
                            egress,
                            32767 if version == 4 else 32768,
                            "-1",
                            "deny",
                            ipaddress.ip_network("0.0.0.0/0" if version == 4 else "::/0"),
                        )
                    )
        rng.shuffle(entries)
        return {
            "NetworkAclId": acl_id,
            "VpcId": vpc.id,
            "OwnerId": ACCOUNT,
            "IsDefault": is_default,
            "Associations": [],
            "Entries": entries,
        }

    def any_acl_entry(self, egress, number):
        rng = self.rng
        protocol = rng.choice(("-1", "6", "6", "6", "17", "17", "1", "58", "47"))
        network = self.any_network(6 if protocol == "58" else None)
        entry = self.acl_entry(
            egress, number, protocol, rng.choice(("allow", "deny", "deny")), network
        )
        if protocol in ("6", "17"):
            ports = rng.choice(PORT_RANGES)
            entry["PortRange"] = {"From": ports[0], "To": ports[1]}
        if protocol in ("1", "58"):
            kind = rng.choice(((-1, -1), (8, 0), (128, -1)))
            entry["IcmpTypeCode"] = {"Type": kind[0], "Code": kind[1]}
        return entry

    @staticmethod
    def acl_entry(egress, number, protocol, action, network):
        return {
            "Egress": egress,
            "RuleNumber": number,
            "Protocol": protocol,
            "RuleAction": action,
            "CidrBlock" if network.version == 4 else "Ipv6CidrBlock": str(network),
        }

    # ---- the log ----

    def make_layout(self):
        rng = self.rng
        drawn = rng.random()
        if drawn < 0.05 and "transit-gateway" not in self.skip:
            return list(TRANSIT_GATEWAY)
        if drawn < 0.1 and "no-direction" not in self.skip:
            return list(V2)
        if drawn < 0.2:
            return list(CLASSIC)
        if drawn < 0.45:
            return list(V11)
        fields = [
            "start",
            "srcaddr",
            "dstaddr",
            "srcport",
            "dstport",
            "protocol",
            "action",
            "log-status",
        ]
        for name, probability, feature in (
            ("interface-id", 0.5, None),
            ("vpc-id", 0.7, None),
            ("instance-id", 0.6, None),
            ("subnet-id", 0.5, None),
            ("tcp-flags", 0.85, None),
            ("flow-direction", 0.5, None),
            ("reject-reason", 0.5, None),
            ("resource-id", 0.5, None),
            ("next-hop-interface-id", 0.4, "next-hop"),
            ("next-hop-vpc-id", 0.4, "next-hop"),
            ("next-hop-interface-type", 0.5, "next-hop"),
            ("version", 0.8, None),
            ("account-id", 0.5, None),
            ("end", 0.8, None),
            ("packets", 0.5, None),
            ("bytes", 0.5, None),
        ):
            wanted = self.chance(probability, feature)
            if name == "interface-id" and "no-interface-id" in self.skip:
                wanted = True
            if name == "flow-direction" and "no-direction" in self.skip:
                wanted = True
            if wanted:
                fields.append(name)
        if self.chance(0.6):
            fields += ["pkt-srcaddr", "pkt-dstaddr"]
        rng.shuffle(fields)
        return fields

    def make_record(self, index):
        rng = self.rng
        flow = self.choose_flow()
        action = rng.choice(("ACCEPT", "REJECT"))
        flags = rng.choice(FLAGS) if flow.protocol == 6 else rng.choice((0, 0, 0, 0, None, 2, 18))
        values = self.as_values(flow, action, flags)
        values["start"] = str(START + index)
        values["end"] = str(START + index + 60)
        self.disturb(values)
        return {name: values.get(name, "-") for name in self.fields}

    def choose_flow(self):
        rng = self.rng
        if self.recent and self.chance(0.4, "conversations"):
            flow = rng.choice(self.recent)
            if self.chance(0.5):
                flow = replace(flow, egress=not flow.egress)
            return flow
        flow = self.new_flow()
        self.recent = (self.recent + [flow])[-20:]
        return flow

    def new_flow(self):
        rng = self.rng
        vpc = rng.choice([self.main] * 5 + self.vpcs[1:])
        interface = rng.choice(vpc.interfaces)
        version = 6 if interface.primary(6) and self.chance(0.4) else 4
        local = interface.any_address(rng, version)
        local_seen = local if version == 6 or self.chance(0.2) else interface.primary(4)
        if interface.type == "trunk" and self.chance(0.6):
            branch = rng.choice([i for i in vpc.interfaces if i.type == "branch"] or [interface])
            local = branch.primary(version) or local
            if self.chance(0.2):
                local_seen = local
        peer = self.choose_peer(vpc, interface, version)
        peer_seen = peer
        if self.chance(0.1):  # behind a translating hop
            peer_seen = self.choose_peer(vpc, interface, version)
        if self.chance(0.03):  # routed through: neither address is its own
            local = self.external(version)
            if self.chance(0.5):
                local_seen = local
        protocol = rng.choice(PROTOCOLS)
        if protocol in (1, 58) and self.chance(0.8):
            protocol = 1 if version == 4 else 58
        local_port = peer_port = 0
        if protocol in (6, 17):
            local_port, peer_port = rng.choice(PORTS), rng.choice(PORTS)
            if self.chance(0.06, "fragments"):
                local_port = peer_port = 0
            elif self.chance(0.02):
                peer_port = 0
        if local_port == peer_port and {local, local_seen} & {peer, peer_seen}:
            peer = peer_seen = ipaddress.ip_address(
                "198.51.100.99" if version == 4 else "2001:db8:ffff::99"
            )
        return Flow(
            interface,
            local,
            local_seen,
            peer,
            peer_seen,
            protocol,
            local_port,
            peer_port,
            self.chance(0.45),
        )

    def external(self, version):
        return ipaddress.ip_address(self.rng.choice(EXTERNAL4 if version == 4 else EXTERNAL6))

    def choose_peer(self, vpc, interface, version):
        rng, drawn = self.rng, self.rng.random()
        if drawn < 0.3:
            return self.external(version)
        if drawn < 0.38:
            return rng.choice(vpc.subnets).unused(version)
        if drawn < 0.75:
            others = [i for i in vpc.interfaces if i is not interface]
        else:
            others = [i for i in self.interfaces if i.vpc is not vpc]
        return rng.choice(others).any_address(rng, version) or self.external(version)

    def as_values(self, flow, action, flags):
        rng, interface = self.rng, flow.interface
        here, there = ("src", "dst") if flow.egress else ("dst", "src")
        values = {
            "version": "11",
            "account-id": ACCOUNT,
            "interface-id": interface.id,
            f"{here}addr": str(flow.local_seen),
            f"{there}addr": str(flow.peer_seen),
            f"pkt-{here}addr": str(flow.local),
            f"pkt-{there}addr": str(flow.peer),
            f"{here}port": str(flow.local_port),
            f"{there}port": str(flow.peer_port),
            "protocol": str(flow.protocol),
            "packets": str(rng.randrange(1, 99)),
            "bytes": str(rng.randrange(40, 9999)),
            "action": action,
            "log-status": "OK",
            "vpc-id": interface.vpc.id,
            "subnet-id": interface.subnet.id,
            "instance-id": interface.instance or "-",
            "tcp-flags": "-" if flags is None else str(flags),
            "type": f"IPv{flow.local.version}",
            "region": "eu-west-1",
            "az-id": "euw1-az1",
            "flow-direction": "egress" if flow.egress else "ingress",
            "traffic-path": "1" if flow.egress else "-",
            "encryption-status": "0",
            "resource-type": "TransitGateway",
            "tgw-id": "tgw-1",
            "packets-lost-no-route": "0",
        }
        if action == "REJECT" and self.chance(0.08):
            values["reject-reason"] = rng.choice(("BPA", "EC", "NEW"))
        if self.chance(0.5, "next-hop"):
            hop = rng.choice(self.interfaces)
            for other in self.interfaces:
                if flow.peer in other.addresses and self.chance(0.8):
                    hop = other
            values["next-hop-interface-id"] = hop.id if self.chance(0.8) else "-"
            values["next-hop-vpc-id"] = hop.vpc.id
            values["next-hop-subnet-id"] = hop.subnet.id
            values["next-hop-interface-type"] = (
                hop.type
                if hop.type in ("nat_gateway", "network_load_balancer", "vpc_endpoint")
                else "-"
            )
            if self.chance(0.15, "balancers"):
                values["next-hop-interface-type"] = "network_load_balancer"
        return values

    def disturb(self, values):
        """What makes a record odd: gaps, unknown interfaces, no data."""
        rng = self.rng
        if self.chance(0.02):
            values["interface-id"] = "eni-unknown"
        if self.chance(0.015):
            for name in V2[3:10] + [
                "action",
                "tcp-flags",
                "type",
                "pkt-srcaddr",
                "pkt-dstaddr",
                "flow-direction",
                "traffic-path",
            ]:
                values[name] = "-"
            values["log-status"] = rng.choice(("NODATA", "SKIPDATA"))
        if self.chance(0.01, "no-interface-id"):
            values.update(
                {"interface-id": "-", "subnet-id": "-", "instance-id": "-", "resource-id": "nat-1"}
            )
        if self.chance(0.08, "missing-fields"):
            gap = rng.choice(
                (
                    ["action"],
                    ["protocol"],
                    ["srcport"],
                    ["dstport"],
                    ["srcaddr", "pkt-srcaddr"],
                    ["dstaddr", "pkt-dstaddr"],
                    ["srcaddr"],
                    ["dstaddr"],
                    ["pkt-srcaddr"],
                    ["pkt-dstaddr"],
                    ["flow-direction"],
                    ["tcp-flags"],
                    ["interface-id"],
                    ["interface-id", "vpc-id"],
                    ["flow-direction", "interface-id"],
                    ["instance-id"],
                    ["subnet-id"],
                )
            )
            if "interface-id" in gap and "no-interface-id" in self.skip:
                return
            if "flow-direction" in gap and "no-direction" in self.skip:
                return
            for name in gap:
                values[name] = "-"

    # ---- out ----

    def write(self, directory):
        """(path of the inventory, path of the log)."""
        directory = pathlib.Path(directory)
        directory.mkdir(parents=True, exist_ok=True)
        inventory, log = directory / "inventory.json", directory / "flow.log"
        inventory.write_text(json.dumps(self.inventory, indent=1) + "\n", encoding="utf-8")
        lines = [" ".join(self.fields)]
        lines += [" ".join(record[name] for name in self.fields) for record in self.records]
        log.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return inventory, log


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--records", type=int, default=500)
    parser.add_argument("--skip", action="append", default=[], choices=FEATURES)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()
    for path in Case(arguments.seed, arguments.records, arguments.skip).write(arguments.output):
        print(path)


if __name__ == "__main__":
    main()
